"""Who works here: agencies, teams, workers, the roles they hold, and the record of what was done and looked at."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.acts import words_of


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
    lock_minutes: idle minutes before the screen locks; 0 is never.
    needs_second_factor: a worker sets up an authenticator app before anything else.
    public_contact: how offices and the public reach the agency; never a worker's own number or address.
    """

    class ClientWord(models.TextChoices):
        """What whoever is served is called."""

        CLIENT = "client", _("client")
        PARTICIPANT = "participant", _("participant")
        RESIDENT = "resident", _("resident")
        MEMBER = "member", _("member")
        SURVIVOR = "survivor", _("survivor")
        RELATIVE = "relative", _("relative")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    protection = models.CharField(max_length=40, default="cms")
    client_word = models.CharField(max_length=20, choices=ClientWord.choices, default=ClientWord.CLIENT)
    lock_minutes = models.PositiveSmallIntegerField(default=15)
    needs_second_factor = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=40, default="America/New_York")
    public_contact = models.CharField(max_length=200, blank=True, default="")

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
            self._roles = frozenset(held.role for held in self.roles_held.all()) if self.pk else frozenset()
        return self._roles

    def forget_roles(self) -> None:
        """Read the roles again next time: they were changed."""
        self.__dict__.pop("_roles", None)
        self.__dict__.get("_prefetched_objects_cache", {}).pop("roles_held", None)

    @property
    def role_words(self) -> list[str]:
        """The roles held, in words, in the order of the rights page."""
        return [str(role.label) for role in Role if role in self.roles]


class RoleHeld(models.Model):
    """A worker holds a role."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["worker", "role"], name="role_once")]


class Invitation(models.Model):
    """An open place for a new worker: a link that works once, until it expires. Only its digest is kept.

    worker: set where somebody who works here already gets a new way in, because a password or phone was lost.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    email = models.EmailField()
    roles = models.JSONField(default=list)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)


class Notice(models.Model):
    """Something new waits for a worker. A kind and nothing more: the page it leads to says what, after signing in.

    mailed_at: when a mail that names nothing was sent for it; never twice.
    """

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30)
    created = models.DateTimeField(auto_now_add=True)
    seen = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["worker", "kind"], condition=models.Q(seen=None), name="notice_unseen_once")
        ]


Row = TypeVar("Row", bound=models.Model)


class AppendOnlyError(Exception):
    """A row of the audit was to be changed or deleted. Rows are added, and never touched again."""


class AppendOnlyRows(models.QuerySet[Row]):
    """Rows that can be added and read."""

    def update(self, **kwargs: object) -> int:
        """Refused."""
        raise AppendOnlyError(self.model.__name__)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise AppendOnlyError(self.model.__name__)


class AppendOnly(models.Model):
    """What can be added and read, and through these models neither changed nor deleted."""

    objects: ClassVar[models.Manager[Self]] = models.Manager.from_queryset(AppendOnlyRows)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        """Add the row. Raises AppendOnlyError when it is there already."""
        if not self._state.adding:
            raise AppendOnlyError(type(self).__name__)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # Any: Django's own signature
        """Refused."""
        raise AppendOnlyError(type(self).__name__)


class AuditSeal(AppendOnly):
    """A sealed batch of audit entries: the digest of them all and of the seal before. A change breaks the chain.

    entries: rows sealed. gaps: [[first, last]] of the ids in the range that had no row (work rolled back).
    previous: digest of the seal before, 64 zeros for the first; unique, so that the chain cannot fork.
    """

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField(default=0)
    gaps = models.JSONField(default=list)
    previous = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()


class AuditEntry(AppendOnly):
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

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agency", "at"], name="audit_agency_at")]

    @property
    def act_words(self) -> str | Promise:
        """What happened, in plain words."""
        return words_of(self.act)
