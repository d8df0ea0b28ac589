"""Whole caseloads, made fast: people with cases, consents and concerns, for tests of the crossing and for benches."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from factories.five import Five, worker
from upwell.practice.accounts.models import Agency, Role, Team, Worker
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Place
from upwell.practice.micro.models import Case, Concern
from upwell.practice.person.fields import seal
from upwell.practice.person.models import Consent, Person

TODAY = date(2026, 11, 20)
PROGRAMMES = ("Rapid re-housing", "Day centre", "Family support")
AT_ONCE = 2_000
_KINDS = [key for key in Barrier.values if key != Barrier.DECLINED]


@dataclass(frozen=True)
class Caseload:
    """What was made: people in order, each with one case and a consent to be counted."""

    people: list[Person]
    cases: list[Case]
    concerns: list[Concern]


@dataclass(frozen=True)
class Plant:
    """A trouble put where it stands out: of the people of a town, so large a share waits too long."""

    town: Place
    share: float = 0.6
    barrier: str = Barrier.TOO_SLOW
    policy: UUID | None = None


def many(
    agency: Agency,
    people: int,
    concerns: int,
    seed: int,
    *,
    towns: tuple[Place, ...] = (),
    plant: Plant | None = None,
    today: date = TODAY,
    agreeing: float = 1.0,
) -> Caseload:
    """So many people with a case each, and so many concerns among them. Same seed, same caseload.

    agreeing: share of the people who agreed to be counted.
    """
    dice = random.Random(seed)
    team = Team.objects.get_or_create(agency=agency, name="A large team")[0]
    by = Worker.objects.filter(agency=agency).first() or worker(f"{agency.slug} worker", agency, team, Role.CASE_WORKER)
    texts = (seal("It takes too long.", "micro_concern.problem"), seal("They wait.", "micro_concern.impact"))
    folk = Person.objects.bulk_create((_person(agency, dice) for _ in range(people)), AT_ONCE)
    cases = Case.objects.bulk_create((_case(team, each, dice, towns, today) for each in folk), AT_ONCE)
    now = timezone.now()
    Consent.objects.bulk_create((consent_to_count(each, now) for each in folk if dice.random() < agreeing), AT_ONCE)
    hit = [case for case in cases if plant and case.place == plant.town and dice.random() < plant.share]
    coded = [(case, plant.barrier, plant.policy) for case in hit] if plant else []
    coded += [(dice.choice(cases), dice.choice(_KINDS), None) for _ in range(max(concerns - len(coded), 0))]
    raised = [
        Concern(
            case=case,
            by=by,
            domain=dice.choice(Domain.values),
            barrier=barrier,
            policy_id=policy,
            problem=texts[0],
            impact=texts[1],
            on=_day(case, dice, today),
            form_key=uuid4(),
            raised_at=now,
        )
        for case, barrier, policy in coded
    ]
    return Caseload(folk, cases, Concern.objects.bulk_create(raised, AT_ONCE))


def towns(world: Five, *names: str) -> tuple[Place, ...]:
    """Further towns of the county, after its first."""
    more = [Place.objects.create(name=name, kind=Place.Kind.TOWN, parent=world.county) for name in names]
    return (world.town, *more)


def consent_to_count(person: Person, now: datetime) -> Consent:
    """A consent that holds, not yet in the database."""
    return Consent(
        person=person, purpose=Consent.Purpose.COUNT, state=Consent.State.GIVEN, offered_at=now, given_at=now
    )


def _person(agency: Agency, dice: random.Random) -> Person:
    born = date(1940, 1, 1) + timedelta(days=dice.randrange(30_000))
    return Person(
        id=UUID(int=dice.getrandbits(128), version=4),
        agency=agency,
        first_name="Invented",
        last_name=f"Person{dice.randrange(10**6)}",
        language=dice.choice(("en", "en", "en", "es")),
        birth_date=born.isoformat(),
    )


def _case(team: Team, person: Person, dice: random.Random, towns: tuple[Place, ...], today: date) -> Case:
    return Case(
        agency_id=team.agency_id,
        team=team,
        person=person,
        place=dice.choice(towns) if towns else None,
        programme=dice.choice(PROGRAMMES),
        opened_on=today - timedelta(days=dice.randrange(60, 750)),
    )


def _day(case: Case, dice: random.Random, today: date) -> date:
    """A day of the last months, after the case began."""
    last = today.replace(day=1) - timedelta(days=1)
    return min(max(case.opened_on, last - timedelta(days=dice.randrange(1, 700))), last)
