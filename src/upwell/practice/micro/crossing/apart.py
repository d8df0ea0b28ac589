"""Whether a release and an earlier one tell of nearly the same people: what one less the other leaves is few of them.

A measure's people are told under another name than a gathering's or another measure's, so the gate does not hold them
together. Here they are held together by who is in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protection import load
from upwell.practice.accounts.models import Agency
from upwell.practice.bridge.models import MeasureRequest
from upwell.practice.micro.crossing.measured import CannotTellError, cells_of, is_called, is_column, windows
from upwell.practice.micro.crossing.questions import POPULATION
from upwell.practice.micro.crossing.table import coded_columns, people_of

TOLD_TOGETHER = ((0,), (1,), (2,), (3,), (0, 1), (2, 3), (0, 1, 2, 3))
"""Rows of a measure's table that a reader may add up: before and after, of the group and of the one compared."""


@dataclass(frozen=True)
class Told:
    """What a release shows of some people. people: those who are in it as things stand now. yes: question -> persons.

    persons: None where it is withheld; a question that is withheld is not in `yes`.
    """

    people: frozenset[UUID]
    persons: int | None
    yes: Mapping[str, int]


def gives_away(agency: Agency, entry: LedgerEntry, earlier: Sequence[LedgerEntry], today: date) -> bool:
    """Whether a release that has this entry, held against an earlier one, would tell of a few people.

    Only where a measure is among the two: gatherings are held against each other by the gate.
    """
    declared = MeasureRequest.objects.filter(agency=agency).exclude(state=MeasureRequest.State.DECLARED).order_by("pk")
    requests = {population_of(each): each for each in declared}
    own = requests.get(_population(entry))
    others = [each for each in earlier if own or _population(each) in requests]
    if not others:
        return False
    few = load(agency.protection, today).threshold
    new = _told(entry, agency, requests, today)
    return any(
        _is_near(one, other, few)
        for each in others
        for one, other in product(new, _told(each, agency, requests, today))
    )


def population_of(request: MeasureRequest) -> str:
    """What a measure's people are called in its release and in the ledger."""
    return f"measure-{request.pk.hex[:12]}"


def _population(entry: LedgerEntry) -> str:
    """What a release's people are called in the ledger."""
    names = (name.partition("|")[0] for name in (*entry.shown, *entry.hidden))
    return next((name for name in names if name != "served"), "")


def _is_near(one: Told, other: Told, few: int) -> bool:
    """Whether few people are in one alone, and a count of them can be subtracted."""
    if len(one.people ^ other.people) >= few:
        return False
    pairs = [(one.yes[question], other.yes[question]) for question in one.yes.keys() & other.yes.keys()]
    if one.persons is not None and other.persons is not None:
        pairs.append((one.persons, other.persons))
    return any(0 < abs(left - right) < few for left, right in pairs)


def _told(entry: LedgerEntry, agency: Agency, requests: Mapping[str, MeasureRequest], today: date) -> list[Told]:
    population = _population(entry)
    if population in requests:
        return _by_measure(entry, requests[population], today)
    return _by_gathering(entry, agency, requests.values(), today) if population == POPULATION else []


def _by_measure(entry: LedgerEntry, request: MeasureRequest, today: date) -> list[Told]:
    try:
        row_of = cells_of(request, request.agency, windows(request), today)
    except CannotTellError:  # nobody of the group is left: nobody can be told apart
        return []
    found = []
    for rows in TOLD_TOGETHER:
        people = frozenset(person for person, row in row_of.items() if row in rows)
        if people:
            there = [row for row in rows if row < 2 or request.reference]
            found.append(_sum(entry, [f"{population_of(request)}|compared=row-{row}" for row in there], people))
    return found


def _by_gathering(entry: LedgerEntry, agency: Agency, requests: Iterable[MeasureRequest], today: date) -> list[Told]:
    """Everybody, and each group that a measure names."""
    start, until = (date.fromisoformat(day) for day in entry.period)
    people = people_of(agency, (start, until), today)
    found = [_sum(entry, [f"{POPULATION}|"], frozenset(people.number))]
    called = {(each.column, name) for each in requests for name in (each.group, each.reference) if each.column and name}
    for coded in coded_columns(people, start) if called else ():
        for at, value in enumerate(coded.column.values):
            if any(is_column(coded.column, column) and is_called(value, name) for column, name in called):
                those = frozenset(person for person, place in people.number.items() if coded.codes[place] == at)
                found.append(_sum(entry, [f"{POPULATION}|{coded.column.name}={value.key}"], those))
    return found


def _sum(entry: LedgerEntry, rows: Sequence[str], people: frozenset[UUID]) -> Told:
    """What is shown of rows together. rows: "crowd|column=key" as the ledger names them."""
    shown = [
        {name.rpartition("|")[2]: persons for name, persons in entry.shown.items() if name.rpartition("|")[0] == row}
        for row in rows
    ]
    told = {part: sum(row[part] for row in shown) for part in shown[0] if all(part in row for row in shown)}
    yes = {part.removesuffix(":yes"): persons for part, persons in told.items() if part.endswith(":yes")}
    return Told(people, told.get("all"), yes)
