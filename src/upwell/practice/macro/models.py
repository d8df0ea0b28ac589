"""Projects, proposals, whom they ask, and what was decided. It knows the bridge and nothing below a case."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge.models import Issue, MeasureRequest
from upwell.practice.environment.models import Place, Policy


class Project(models.Model):
    """A plan with goals, a date and a declared measure. Once started, the measure is locked for good.

    due_on: day from which the measure's answer can be asked for. form_key: of the form that made it, so that sending
    it twice makes one.
    """

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", _("Planned")
        STARTED = "started", _("Started")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="projects")
    owner = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    goal = models.CharField(max_length=300)
    how = models.TextField(max_length=1500, blank=True, default="")
    risks = models.TextField(max_length=1000, blank=True, default="")
    measure = models.OneToOneField(MeasureRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    starts_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering: ClassVar = ["-starts_on", "pk"]

    def __str__(self) -> str:
        return self.title


class Target(models.Model):
    """A public role that decides. Only what is public: office, role, who holds it now, where the office is reached."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=160)
    role = models.CharField(max_length=120)
    holder = models.CharField(max_length=120, blank=True, default="")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    public_contact = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["office", "role"]

    def __str__(self) -> str:
        return f"{self.role}, {self.office}"


class LobbyingClass(models.TextChoices):
    """How the tax rules for charities see a contact with officials."""

    DIRECT = "direct", _("Direct lobbying")
    GRASSROOTS = "grassroots", _("Grassroots lobbying")
    NONE = "none", _("No lobbying")


class Proposal(models.Model):
    """One specific ask to one named official role, tied to one policy; and what was decided.

    contact: how an office reaches the agency; an address of the agency, never a worker's. show_cost: whether officials
    see the cost. formal_id: bill, docket, agenda item or budget line.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("Draft")
        DELIVERED = "delivered", _("Delivered")
        OFFICIAL = "official", _("Before officials")
        DECIDED = "decided", _("Decided")

    class Decision(models.TextChoices):
        """What was decided."""

        ADOPTED = "adopted", _("Adopted")
        PARTLY = "partly", _("Adopted in part")
        REJECTED = "rejected", _("Rejected")
        DEFERRED = "deferred", _("Deferred")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="proposals")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="proposals")
    ask = models.CharField(max_length=300)
    why = models.TextField(max_length=1000, blank=True, default="")
    cost = models.CharField(max_length=300, blank=True, default="")
    show_cost = models.BooleanField(default=True)
    equity = models.CharField(max_length=300, blank=True, default="")
    limits = models.CharField(max_length=500, blank=True, default="")
    lobbying = models.CharField(max_length=10, choices=LobbyingClass.choices)
    lobbying_why = models.CharField(max_length=200, blank=True, default="")
    formal_id = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    delivered_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)
    official_record = models.CharField(max_length=300, blank=True, default="")
    our_reading = models.TextField(max_length=1000, blank=True, default="")
    contact = models.CharField(max_length=200, blank=True, default="")
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering: ClassVar = ["project", "pk"]

    def __str__(self) -> str:
        return self.ask


class ContactLog(models.Model):
    """One contact with an official: what it cost, and how the tax rules see it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="contacts")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="contacts")
    by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    words = models.CharField(max_length=500)
    hours = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    cost = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    lobbying = models.CharField(max_length=10, choices=LobbyingClass.choices)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering: ClassVar = ["-on", "pk"]


class SignedLink(models.Model):
    """A page for an official's aide, without account, until it expires or is taken back. The link is signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="links")
    made_by = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        ordering: ClassVar = ["-made_at", "pk"]


class AideQuestion(models.Model):
    """What an aide asks; answered within two working days, on the same page."""

    link = models.ForeignKey(SignedLink, on_delete=models.CASCADE, related_name="questions")
    words = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    answer_due = models.DateField()
    answer = models.TextField(max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)

    class Meta:
        ordering: ClassVar = ["asked_at"]


class AideAction(models.Model):
    """What an aide says was done: it moves the thread when the advocate confirms it."""

    class Kind(models.TextChoices):
        """What was done."""

        HEARING = "hearing", _("A hearing was set")
        AMENDMENT = "amendment", _("An amendment was filed")
        LETTER = "letter", _("A letter was sent")
        BILL = "bill", _("A bill was filed")
        OTHER = "other", _("Something else")

    link = models.ForeignKey(SignedLink, on_delete=models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True)

    class Meta:
        ordering: ClassVar = ["at"]
