"""What waits to cross: work for jobs, and candidates for the release desk."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.keys import OneWayKey
from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge.models import MeasureRequest
from upwell.practice.person.fields import EncryptedTextField


class Outbox(models.Model):
    """A piece of work that a job does, exactly once in its effect. A job's only argument is the id of such a row.

    kind: "gather", "deliver", "match", "measure". target: id of the bridge row it is about, "" for none (of a gathering
    that somebody asked for: any text that makes it one of its own).
    queued_at: when a job was last sent for. claimed_until: a job works on it until then, unless it has died.
    not_before: after a fault, when it is tried again. error: name of the last fault's class.
    said: why nothing came of it, a sentence for the desk that holds no count.
    """

    kind = models.CharField(max_length=12)
    agency = OneWayKey(Agency)
    target = models.CharField(max_length=36, blank=True, default="")
    due_on = models.DateField()
    created = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    share_done = models.FloatField(default=0.0)
    error = models.CharField(max_length=60, blank=True, default="")
    said = models.CharField(max_length=300, blank=True, default="")
    queued_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["done_at", "queued_at"], name="outbox_open")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "agency", "target", "due_on"], name="outbox_once")
        ]
        verbose_name_plural = "outbox"


class Candidate(models.Model):
    """What a gathering made and nobody outside has seen: a signed Release and its ledger entry, waiting at the desk.

    signed, entry: bytes as text (base64), encrypted. ledger_head: as it was when the release was made; when it
    has moved on, the candidate is stale and is gathered again.
    decision: what the desk wrote when it approved, as JSON, encrypted: kept before the ledger line is, so that a crash
    between the two loses nothing.
    """

    class State(models.TextChoices):
        """What the desk says."""

        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        STALE = "stale", _("Overtaken by a newer one")

    class Kind(models.TextChoices):
        """Why it was made."""

        GATHER = "gather", _("Nightly gathering")
        MEASURE = "measure", _("A declared measure")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = OneWayKey(Agency)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.GATHER)
    measure = OneWayKey(MeasureRequest, null=True, blank=True)
    made_at = models.DateTimeField()
    snapshot = models.CharField(max_length=64)
    release_id = models.CharField(max_length=16)
    ledger_head = models.CharField(max_length=64)
    signed = EncryptedTextField()
    entry = EncryptedTextField()
    decision = EncryptedTextField()
    withheld = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = OneWayKey(Worker, null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    why_returned = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-made_at"]
