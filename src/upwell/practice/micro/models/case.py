"""Cases: who works on them, goals, referrals, and how a caseload came in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.keys import OneWayKey
from upwell.practice.accounts.models import Agency, Team, Worker
from upwell.practice.environment.coding import Barrier
from upwell.practice.environment.models import Place, Service
from upwell.practice.person.fields import EncryptedTextField
from upwell.practice.person.models import Consent, Person


class CaseloadImport(models.Model):
    """One export brought in: previewed, then applied, and undone as long as nobody has worked on what came in."""

    class State(models.TextChoices):
        """How far it is. A job works on those that are being read, brought in or undone."""

        READING = "reading", _("Being read")
        REFUSED = "refused", _("Could not be read")
        PREVIEWED = "previewed", _("Previewed")
        APPLYING = "applying", _("Being brought in")
        APPLIED = "applied", _("Brought in")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DROPPED = "dropped", _("Not brought in")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = OneWayKey(Agency)
    team = OneWayKey(Team, null=True)
    by = OneWayKey(Worker)
    snapshot = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    created = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    share_done = models.FloatField(default=0.0)
    why = models.CharField(max_length=300, blank=True, default="")


class Case(models.Model):
    """Work with one person, from the first call to the end. The states are those of the casework cycle."""

    class State(models.TextChoices):
        """The casework cycle."""

        INQUIRY = "inquiry", _("Inquiry")
        ENGAGED = "engaged", _("Engaged")
        INTAKE = "intake", _("Intake complete")
        ASSESSED = "assessed", _("Assessed")
        PLANNED = "planned", _("Plan agreed")
        IN_SERVICE = "in_service", _("In service")
        REVIEW = "review", _("Review")
        ENDING = "ending", _("Ending")
        CLOSED = "closed", _("Closed")

    class Closing(models.TextChoices):
        """Why the work ended. No contact is no success, and has its own word."""

        DONE = "done", _("What we set out to do is done")
        CHOICE = "choice", _("The person chose to end it")
        NO_CONTACT = "no_contact", _("We lost contact")
        TRANSFERRED = "transferred", _("Somebody else goes on with it")
        NOT_ELIGIBLE = "not_eligible", _("A rule kept us from going on")
        MOVED = "moved", _("The person moved away")
        DIED = "died", _("The person died")

    class StayInformed(models.TextChoices):
        """What the person said to the offer of hearing what becomes of their concerns."""

        YES = "yes", _("Yes, they want to hear")
        NO = "no", _("No, they do not want to hear")
        NOT_ASKED = "not_asked", _("They could not be asked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = OneWayKey(Agency)
    team = OneWayKey(Team)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cases")
    state = models.CharField(max_length=12, choices=State.choices, default=State.ENGAGED)
    programme = models.CharField(max_length=120, blank=True, default="")
    place = OneWayKey(Place, null=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closing_reason = models.CharField(max_length=40, choices=Closing.choices, blank=True, default="")
    closing_account = EncryptedTextField(_("how the person sees it"), limit=1000)
    stay_informed = models.CharField(max_length=10, choices=StayInformed.choices, blank=True, default="")
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    next_contact_on = models.DateField(null=True, blank=True)
    came_with = models.ForeignKey(CaseloadImport, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    source_sha = models.CharField(max_length=64, blank=True, default="", db_index=True)

    class Meta:
        ordering: ClassVar = ["-opened_on", "pk"]
        indexes: ClassVar = [models.Index(fields=["team", "state"], name="case_team_state")]


class Assignment(models.Model):
    """A worker works on a case, from one day until another: who may open it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    worker = OneWayKey(Worker)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["worker", "until"], name="assignment_worker")]


class BrokenGlass(models.Model):
    """A worker opened a case that is not theirs, for an hour, with a reason; the privacy officer reviews it."""

    class Reason(models.TextChoices):
        """Why."""

        DANGER = "danger", _("Somebody is in danger now")
        COVER = "cover", _("The usual worker is away and it cannot wait")
        LAW = "law", _("A court or the law requires it")

    class Finding(models.TextChoices):
        """What the review says."""

        RIGHT = "right", _("It was right")
        TALK = "talk", _("We talked about it")
        WRONG = "wrong", _("It was wrong; action was taken")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="glass_broken")
    worker = OneWayKey(Worker)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    words = EncryptedTextField(limit=300)
    at = models.DateTimeField()
    until = models.DateTimeField()
    finding = models.CharField(max_length=8, choices=Finding.choices, blank=True, default="")
    reviewed_by = OneWayKey(Worker, null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)


class Goal(models.Model):
    """What a person wants, in their own words, and both sides' next step."""

    class Level(models.TextChoices):
        """Where the change would be."""

        SELF = "self", _("Myself")
        RELATIONSHIP = "relationship", _("People around me")
        SERVICE = "service", _("A service")
        POLICY = "policy", _("A rule or practice")

    class State(models.TextChoices):
        """Whether it is done."""

        ACTIVE = "active", _("Under way")
        MET = "met", _("Met")
        PARTLY = "partly", _("Partly met")
        NOT_MET = "not_met", _("Not met")
        DROPPED = "dropped", _("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="goals")
    by = OneWayKey(Worker)
    words = EncryptedTextField(_("the goal, in the person's words"), limit=300)
    level = models.CharField(max_length=14, choices=Level.choices, default=Level.SELF)
    our_step = EncryptedTextField(_("our next step"), limit=200)
    their_step = EncryptedTextField(_("the person's next step"), limit=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    set_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["closed_on", "-set_on", "pk"]


class Referral(models.Model):
    """A person is sent to a service, and what came of it."""

    class State(models.TextChoices):
        """From offer to outcome."""

        OFFERED = "offered", _("Offered")
        DECLINED = "declined", _("Declined by the person")
        SENT = "sent", _("Sent")
        CONNECTED = "connected", _("Connected")
        WAIT_LISTED = "wait_listed", _("On a waiting list")
        REFUSED = "refused", _("Refused")
        NO_CONTACT = "no_contact", _("Nothing heard")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    by = OneWayKey(Worker)
    service = OneWayKey(Service)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OFFERED)
    barrier = models.CharField(max_length=24, choices=Barrier.choices, blank=True, default="")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_on = models.DateField()
    ask_outcome_on = models.DateField(null=True, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-made_on", "pk"]
