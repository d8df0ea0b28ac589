"""Whole caseloads, made fast: people with cases, consents and concerns, for tests of the crossing and for benches."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from django.utils import timezone

from factories.five import Five, concern, five, worker
from upwell.evidence.disclosure.release import Release, read
from upwell.practice.accounts.models import Agency, Role, Team, Worker
from upwell.practice.bridge.actions import FigureFields, StatementFields
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Place
from upwell.practice.micro.crossing import gather, vault
from upwell.practice.micro.crossing.finish import Written
from upwell.practice.micro.models import Candidate, Case, Concern, Outbox
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
    sealed = cache(_sealed)  # of this caseload alone: the key ring may change between two
    folk = Person.objects.bulk_create((_person(agency, dice, sealed) for _ in range(people)), AT_ONCE)
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


def _sealed(column: str, text: str) -> bytes:
    """A text as it lies in person_person."""
    return seal(text, f"person_person.{column}")


def _person(agency: Agency, dice: random.Random, sealed: Callable[[str, str], bytes]) -> Person:
    born = date(1940, 1, 1) + timedelta(days=dice.randrange(30_000))
    return Person(
        id=UUID(int=dice.getrandbits(128), version=4),
        agency=agency,
        first_name=sealed("first_name", "Invented"),
        last_name=sealed("last_name", f"Person{dice.randrange(1000)}"),
        preferred_name=sealed("preferred_name", ""),
        language=dice.choice(("en", "en", "en", "es")),
        birth_date=sealed("birth_date", born.isoformat()),
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


@dataclass(frozen=True)
class Crowded:
    """The five people's world with a caseload of its own, in which one town waits too long."""

    five: Five
    caseload: Caseload
    towns: tuple[Place, ...]


def crowded(people: int = 120, seed: int = 1, share: float = 0.6, *, concerns: int = 60) -> Crowded:
    """A world in which the line has something to find: too slow in the second town, by the world's policy."""
    world = five()
    somewhere = towns(world, "Marlow Bend", "Oxley")
    plant = Plant(somewhere[1], share, policy=world.policy.pk)
    made = many(world.agency, people, concerns, seed, towns=somewhere, plant=plant)
    return Crowded(world, made, somewhere)


def outbox(agency: Agency, kind: str = "gather", target: str = "", on: date = TODAY) -> Outbox:
    """A piece of work, not yet done."""
    return Outbox.objects.create(agency=agency, kind=kind, target=target, due_on=on)


def gathered(agency: Agency) -> Candidate:
    """The candidate that gathering now puts on the desk."""
    made = gather.gather(outbox=outbox(agency, target=uuid4().hex))
    assert made is not None
    return made


def statement(world: Five, **more: object) -> StatementFields:
    """What the desk may write of the plant."""
    fields: dict[str, object] = {
        "title": "Certificates take eleven weeks",
        "what_happens": "The county sends birth certificates by post only, and the post takes weeks.",
        "who": "People without papers who look for a home",
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "half_year": "2026-H2",
        "policy": world.policy,
        "system": world.office,
        "county": world.county,
    }
    return StatementFields(**(fields | more))  # type: ignore[arg-type]


def release(candidate: Candidate) -> Release:
    """The release in a candidate."""
    return read(base64.b64decode(candidate.signed), vault.keys_of(candidate.agency).public)


def written(world: Five, candidate: Candidate, **more: object) -> Written:
    """A statement with the first figure that the candidate's release shows whole."""
    made = release(candidate)
    table = next(t for t in made.tables if t.kind == "headline" and t.rows[0].yes is not None)
    row = table.rows[0]
    figure = FigureFields(table.id, 0, "People who waited too long", row.yes or 0, row.persons or 0)
    return Written(statement(world, **more), (figure,))


def raised(of: Case, by: Worker, day: date = date(2026, 10, 15), **more: object) -> Concern:
    """A concern as Ana would raise it, dated on a day that is counted."""
    made = concern(of, by, **more)
    made.on = day
    made.save(update_fields=["on"])
    return made
