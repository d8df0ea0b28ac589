"""Organizing: initiatives, people who opted in as themselves, meetings, education. It knows no client."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge.models import Issue


class Supporter(models.Model):
    """Somebody who opted in, by their own act, to work on issues. No client row, and no way to one.

    lives_with_it: says of themself that the issue touches their own life.
    leave_sha256: digest of the code with which they can leave, shown to them alone and once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    called = models.CharField(max_length=80)
    reach = models.CharField(max_length=160, blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    lives_with_it = models.BooleanField(default=False)
    opted_in_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    leave_sha256 = models.CharField(max_length=64, unique=True)
    form_key = models.UUIDField(unique=True)

    class Meta:
        ordering: ClassVar = ["opted_in_at", "pk"]


class Door(models.Model):
    """The public page on which people say whether an issue is as it was written, before an initiative stands."""

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="door")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    link = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    supporters = models.ManyToManyField(Supporter, related_name="doors", blank=True)


class Confirmation(models.Model):
    """What somebody who lives with it says of an issue's frame. Dissent is kept beside assent."""

    class Says(models.TextChoices):
        """Is this how it is?"""

        YES = "yes", _("Yes, this is how it is")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="confirmations")
    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="confirmations")
    says = models.CharField(max_length=8, choices=Says.choices)
    words = models.CharField(max_length=500, blank=True, default="")
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "supporter"], name="confirmed_once")]


class Initiative(models.Model):
    """People come together on an issue. link: the public page on which somebody can join, by a token of its own."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("Open")
        ENDED = "ended", _("Ended")
        WITHDRAWN = "withdrawn", _("Withdrawn by the community")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="initiatives")
    title = models.CharField(max_length=120)
    goal = models.CharField(max_length=300)
    owner = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    link = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    started_on = models.DateField()
    supporters = models.ManyToManyField(Supporter, related_name="initiatives", blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering: ClassVar = ["-started_on", "pk"]

    def __str__(self) -> str:
        return self.title


class Meeting(models.Model):
    """A meeting of an initiative: agenda before, decisions and dissent after. The public page shows published ones."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="meetings")
    at = models.DateTimeField()
    where = models.CharField(max_length=160)
    access = models.CharField(max_length=300, blank=True, default="")
    agenda = models.TextField(max_length=1000, blank=True, default="")
    decisions = models.TextField(max_length=2000, blank=True, default="")
    dissent = models.TextField(max_length=1000, blank=True, default="")
    came = models.PositiveSmallIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering: ClassVar = ["at"]


class EducationSession(models.Model):
    """A session built from an issue: what is known, rights, what can be done; three questions before and after.

    questions: [{"words": ..., "right": true}] - statements that are true or not. link: public page for the check.
    result: what may be said of the checks (rules.result), worked out once, when the session is over; None before.
    """

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", _("Planned")
        BEFORE = "before", _("Check before is open")
        AFTER = "after", _("Check after is open")
        HELD = "held", _("Held")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    objectives = models.TextField(max_length=600, blank=True, default="")
    material = models.TextField(max_length=4000)
    questions = models.JSONField(default=list)
    on = models.DateField()
    link = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    result = models.JSONField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering: ClassVar = ["-on", "pk"]

    def __str__(self) -> str:
        return self.title


class LearningCheck(models.Model):
    """One anonymous answer sheet. No person, no code, no time of day, and a key that tells no order."""

    session = models.ForeignKey(EducationSession, on_delete=models.CASCADE, related_name="checks")
    phase = models.CharField(max_length=8)  # before | after
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    form_key = models.UUIDField(primary_key=True)
