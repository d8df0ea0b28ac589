"""Reading what may be counted: people of an agency who agree to it now, and what was coded in their cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from upwell.practice.accounts.models import Agency
from upwell.practice.environment.models import Place, Policy
from upwell.practice.micro.crossing.questions import PolicyAsked
from upwell.practice.micro.models import Case, Concern, Entry
from upwell.practice.person.models import Consent, HouseholdMember, Person
from upwell.practice.person.queries import with_consent

AT_ONCE = 5_000
"""Rows fetched at once: a whole caseload need not lie in memory as rows."""


@dataclass(frozen=True)
class PersonCase:
    """A person's case in the period. birth_date: ISO text, "" unknown. place: key of the town, None unknown."""

    person: UUID
    opened_on: date
    place: int | None
    programme: str
    language: str
    birth_date: str


def cases_to_count(agency: Agency, since: date, until: date, on: date) -> Iterator[PersonCase]:
    """Cases open at any time from `since` to `until`, of people who agree on `on` to be counted.

    Ordered by person, then the first case first. One query; nobody who has taken consent back is in it.
    """
    agreeing = with_consent(Person.objects.filter(agency=agency), Consent.Purpose.COUNT, on).values("pk")
    cases = (
        Case.objects.filter(agency=agency, opened_on__lte=until, person__in=agreeing)
        .filter(Q(closed_on=None) | Q(closed_on__gte=since))
        .order_by("person_id", "opened_on", "pk")
        .values_list("person_id", "opened_on", "place_id", "programme", "person__language", "person__birth_date")
    )
    return (PersonCase(*row) for row in cases.iterator(AT_ONCE))


def codings(agency: Agency, since: date, until: date) -> Iterator[tuple[UUID, date, str, UUID | None]]:
    """(person, day, barrier or "", policy or None) of every concern, and every entry that holds, in the period.

    Two queries. Of everybody: who may be counted is for `cases_to_count` to say.
    """
    inside = Q(case__agency=agency, on__gte=since, on__lte=until)
    fields = ("case__person_id", "on", "barrier", "policy_id")
    concerns = Concern.objects.filter(inside).order_by().values_list(*fields)
    entries = Entry.objects.filter(inside).exclude(state=Entry.State.SUPERSEDED).order_by().values_list(*fields)
    yield from concerns.iterator(AT_ONCE)
    yield from entries.exclude(barrier="", policy=None).iterator(AT_ONCE)


def households(agency: Agency) -> dict[UUID, UUID]:
    """Person -> household they belong to now. One query."""
    now = HouseholdMember.objects.filter(household__agency=agency, until=None).order_by("household_id", "pk")
    return dict(now.values_list("person_id", "household_id").iterator(AT_ONCE))


def places_named(keys: set[int]) -> dict[int, str]:
    """Key of a place -> its name. One query."""
    return dict(Place.objects.filter(pk__in=keys).values_list("pk", "name"))


def policies_around(towns: set[int]) -> tuple[PolicyAsked, ...]:
    """Policies in force or proposed where these towns lie: in the town, its county or state, or everywhere. By id.

    Chosen by place alone, never by who has met them. Four queries at most.
    """
    around, level = set(towns), set(towns)
    for _ in range(3):
        level = set(Place.objects.filter(parts__in=level).values_list("pk", flat=True)) - around
        around |= level
    found = Policy.objects.filter(Q(place__in=around) | Q(place=None)).exclude(state=Policy.State.ENDED)
    return tuple(PolicyAsked(*row) for row in found.order_by("pk").values_list("pk", "title", "kind"))
