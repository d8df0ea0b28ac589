"""Coarser tables: what could be shown where nothing that was asked for can, found by really asking the gate for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.plan import Plan
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.errors import EvidenceError

MOST_TRIES = 8
"""Tables that the gate is asked for one by one, after it refused."""

TRIES_OVER_TIME = 2
"""The same where earlier releases bear on the request: each try is then as long as a release, and few would do."""

MOST_NAMED = 3

USEFUL = 0.5
"""Share of the rows of a table that must show their count for the table to be offered."""


def what_would_do(draft: Draft, run: Callable[[Draft], Plan], *, tries: int = MOST_TRIES) -> tuple[str, ...]:
    """Titles of tables, each coarser than one of the draft's, that would be shown if asked for alone.

    run: the gate. tries: tables that it is asked for at most. The tables that keep the most columns come first.
    """
    found: dict[str, None] = {}
    for table in _candidates(draft)[:tries]:
        if len(found) < MOST_NAMED and table.title not in found and _is_shown(draft, table, run):
            found[table.title] = None
    return tuple(found)


def in_a_sentence(titles: Sequence[str]) -> str:
    """What to ask for instead; "" for no titles."""
    if not titles:
        return ""
    which = " or ".join(f'"{title}"' for title in titles)
    return f"Ask for {which} instead: {'that' if len(titles) == 1 else 'each of these'} can be shown."


def without(table: DraftTable, column: str, crowd: Crowd) -> DraftTable | None:
    """A table of counts with one column fewer; None where its rows do not add up to the coarser ones.

    column: one of table.columns. A row in which the column is a total stands as it is; other rows are joined.
    """
    at = table.columns.index(column)
    groups: dict[tuple[str, ...], list[DraftRow]] = {}
    for row in table.rows:
        groups.setdefault((*row.values[:at], *row.values[at + 1 :]), []).append(row)
    rows = [_joined(values, each, at, crowd) for values, each in groups.items()]
    kept = tuple(name for name in table.columns if name != column)
    unit = table.unit[:1].upper() + table.unit[1:]
    title = f"{unit}, by {', '.join(kept)}" if kept else f"{unit}, all together"
    whole = [row for row in rows if row is not None]
    if len(whole) < len(rows):
        return None
    return replace(table, title=title, rows=tuple(whole), columns=kept, column=", ".join(kept), coarser=None)


def _candidates(draft: Draft) -> list[DraftTable]:
    asked = {frozenset(cells_of(table)) for table in draft.tables}
    found: dict[frozenset[Cell], DraftTable] = {}
    for table in draft.tables:
        for coarse in _coarser(table, draft):
            cells = frozenset(cells_of(coarse))
            if cells not in asked:
                found.setdefault(cells, coarse)
    return sorted(found.values(), key=lambda table: (-len(table.columns), -len(table.rows)))


def _coarser(table: DraftTable, draft: Draft) -> Iterator[DraftTable]:
    """What a table itself names as coarser, then it without one of its columns or two, then nothing but its persons."""
    step = table.coarser
    while step is not None:
        yield step
        step = step.coarser
    crowd = next((each for each in draft.crowds if table.rows and each.name == table.rows[0].persons.crowd), None)
    level = [table]
    while crowd is not None and level and level[0].columns:
        level = [made for each in level for name in each.columns if (made := without(each, name, crowd)) is not None]
        yield from level
    if table.split:
        rows = tuple(replace(row, yes=None, no=None) for row in table.rows)
        yield replace(table, title=f"{table.title}: how many were asked", rows=rows, split=False, coarser=None)


def _joined(values: tuple[str, ...], rows: Sequence[DraftRow], at: int, crowd: Crowd) -> DraftRow | None:
    """The row of the total of a column, or all rows of its values as one."""
    total = next((row for row in rows if not row.values[at]), None)
    label = ", ".join(value for value in values if value) or "everybody"
    if total is not None:
        return replace(total, values=values, label=label)
    cells = [_union([part for row in rows if (part := getattr(row, name)) is not None], crowd) for name in PARTS]
    persons, yes, no = cells
    return None if persons is None else DraftRow(label, persons, yes, no, values=values)


PARTS = ("persons", "yes", "no")


def _union(cells: Sequence[Cell], crowd: Crowd) -> Cell | None:
    """One cell for all of these; None when there are none, or they differ in more than one column."""
    if not cells:
        return None
    codes = [dict(cell.where) for cell in cells]
    names = sorted({name for each in codes for name in each})
    different = [name for name in names if len({each.get(name) for each in codes}) > 1]
    if len(different) > 1 or len({(cell.outcomes, cell.outside) for cell in cells}) > 1:
        return None
    where = dict(codes[0])
    for name in different:
        every = tuple(range(crowd.sizes[name]))
        where[name] = tuple(sorted({code for each in codes for code in each.get(name, every)}))
    kept = tuple(sorted((name, values) for name, values in where.items() if len(values) < crowd.sizes[name]))
    return Cell(cells[0].crowd, kept, cells[0].outcomes, cells[0].outside)


def _is_shown(draft: Draft, table: DraftTable, run: Callable[[Draft], Plan]) -> bool:
    """Whether the gate, asked for this table alone, shows the counts of most of its rows."""
    crowds = tuple(crowd for crowd in draft.crowds if any(cell.crowd == crowd.name for cell in cells_of(table)))
    try:
        plan = run(replace(draft, crowds=crowds, tables=(table,), patterns=(), searched=()))
    except EvidenceError:
        return False
    shown = plan.shown()
    return table in plan.tables and sum(row.persons in shown for row in table.rows) >= USEFUL * len(table.rows)
