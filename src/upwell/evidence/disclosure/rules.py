"""The rules of a protection, applied to a system: which cells may not be shown, and what must stay possible of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from upwell.evidence.disclosure.draft import Cell, Crowd, DraftTable
from upwell.evidence.disclosure.past import Past, changed_by_few
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.suppress import Demand
from upwell.evidence.disclosure.system import System

HIGHEST_PRIORITY = 9
"""Table priorities run from 0 (given up last) to this."""


def demand_of(
    system: System, crowd: Crowd, tables: Sequence[DraftTable], protection: Protection, past: Past, width: int
) -> Demand:
    """What must hold of each cell. width: persons, at least protection.width (more after an attack succeeded)."""
    values, few = system.values, protection.threshold
    full = crowd.full or protection.full
    names = names_of(system.cells, tables, past.cells.get(crowd.name, ()))
    printed = {cell for table in tables for cell in cells_of(table)}
    forced = np.array([any(name in past.public for name in each) for each in names], dtype=bool)
    small = (values < few) & ((values > 0) | full | _is_group_disclosure(system.cells, crowd, protection))
    primary = (small | changed_by_few(names, values, past, few)) & ~forced
    bounded = primary & full & (values < few)
    return Demand(
        primary=primary,
        forced=forced,
        silent=np.array([cell not in printed for cell in system.cells], dtype=bool) & ~forced,
        width=np.full(len(values), few - 1 if full else width),
        low=np.where(bounded, 0, values),
        high=np.where(bounded, few - 1, values),
        cost=_cost(system, tables),
    )


def cells_of(table: DraftTable) -> tuple[Cell, ...]:
    """Every cell of a table, row by row, in the order persons, yes, no."""
    return tuple(cell for row in table.rows for cell in (row.persons, row.yes, row.no) if cell is not None)


def names_of(cells: Sequence[Cell], tables: Iterable[DraftTable], more: Iterable[Cell]) -> list[tuple[str, ...]]:
    """All names that the ledger may have for each cell: the same people may be told in several ways."""
    names: dict[Cell, dict[str, None]] = defaultdict(dict)
    for cell in (*(cell for table in tables for cell in cells_of(table)), *more):
        names[cell][cell.id] = None
    return [tuple(names[cell]) or (cell.id,) for cell in cells]


def _is_group_disclosure(
    cells: Sequence[Cell], crowd: Crowd, protection: Protection
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where a zero says that nobody (or, its complement, that everybody) of a group is meant, in a column that matters."""
    every = protection.group_disclosure
    return np.array([any(every or name in crowd.sensitive for name, _ in cell.where) for cell in cells], dtype=bool)


def _cost(system: System, tables: Sequence[DraftTable]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What hiding each cell loses: large counts, and counts that many or important tables print, are dear."""
    weight: dict[Cell, float] = defaultdict(float)
    for table in tables:
        for cell in cells_of(table):
            weight[cell] += 1.0 + max(0, HIGHEST_PRIORITY - table.priority) / 2
    return np.array(
        [
            weight.get(cell, 1.0) * (0.3 + np.log1p(value))
            for cell, value in zip(system.cells, system.values, strict=True)
        ]
    )


def values_of(systems: Iterable[System]) -> Mapping[Cell, int]:
    """The true count of every cell."""
    return {cell: int(value) for system in systems for cell, value in zip(system.cells, system.values, strict=True)}
