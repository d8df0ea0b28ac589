"""Our own releases as an outsider reads them: printed tables, those that count the same people side by side."""

from __future__ import annotations

from collections.abc import Iterable

from upwell.evidence.disclosure.attacking.unknowns import ANSWER
from upwell.evidence.disclosure.release import Count, Release, Row, Table
from upwell.records.tables.marks import Printed, percent
from upwell.records.tables.published import Line, Published, Values

ALONE = ("served", "coverage")
"""Kinds of table whose rows overlap, or are of other people than a question's."""

SHARE = "percent"


def populations(release: Release, name: str) -> dict[str, list[Published]]:
    """The tables of a release by whom they count: those under one key count the same people.

    name: what the release is called in words.
    """
    groups: dict[str, list[Published]] = {}
    for table in release.tables:
        group = f"{table.unit}|{table.id if table.kind in ALONE else table.question}"
        groups.setdefault(group, []).append(_published(table, release, name))
    return groups


def _published(table: Table, release: Release, name: str) -> Published:
    columns, inside = _columns(table, release)
    lines = [line for row in table.rows for line in _lines(row, table, inside, f"{name}, {table.id}")]
    shares = ((SHARE, (ANSWER,)),) if any(line.shares for line in lines) else ()
    return Published(f"{name}, {table.title or table.id}", columns, tuple(lines), shares)


def _columns(table: Table, release: Release) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a table, and the values that all its rows share (those within a finding)."""
    if table.kind == "counts":
        return table.columns, ()
    if table.kind == "headline":
        return (), ()
    if table.kind == "finding":
        return (f"finding {table.id}",), ()
    column = f"{table.column or 'time'}{f' by {table.steps}' if table.steps else ''}"
    of = next((each.table for each in release.patterns if table.id in (each.series, each.place)), "")
    finding = next((each for each in release.tables if each.id == of), None)
    if finding is not None and table.kind in ("finding_series", "finding_place"):
        return (f"finding {of}", column), (finding.rows[0].label,)
    if table.kind in ("finding_series", "finding_place"):
        return (f"within {table.id}", column), ("inside",)
    return (column,), ()


def _lines(row: Row, table: Table, inside: tuple[str, ...], place: str) -> Iterable[Line]:
    values: Values = (*inside, row.label)
    if table.kind == "headline":
        values = ()
    if table.kind == "counts":
        values = tuple(each or None for each in row.values)
    yield Line(values, _printed(row.persons, row.between), place)
    if table.split or row.yes is not None:
        found = percent(row.percent) if row.percent else None
        shares = ((SHARE, *found),) if found else ()
        yield Line(values, _printed(row.yes), place, "yes", shares)
        yield Line(values, _printed(row.no), place, "no")


def _printed(persons: Count, between: tuple[int, int] | None = None) -> Printed:
    if persons is not None:
        return Printed(persons)
    least, beyond = between or (0, -1)
    return Printed(-1, least, beyond - 1 if beyond >= 0 else -1, "withheld")
