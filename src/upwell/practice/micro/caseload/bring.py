"""Bringing a previewed caseload in: everything is prepared first, then written in one transaction, all or nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.utils import timezone

from upwell.practice.accounts.models import Worker
from upwell.practice.environment.actions import place_add
from upwell.practice.environment.models import Place
from upwell.practice.micro.caseload import look
from upwell.practice.micro.caseload.rows import Prepared, Table
from upwell.practice.micro.models import Assignment, Case, CaseloadImport, CaseloadRow
from upwell.practice.person.index import tokens
from upwell.practice.person.models import Household, HouseholdMember, NameToken, Person
from upwell.records.cases.hmis.people import Arrivals, Someone, Stay

STEP = 200
"""Persons between two signs of progress."""


@dataclass(frozen=True)
class Ready:
    """One person, prepared: the row, the name tokens, what the export said."""

    id: UUID
    someone: Someone
    row: Prepared
    tokens: list[Prepared]
    came_sha: str


@dataclass
class Written:
    """What was written, counted; and the households made, so that an undo finds them."""

    people: int = 0
    cases: int = 0
    updated: int = 0
    kept_as_changed_here: int = 0
    households: list[str] = field(default_factory=list)


def came_sha(key: bytes, first: str, last: str, born: str, language: str) -> str:
    """Keyed digest of what an export says of a person."""
    return hmac.new(key, "\x1f".join((first, last, born, language)).encode(), hashlib.sha256).hexdigest()


def prepare(batch: CaseloadImport, arrivals: Arrivals, key: bytes, told: Callable[[float], None]) -> dict[str, Ready]:
    """Everybody encrypted and indexed, by source digest; before the transaction, so that others wait only shortly."""
    persons, index, now = Table(Person), Table(NameToken), timezone.now()
    agency_id = batch.agency_id
    ready: dict[str, Ready] = {}
    for number, someone in enumerate(arrivals.people):
        if number % STEP == 0:
            told(number / len(arrivals.people))
        made = uuid4()
        row = persons.prepared(
            id=made,
            agency_id=agency_id,
            first_name=someone.first_name,
            last_name=someone.last_name,
            birth_date=someone.birth_date,
            language=someone.language or "en",
            source_sha=someone.source,
            created=now,
        )
        found = tokens(agency_id, someone.first_name, someone.last_name)
        indexed = [index.prepared(person_id=made, agency_id=agency_id, token=each) for each in sorted(found)]
        digest = came_sha(key, someone.first_name, someone.last_name, someone.birth_date, someone.language)
        ready[someone.source] = Ready(made, someone, row, indexed, digest)
    return ready


def write(batch: CaseloadImport, ready: dict[str, Ready], key: bytes, workers: dict[str, int], on: date) -> Written:
    """Write what is not here yet, bring up to date what the export changed. Call it inside the transaction.

    workers: programme -> worker who takes its cases; a programme that is not there is nobody's yet.
    """
    done = Written()
    here = look.people_here(batch.agency, list(ready))
    new = [each for source, each in ready.items() if source not in here]
    Table(Person).insert([each.row for each in new])
    Table(NameToken).insert([token for each in new for token in each.tokens])
    rows = Table(CaseloadRow)
    made = {"batch_id": batch.pk, "made": True}
    rows.insert([rows.prepared(person_id=each.id, came_sha=each.came_sha, **made) for each in new])
    done.people = len(new)
    _bring_up_to_date(batch, {here[source]: ready[source] for source in here}, key, done)
    persons = {source: here.get(source, each.id) for source, each in ready.items()}
    _cases(batch, [(persons[source], each.someone) for source, each in ready.items()], workers, on, done)
    _households(batch, [(persons[source], each.someone) for source, each in ready.items()], set(here.values()), done)
    return done


def _bring_up_to_date(batch: CaseloadImport, known: dict[UUID, Ready], key: bytes, done: Written) -> None:
    """A newer export changes a person only where nobody has changed them here since the last import."""
    ids = list(known)
    for start in range(0, len(ids), look.AT_ONCE):
        some = ids[start : start + look.AT_ONCE]
        last = dict(CaseloadRow.objects.filter(person__in=some).order_by("pk").values_list("person", "came_sha"))
        for person in Person.objects.filter(pk__in=some):
            came = known[person.pk]
            if last.get(person.pk) in (None, came.came_sha):
                continue
            if last[person.pk] in shas_now(person, key):
                _update(batch, person, came)
                done.updated += 1
            else:
                done.kept_as_changed_here += 1


def shas_now(person: Person, key: bytes) -> set[str]:
    """The digests that an export would have if it said what stands here now, with or without the language."""
    names = (person.first_name, person.last_name, person.birth_date)
    return {came_sha(key, *names, person.language), came_sha(key, *names, "")}


def _update(batch: CaseloadImport, person: Person, came: Ready) -> None:
    before = {name: getattr(person, name) for name in ("first_name", "last_name", "birth_date", "language")}
    someone = came.someone
    person.first_name, person.last_name = someone.first_name, someone.last_name
    person.birth_date, person.language = someone.birth_date, someone.language or person.language
    person.save(update_fields=list(before))
    index_anew(person)
    CaseloadRow.objects.create(
        batch=batch, person=person, made=False, came_sha=came.came_sha, before=json.dumps(before)
    )


def index_anew(person: Person) -> None:
    """The name tokens of a person, after their names were changed."""
    person.name_tokens.all().delete()
    index = Table(NameToken)
    found = tokens(person.agency_id, person.first_name, person.last_name, person.preferred_name)
    index.insert(
        [index.prepared(person_id=person.pk, agency_id=person.agency_id, token=each) for each in sorted(found)]
    )


def _cases(
    batch: CaseloadImport, people: list[tuple[UUID, Someone]], workers: dict[str, int], on: date, done: Written
) -> None:
    stays = [(person, stay) for person, someone in people for stay in someone.stays]
    known = look.stays_here(batch.agency, [stay.source for _, stay in stays])
    places = _places(batch, [stay for _, stay in stays if stay.source not in known])
    cases, assigned = Table(Case), Table(Assignment)
    rows, assignments = [], []
    for person, stay in stays:
        if stay.source in known:
            continue
        programme, made = look.programme(stay), uuid4()
        row = cases.prepared(
            id=made,
            agency_id=batch.agency_id,
            team_id=batch.team_id,
            person_id=person,
            programme=programme,
            place_id=places.get((stay.city, stay.state)),
            opened_on=stay.entered_on,
            came_with_id=batch.pk,
            source_sha=stay.source,
        )
        rows.append(row)
        if worker := workers.get(programme):
            assignments.append(assigned.prepared(case_id=made, worker_id=worker, since=on))
    cases.insert(rows)
    assigned.insert(assignments)
    done.cases = len(rows)


def _places(batch: CaseloadImport, stays: list[Stay]) -> dict[tuple[str, str], int]:
    """Town and state of a project -> the place that is known here; a town that is not known is added."""
    found: dict[tuple[str, str], int] = {}
    for city, state in sorted({(stay.city, stay.state) for stay in stays if stay.city}):
        known = Place.objects.filter(name__iexact=city).exclude(kind=Place.Kind.STATE).order_by("pk").first()
        found[city, state] = (known or _town(batch.by, city, state)).pk
    return found


def _town(by: Worker, city: str, state: str) -> Place:
    known = Place.objects.filter(kind=Place.Kind.STATE, code__iexact=state).first() if state else None
    return place_add(by=by, name=city[:120], kind=Place.Kind.TOWN, parent=known)


def _households(batch: CaseloadImport, people: list[tuple[UUID, Someone]], here: set[UUID], done: Written) -> None:
    """Who lives together by the export, where it names two or more; a household that is here gains who is new."""
    homes: dict[str, list[tuple[UUID, Stay]]] = {}
    for person, someone in people:
        if latest := max((stay for stay in someone.stays if stay.household), key=_entered, default=None):
            homes.setdefault(latest.household, []).append((person, latest))
    together = [members for members in homes.values() if len(members) > 1]
    at_home = _at_home([person for members in together for person, _ in members if person in here])
    household, member = Table(Household), Table(HouseholdMember)
    made, joined = [], []
    for members in together:
        newcomers = [each for each in members if each[0] not in at_home]
        known = next((at_home[person] for person, _ in members if person in at_home), None)
        if not newcomers:
            continue
        home = known or uuid4()
        if known is None:
            made.append(household.prepared(id=home, agency_id=batch.agency_id))
            done.households.append(str(home))
        joined += [
            member.prepared(household_id=home, person_id=person, relation=stay.relation, since=stay.entered_on)
            for person, stay in newcomers
        ]
    household.insert(made)
    member.insert(joined)


def _entered(stay: Stay) -> date:
    return stay.entered_on


def _at_home(people: list[UUID]) -> dict[UUID, UUID]:
    """Person -> the household they belong to here."""
    found: dict[UUID, UUID] = {}
    for start in range(0, len(people), look.AT_ONCE):
        some = people[start : start + look.AT_ONCE]
        living = HouseholdMember.objects.filter(person__in=some, until=None)
        found.update(living.order_by("pk").values_list("person", "household"))
    return found
