"""Which tables a brief would like to print: headlines, who was asked, groups, time, and for each finding three more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

import numpy as np

from upwell.evidence.disclosure.draft import Cell, DraftRow, DraftTable
from upwell.evidence.disclosure.drafting.crowds import Group, Side
from upwell.evidence.disclosure.drafting.steps import PERIOD, Steps, choices
from upwell.evidence.disclosure.release import TableKind
from upwell.evidence.question import Where
from upwell.records.cases.table import Column

HEADLINE, FINDING, SERIES, FINDING_SERIES, FINDING_PLACE, GROUPS, SERVED, COVERAGE = 0, 1, 3, 4, 5, 6, 7, 8
"""Priorities: what is given up last has the smallest number."""

FEWEST_A_STEP = 4  # thresholds of persons asked in each step of a series, at least
FEWEST_EITHER = 1.5  # thresholds of persons with each answer expected in a step, going by the printed total alone
FEWEST_A_GROUP = 2  # thresholds of persons asked, on average, in each group of a table
FEWEST_INSIDE = 2  # thresholds of persons asked in each step inside a finding, at least


class Numbering:
    """Hands out table ids t01, t02 ... in the order in which tables are asked for."""

    def __init__(self) -> None:
        self._next = count(1)

    def __call__(self) -> str:
        """The next id."""
        return f"t{next(self._next):02d}"


def headline(group: Group, side: Side, number: Numbering) -> DraftTable:
    """Everybody asked, in one row."""
    row = _row(group, side, (), "Everyone asked")
    return DraftTable(number(), "headline", side.question.words, side.question.name, "", (row,), priority=HEADLINE)


def by_column(group: Group, side: Side, column: Column, number: Numbering) -> DraftTable:
    """One row a value of a column, unknown answers included."""
    rows = tuple(
        replace(_row(group, side, ((column.name, (at,)),), value.words), known=value.known)
        for at, value in enumerate(column.values)
        if _may_occur(group, column, at)
    )
    title = f"{side.question.words}, by {column.words}"
    return DraftTable(
        number(), "by", title, side.question.name, column.words, rows, warning=column.warning, priority=GROUPS
    )


def bears(group: Group, side: Side, column: Column, threshold: int) -> bool:
    """Whether enough people were asked to tell the groups of a column apart: FEWEST_A_GROUP thresholds a group.

    Judged by how many were asked and how many groups there are, never by who said yes.
    """
    groups = sum(value.known and _may_occur(group, column, at) for at, value in enumerate(column.values))
    asked = int(np.isin(group.crowd.outcome, side.classes("persons")).sum())
    return asked >= FEWEST_A_GROUP * threshold * groups


def series(group: Group, side: Side, start: date, threshold: int, number: Numbering) -> DraftTable | None:
    """The question over time, with coarser steps to fall back on; None where time cannot be cut."""
    asked = np.isin(group.crowd.outcome, side.classes("persons"))
    cuts = _cuts(group, asked, start, _fewest(group, side, asked, FEWEST_A_STEP, threshold))
    title = f"{side.question.words}, over time"
    return _over_time(group, side, (), cuts, _Kind("series", title, SERIES, number())) if cuts else None


def finding_tables(
    group: Group, side: Side, where: Where, *, start: date, threshold: int, number: Numbering
) -> tuple[DraftTable, DraftTable | None, DraftTable | None]:
    """A finding's own table (inside, everyone else), the same people over time, and over places."""
    words = side.question.words
    rows = (_row(group, side, where, "In this group"), _row(group, side, where, "Everyone else", outside=True))
    own = DraftTable(number(), "finding", words, side.question.name, "", rows, priority=FINDING)
    timeless = tuple(part for part in where if part[0] != PERIOD)
    inside = np.isin(group.crowd.outcome, side.classes("persons")) & members(group, timeless)
    cuts = _cuts(group, inside, start, _fewest(group, side, inside, FEWEST_INSIDE, threshold))
    title = f"{words}: this group over time"
    kind = _Kind("finding_series", title, FINDING_SERIES, number())
    over_time = _over_time(group, side, timeless, cuts, kind) if cuts else None
    return own, over_time, _over_places(group, side, where, number)


