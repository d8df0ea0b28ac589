"""What goes up from a case and what comes back: concerns, words, asks, practice notes that may touch it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.keys import OneWayKey
from upwell.practice.accounts.models import Agency, Team, Worker
from upwell.practice.bridge.models import Ask, CallForEvidence, Issue, PracticeNote, Reply
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Policy, System
from upwell.practice.micro.models.case import Case
from upwell.practice.micro.models.writing import Note
from upwell.practice.person.fields import EncryptedTextField


class ConcernGroup(models.Model):
    """A supervisor says: these concerns are one trouble. A hint for the desk, nothing more; its size is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = OneWayKey(Agency)
    team = OneWayKey(Team)
    by = OneWayKey(Worker)
    barrier = models.CharField(max_length=24, choices=Barrier.choices)
    policy = OneWayKey(Policy, null=True, blank=True)
    system = OneWayKey(System, null=True, blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-marked_at", "pk"]


class Concern(models.Model):
    """A rule or practice seems to be behind a trouble. Private: coding may be counted, the two boxes never leave.

    state: new -> acknowledged -> joined (to an issue) | answered (in the case) -> returned. It ends with a word back.
    """

    class State(models.TextChoices):
        """How far it is."""

        NEW = "new", _("New")
        ACKNOWLEDGED = "acknowledged", _("Read by the team")
        JOINED = "joined", _("Part of an issue")
        ANSWERED = "answered", _("Answered in the case")
        RETURNED = "returned", _("Word came back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="concerns")
    by = OneWayKey(Worker)
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, blank=True, related_name="concerns")
    domain = models.CharField(max_length=12, choices=Domain.choices)
    barrier = models.CharField(max_length=24, choices=Barrier.choices)
    policy = OneWayKey(Policy, null=True, blank=True)
    system = OneWayKey(System, null=True, blank=True)
    call = OneWayKey(CallForEvidence, null=True, blank=True)
    issue = OneWayKey(Issue, null=True, blank=True)
    group = models.ForeignKey(ConcernGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="concerns")
    problem = EncryptedTextField(_("what is the problem"), limit=1000)
    impact = EncryptedTextField(_("what does it do to people"), limit=1000)
    on = models.DateField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    wants_reply = models.BooleanField(default=True)
    form_key = models.UUIDField(unique=True)
    raised_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-raised_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["barrier", "on"], name="concern_barrier_on"),
            models.Index(fields=["-raised_at"], name="concern_raised"),
        ]


class Word(models.Model):
    """Word that came back for one concern: to its worker, or to its person. Each reply reaches each of them once."""

    class To(models.TextChoices):
        """Who reads it."""

        WORKER = "worker", _("The worker")
        PERSON = "person", _("The person")

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="words_back")
    reply = OneWayKey(Reply)
    to = models.CharField(max_length=8, choices=To.choices)
    delivered_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    useful = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-delivered_at", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["concern", "reply", "to"], name="word_once")]


class TeamWord(models.Model):
    """One sentence from the own team to whoever raised a concern: it was read, or here is the answer. Stays inside."""

    class Kind(models.TextChoices):
        """What it is."""

        READ = "read", _("Read by the team")
        ANSWER = "answer", _("Answered in the case")

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="team_words")
    by = OneWayKey(Worker)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = EncryptedTextField(_("one sentence back"), limit=300)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class AskMade(models.Model):
    """The case side's end of an ask: which case and worker it came from, and the words that wait for the desk."""

    class State(models.TextChoices):
        """What the desk says of the words."""

        NONE = "none", _("No words")
        WAITING = "waiting", _("Waiting for the desk")
        RELEASED = "released", _("Released")
        RETURNED = "returned", _("Returned")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asks")
    by = OneWayKey(Worker)
    ask = OneWayKey(Ask)
    words = EncryptedTextField(limit=300)
    words_state = models.CharField(max_length=10, choices=State.choices, default=State.NONE)
    why_returned = EncryptedTextField(limit=300)
    form_key = models.UUIDField(unique=True)
    at = models.DateTimeField()
    answer_told_at = models.DateTimeField(null=True, blank=True)
    answer_seen_at = models.DateTimeField(null=True, blank=True)
    return_seen_at = models.DateTimeField(null=True, blank=True)


class NoteMatch(models.Model):
    """A practice note may touch a case. Found on the case side; shown to the case's own workers."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="note_matches")
    practice_note = OneWayKey(PracticeNote)
    found_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    used = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "practice_note"], name="match_once")]
