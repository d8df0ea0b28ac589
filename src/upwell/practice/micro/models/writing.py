"""What is written in a case: notes, drafts, the Life Situation."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.keys import OneWayKey
from upwell.practice.accounts.models import Worker
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Policy, System
from upwell.practice.micro.models.case import Case
from upwell.practice.person.fields import EncryptedTextField


class Note(models.Model):
    """What happened, signed by who wrote it. Errors are amended, never written over. form_key: one form, one note."""

    class Kind(models.TextChoices):
        """How we met."""

        MEETING = "meeting", _("Meeting")
        VISIT = "visit", _("Home visit")
        CALL = "call", _("Call")
        MESSAGE = "message", _("Message")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = OneWayKey(Worker)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MEETING)
    on = models.DateField()
    text = EncryptedTextField(_("note"))
    form_key = models.UUIDField(unique=True)
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-signed_at"]
        indexes: ClassVar = [models.Index(fields=["case", "-on"], name="note_case_on")]

    @property
    def is_late(self) -> bool:
        """Whether it was written on a later day than it happened: then both days are shown."""
        return timezone.localdate(self.signed_at) > self.on


class NoteAmendment(models.Model):
    """A correction beside the note it corrects."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="amendments")
    by = OneWayKey(Worker)
    text = EncryptedTextField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class Draft(models.Model):
    """What a worker has begun to write, saved every few seconds. version: grows by one each save; an old writer forks.

    kind: "note" or "concern". fields: the form as JSON, encrypted. window: the browser window that saved last.
    fork_of: form_key of the draft this one was split from, because another window had saved meanwhile.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    by = OneWayKey(Worker)
    kind = models.CharField(max_length=10, default="note")
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    fields = EncryptedTextField()
    version = models.PositiveIntegerField(default=0)
    window = models.UUIDField(null=True, blank=True)
    fork_of = models.UUIDField(null=True, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-saved_at", "pk"]


class LifeRole(models.TextChoices):
    """Who somebody is to others: the roles of view A."""

    PARENT = "parent", _("Parent or guardian")
    PARTNER = "partner", _("Partner")
    CHILD = "child", _("Child")
    SIBLING = "sibling", _("Brother or sister")
    KIN = "kin", _("Relative")
    CARER = "carer", _("Carer")
    FRIEND = "friend", _("Friend")
    NEIGHBOUR = "neighbour", _("Neighbour")
    MEMBER = "member", _("Member of a group or faith")
    WORKER = "worker", _("Worker")
    HOME_WORKER = "home_worker", _("Worker at home")
    STUDENT = "student", _("Student")
    VOLUNTEER = "volunteer", _("Volunteer")
    TENANT = "tenant", _("Tenant")
    PATIENT = "patient", _("Patient or service user")
    NEWCOMER = "newcomer", _("Newcomer")
    SUPERVISED = "supervised", _("Person under supervision")
    CLAIMANT = "claimant", _("Person who claims a benefit")


class Happening(models.TextChoices):
    """What is happening in a role."""

    LOSS = "loss", _("Loss")
    CONFLICT = "conflict", _("Conflict")
    OVERLOAD = "overload", _("Too much to carry")
    EXCLUSION = "exclusion", _("Being left out")
    HARM_BY = "harm_by", _("Harmed by somebody")
    HARM_TO = "harm_to", _("Harming somebody")
    TRANSITION = "transition", _("A change of life")
    UNCERTAINTY = "uncertainty", _("Not knowing")
    OTHER = "other", _("Something else")


class Entry(models.Model):
    """One entry of the Life Situation: in which role or domain, what stands in the way, what is strong, in own words.

    severity: 0 (no trouble) .. 4 (it cannot go on like this). managing: 0 (not at all) .. 4 (well).
    supersedes: the entry this one replaces; that one stays, marked.
    """

    class View(models.TextChoices):
        """Which side of a life."""

        ROLES = "roles", _("Roles")
        ENVIRONMENT = "environment", _("Environment")
        MENTAL = "mental", _("Mental health")
        PHYSICAL = "physical", _("Physical health")

    class Whose(models.TextChoices):
        """Whose view it is."""

        CLIENT = "client", _("The person's own")
        WORKER = "worker", _("The worker's")
        OTHER = "other", _("Somebody else's")

    class State(models.TextChoices):
        """Whether it holds."""

        AGREED = "agreed", _("Agreed")
        DISPUTED = "disputed", _("Disputed")
        SUPERSEDED = "superseded", _("Superseded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    by = OneWayKey(Worker)
    view = models.CharField(max_length=12, choices=View.choices, default=View.ENVIRONMENT)
    role = models.CharField(max_length=30, choices=LifeRole.choices, blank=True, default="")
    happening = models.CharField(max_length=20, choices=Happening.choices, blank=True, default="")
    domain = models.CharField(max_length=12, choices=Domain.choices, blank=True, default="")
    barrier = models.CharField(max_length=24, choices=Barrier.choices, blank=True, default="")
    policy = OneWayKey(Policy, null=True, blank=True)
    system = OneWayKey(System, null=True, blank=True)
    own_words = EncryptedTextField(_("in the person's own words"), limit=1000)
    strengths = EncryptedTextField(_("strengths and supports"), limit=1000)
    severity = models.PositiveSmallIntegerField(default=2)
    managing = models.PositiveSmallIntegerField(default=2)
    started_on = models.DateField(null=True, blank=True)
    whose = models.CharField(max_length=8, choices=Whose.choices, default=Whose.CLIENT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.AGREED)
    on = models.DateField()
    supersedes = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="newer")
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-on", "pk"]
        verbose_name_plural = "entries"
