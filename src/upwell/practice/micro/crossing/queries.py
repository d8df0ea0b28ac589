"""Reading what may be counted: people of an agency who agree to it now, and what was coded in their cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge.models import MeasureRequest
from upwell.practice.environment.models import Place, Policy, System
from upwell.practice.micro.crossing.questions import PolicyAsked
from upwell.practice.micro.models import AskMade, BrokenGlass, Candidate, Case, Concern, Entry, Outbox
from upwell.practice.person.models import Consent, HouseholdMember, NameToken, Person
from upwell.practice.person.queries import with_consent

Row = TypeVar("Row", bound=Model)

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


def policy_asked(policy: UUID) -> PolicyAsked | None:
    """One policy as far as a question needs it; None when there is none. One query."""
    row = Policy.objects.filter(pk=policy).values_list("pk", "title", "kind").first()
    return PolicyAsked(*row) if row else None


def has_withdrawn_since(agency: Agency, since: datetime, on: date) -> bool:
    """Whether anybody of an agency who agreed to be counted has taken it back, or whose consent ended, since then."""
    mine = Consent.objects.filter(person__agency=agency, purpose=Consent.Purpose.COUNT)
    revoked = Q(state=Consent.State.REVOKED, ended_at__gte=since)
    counted_on = since.astimezone(ZoneInfo(agency.time_zone)).date()
    ended = Q(given_at__lte=since, expires_on__gte=counted_on, expires_on__lt=on)
    return mine.filter(revoked | ended).exists()


def candidates_waiting(agency: Agency) -> QuerySet[Candidate]:
    """What waits at the desk to cross, the oldest first."""
    waiting = Candidate.objects.filter(agency=agency, state=Candidate.State.WAITING)
    return waiting.defer("signed", "entry", "decision").select_related("measure").order_by("made_at", "pk")


def candidates_decided(agency: Agency) -> QuerySet[Candidate]:
    """What the desk decided lately, the newest first."""
    decided = Candidate.objects.filter(agency=agency).exclude(state=Candidate.State.WAITING)
    return decided.defer("signed", "entry", "decision").order_by("-made_at", "pk")[:10]


def candidate_for(worker: Worker, candidate_id: UUID) -> Candidate:
    """One candidate of the worker's own agency. Raises Http404 for any other."""
    return _one(Candidate.objects.select_related("agency", "measure").filter(agency=worker.agency_id, pk=candidate_id))


def asks_waiting(agency: Agency) -> QuerySet[AskMade]:
    """Asks whose words wait for the desk, the oldest first."""
    made = AskMade.objects.filter(case__agency=agency, words_state=AskMade.State.WAITING)
    return made.select_related("ask", "case").order_by("at", "pk")


def ask_for(worker: Worker, ask_made_id: int) -> AskMade:
    """One ask of the worker's own agency. Raises Http404 for any other."""
    made = AskMade.objects.select_related("ask__policy", "ask__system", "case")
    return _one(made.filter(case__agency=worker.agency_id, pk=ask_made_id))


def glass_to_review(agency: Agency) -> int:
    """How many openings of a case by broken glass nobody has reviewed."""
    return BrokenGlass.objects.filter(case__agency=agency, reviewed_at=None).count()


def last_gathering(agency: Agency) -> Outbox | None:
    """The gathering that was asked for last."""
    return Outbox.objects.filter(agency=agency, kind="gather").order_by("-due_on", "-queued_at", "-pk").first()


def measures_locked(agency: Agency) -> QuerySet[MeasureRequest]:
    """Declared measures that wait for their day or their answer."""
    locked = MeasureRequest.objects.filter(agency=agency, state=MeasureRequest.State.LOCKED)
    return locked.select_related("issue__statement").order_by("after_to", "pk")


def measure_for(worker: Worker, request_id: UUID) -> MeasureRequest:
    """One declared measure of the worker's own agency. Raises Http404 for any other."""
    return _one(MeasureRequest.objects.filter(agency=worker.agency_id, pk=request_id))


def counties() -> QuerySet[Place]:
    """Counties that a statement may name."""
    return Place.objects.filter(kind=Place.Kind.COUNTY).order_by("name", "pk")


def people_with_tokens(agency: Agency, tokens: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(first, last, preferred) name of everybody whose name has one of these index tokens. One query."""
    found = NameToken.objects.filter(agency=agency, token__in=list(tokens)).values("person_id")
    people = Person.objects.filter(pk__in=found).order_by()
    return people.values_list("first_name", "last_name", "preferred_name").iterator(AT_ONCE)


def public_names() -> list[str]:
    """Names of places, institutions and policies: they point to nobody."""
    rows = (
        Place.objects.values_list("name", flat=True),
        System.objects.values_list("name", flat=True),
        Policy.objects.values_list("title", flat=True),
    )
    return [name for each in rows for name in each]


def _one(rows: QuerySet[Row]) -> Row:
    if (found := rows.first()) is None:
        raise Http404
    return found
