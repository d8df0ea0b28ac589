"""What people live among: places, institutions, services, and the policies that bear on them. No person is here."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from upwell.practice.environment.coding import Domain


class Place(models.Model):
    """A town, county or state, inside a larger place. code: the census code where there is one."""

    class Kind(models.TextChoices):
        """How large."""

        TOWN = "town", _("Town")
        COUNTY = "county", _("County")
        STATE = "state", _("State")

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    code = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "kind", "parent"], name="place_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def county(self) -> Place | None:
        """The county this place is or lies in; None for a state."""
        place: Place | None = self
        while place and place.kind != Place.Kind.COUNTY:
            place = place.parent
        return place


class System(models.Model):
    """An institution: an office, court, school, hospital, landlord, or an agency such as ours."""

    class Kind(models.TextChoices):
        """What sort of institution."""

        BENEFITS = "benefits", _("Benefits office")
        HOUSING = "housing", _("Housing authority or landlord")
        COURT = "court", _("Court or justice")
        HEALTH = "health", _("Hospital or health service")
        SCHOOL = "school", _("School or training")
        RECORDS = "records", _("Records or documents office")
        WORKPLACE = "workplace", _("Employer or job centre")
        AGENCY = "agency", _("Social service agency")
        GOVERNMENT = "government", _("Government")
        OTHER = "other", _("Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="systems")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """What an institution offers, to which a person can be referred."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="services")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="services")
    domain = models.CharField(max_length=12, choices=Domain.choices)
    how_to_reach = models.CharField(max_length=300, blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """A law, rule, bill or practice. formal_id: as its own jurisdiction cites it ("HB 12", "7 CFR 273.2")."""

    class Kind(models.TextChoices):
        """What sort of policy."""

        LAW = "law", _("Law")
        RULE = "rule", _("Rule or regulation")
        BILL = "bill", _("Bill")
        PRACTICE = "practice", _("Practice of an institution")

    class State(models.TextChoices):
        """Whether it binds anybody."""

        PROPOSED = "proposed", _("Proposed")
        IN_FORCE = "in_force", _("In force")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="policies")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="policies")
    domain = models.CharField(max_length=12, choices=Domain.choices)
    formal_id = models.CharField(max_length=80, blank=True, default="")
    summary = models.TextField(max_length=1000, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_FORCE)

    class Meta:
        ordering: ClassVar = ["title"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.title


class PolicyChange(models.Model):
    """One step in a policy's history: proposed, amended, adopted, in force, ended."""

    class Action(models.TextChoices):
        """What happened to it."""

        PROPOSED = "proposed", _("Proposed")
        AMENDED = "amended", _("Amended")
        ADOPTED = "adopted", _("Adopted")
        IN_FORCE = "in_force", _("Came into force")
        REJECTED = "rejected", _("Rejected")
        ENDED = "ended", _("Ended")

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="changes")
    on = models.DateField()
    action = models.CharField(max_length=10, choices=Action.choices)
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["on", "pk"]
