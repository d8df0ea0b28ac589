"""Who works here: agencies, teams, workers, the roles they hold, and the record of what was done and looked at."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a worker is trusted with. Level belongs to the act: any worker may hold several."""

    CASE_WORKER = "case_worker", _("Case worker")
    SUPERVISOR = "supervisor", _("Supervisor")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    ORGANIZER = "organizer", _("Community organizer")
    ADVOCATE = "advocate", _("Policy advocate")
    ADMINISTRATOR = "administrator", _("Administrator")


class Agency(models.Model):
    """An organization that serves people. Its slug names its state folder, where its keys and ledgers lie.

    protection: the set of disclosure rules its releases pass (upwell protections).
    client_word: what the agency calls whom it serves (client, participant, resident, member, survivor, relative).
    lock_minutes: idle minutes before the screen locks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    protection = models.CharField(max_length=40, default="cms")
    client_word = models.CharField(max_length=20, default="client")
    lock_minutes = models.PositiveSmallIntegerField(default=15)
    time_zone = models.CharField(max_length=40, default="America/New_York")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Workers who share a caseload; a supervisor sees the cases of the own team."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class Worker(AbstractUser):
    """Somebody who works at an agency and signs in with an e-mail address. Never a client."""

    first_name = None  # type: ignore[assignment]  # one name field: names have no universal parts
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="workers", null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="workers", null=True, blank=True)
    language = models.CharField(max_length=8, default="en")

    REQUIRED_FIELDS: ClassVar = ["email", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        """The roles held now, read once a request."""
        if not hasattr(self, "_roles"):
            self._roles = frozenset(self.roles_held.values_list("role", flat=True))
        return self._roles


class RoleHeld(models.Model):
    """A worker holds a role."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["worker", "role"], name="role_once")]


class Invitation(models.Model):
    """An open place for a new worker: a link that works once, until it expires. Only its digest is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField()
    roles = models.JSONField(default=list)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)


class Notice(models.Model):
    """Something new waits for a worker. A kind and nothing more: the page it leads to says what, after signing in."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30)
    created = models.DateTimeField(auto_now_add=True)
    seen = models.DateTimeField(null=True, blank=True)


class AuditSeal(models.Model):
    """A sealed batch of audit entries: the digest of them all and of the seal before. A change breaks the chain."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class AuditEntry(models.Model):
    """Who did or looked at what, and when. Names of changed fields, never their values.

    actor: "worker", "client" or "system". act: the right or job ("case.open", "goal.close", "gather").
    object: "micro.Case:<id>". subject: id of the person it is about, "" where nobody: what "who saw my file" reads.
    reason: key of a reason, for breaking the glass.
    """

    at = models.DateTimeField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=10)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=40)
    is_read = models.BooleanField(default=False)
    object = models.CharField(max_length=80)
    subject = models.CharField(max_length=36, default="", db_index=True)
    fields = models.CharField(max_length=400, default="")
    reason = models.CharField(max_length=40, default="")