def served_tables(group: Group, number: Numbering) -> Iterable[DraftTable]:
    """Who was served: everybody, then by each column."""
    everybody = DraftRow("Everyone served", group.cell(None, ()))
    yield DraftTable(number(), "served", "People served", "", "", (everybody,), split=False, priority=HEADLINE)
    for column in group.columns.values():
        rows = tuple(
            DraftRow(value.words, group.cell(None, ((column.name, (at,)),)), known=value.known)
            for at, value in enumerate(column.values)
        )
        title = f"People served, by {column.words}"
        yield DraftTable(
            number(), "served", title, "", column.words, rows, split=False, warning=column.warning, priority=SERVED
        )


def coverage(group: Group, side: Side, left_out: Mapping[str, Cell], number: Numbering) -> DraftTable:
    """Who is in the denominator and who is not, by reason; no total is printed. left_out: reason -> its count."""
    rows = [DraftRow("Asked, and answered", group.cell(side, ()))]
    rows += [DraftRow(reason[0].upper() + reason[1:], cell, known=False) for reason, cell in left_out.items()]
    title = f"{side.question.words}: who could be counted"
    return DraftTable(number(), "coverage", title, side.question.name, "", tuple(rows), split=False, priority=COVERAGE)


def members(group: Group, where: Where) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Who of the crowd is in `where`; bool, shape (persons,)."""
    inside = np.ones(len(group.crowd.outcome), np.bool_)
    for name, values in group.told_in_sites(where):
        inside &= np.isin(group.crowd.codes[name], values)
    return inside


def _row(
    group: Group, side: Side, where: Where, label: str, *, outside: bool = False, month: int | None = None
) -> DraftRow:
    persons, yes, no = (group.cell(side, where, part, outside=outside) for part in ("persons", "yes", "no"))
    return DraftRow(label, persons, yes, no, month=month)


def _may_occur(group: Group, column: Column, value: int) -> bool:
    """Whether a value belongs into this crowd's tables: by definition, never by looking at who has it.

    A row that is left out because nobody has it would tell that every withheld row holds somebody.
    """
    return value not in group.void.get(column.name, ())


def _fewest(
    group: Group, side: Side, who: np.ndarray[tuple[int], np.dtype[np.bool_]], least: float, threshold: int
) -> int:
    """Persons asked that each step must have, so that both answers can be expected to be large enough to print.

    Looks at the total alone, which the brief prints (or withholds: then it counts as the threshold); never at who
    answered what in which step, so the choice of steps tells nothing that the total does not.
    """
    persons = max(int(who.sum()), 1)
    yes = int(np.isin(group.crowd.outcome[who], side.yes).sum())
    rarer = max(min(yes, persons - yes), threshold) / persons
    return int(max(least, FEWEST_EITHER / rarer) * threshold)


def _cuts(group: Group, who: np.ndarray[tuple[int], np.dtype[np.bool_]], start: date, fewest: int) -> tuple[Steps, ...]:
    column = group.columns.get(PERIOD)
    return choices(column, group.crowd.codes[PERIOD][who], start, fewest=fewest) if column else ()


@dataclass(frozen=True)
class _Kind:
    """What a table over time is called."""

    kind: TableKind
    title: str
    priority: int
    id: str


def _over_time(group: Group, side: Side, where: Where, cuts: tuple[Steps, ...], kind: _Kind) -> DraftTable:
    """A table over the finest steps, holding the coarser ones as its fallbacks."""
    table: DraftTable | None = None
    for cut in reversed(cuts):
        rows = tuple(
            _row(group, side, tuple(sorted((*where, *step.where))), step.label, month=step.month) for step in cut.steps
        )
        table = DraftTable(
            id=kind.id,
            kind=kind.kind,
            title=kind.title,
            question=side.question.name,
            column="time",
            rows=rows,
            steps=cut.name,
            priority=kind.priority,
            coarser=table,
        )
    assert table is not None  # cuts is never empty here
    return table


def _over_places(group: Group, side: Side, where: Where, number: Numbering) -> DraftTable | None:
    place = next((column for column in group.columns.values() if column.kind == "place"), None)
    if place is None:
        return None
    anywhere = tuple(part for part in where if part[0] != place.name)
    if not anywhere:
        return None  # the question's own table of places says it already
    rows = tuple(
        _row(group, side, tuple(sorted((*anywhere, (place.name, (at,))))), value.words)
        for at, value in enumerate(place.values)
        if value.known
    )
    title = f"{side.question.words}: this group, by {place.words}"
    return DraftTable(number(), "finding_place", title, side.question.name, place.words, rows, priority=FINDING_PLACE)
