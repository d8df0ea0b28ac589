"""The rules of a protection, applied to a system: which cells may not be shown, and what must stay possible of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.derived import differences
from upwell.evidence.disclosure.draft import Cell, Crowd, DraftTable
from upwell.evidence.disclosure.past import Past, changed_by_few, withheld_before
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.stack import Stacked, stacked
from upwell.evidence.disclosure.suppress import Demand
from upwell.evidence.disclosure.system import System, build

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

DEAR, DEAREST = 8.0, 20.0
"""How many times dearer a cell of a headline or finding, and a total of persons, is to hide than any other."""


TOTALS = ("headline", "served", "coverage")
"""Kinds of table that no sparsity takes away: one row, or rows that stand for themselves."""


@dataclass(frozen=True)
class Case:
    """One crowd with the tables that print it, and the rules it stands under.

    memory: people already counted (see system.build).
    """

    crowd: Crowd
    tables: tuple[DraftTable, ...]
    protection: Protection
    past: Past
    memory: dict[bytes, NDArray[np.int64]]

    @property
    def full(self) -> bool:
        """Whether every hidden count must stay anything from 0 to threshold - 1."""
        return self.crowd.full or self.protection.full

    @property
    def older(self) -> tuple[Cell, ...]:
        """Cells of earlier releases of the same snapshot."""
        return self.past.cells.get(self.crowd.name, ())

    @property
    def printed(self) -> tuple[Cell, ...]:
        """Cells of this crowd that the tables print."""
        return tuple(cell for table in self.tables for cell in cells_of(table) if cell.crowd == self.crowd.name)

    def system(self) -> System:
        """The crowd's system: printed cells, cells of earlier releases, and small counts that one subtraction gives."""
        first = build(self.crowd, (*self.printed, *self.older, *self.crowd.presumed, *self.crowd.watched), self.memory)
        left = self._left_by_one_subtraction(first)
        return build(self.crowd, [*first.cells, *left], self.memory) if left else first

    def _left_by_one_subtraction(self, system: System) -> tuple[Cell, ...]:
        """Small counts that one cell less another gives, where both may be shown.

        Where one of the two is small itself it stays hidden, and what is left is as safe as it is.
        """
        presumed = set(self.crowd.presumed)
        public = np.array([self._is_public(each) for each in self.names(system)], dtype=bool)
        told = public | np.array([cell in presumed for cell in system.cells], dtype=bool)
        may_show = told | ~self.is_small(system.values)

        def matters(whole: Counts, part: Counts) -> Mask:
            small = self.is_small(system.values[whole] - system.values[part])
            return np.asarray(small & may_show[whole] & may_show[part] & ~(public[whole] & public[part]))

        return tuple(differences(self.crowd, system.cells, matters))

    def over_time(self, system: System) -> System:
        """The system stacked on what earlier snapshots showed, where that can be."""
        return stacked(system, self.names(system), self.past.before, few=self.protection.threshold) or system

    def _is_public(self, names: Iterable[str]) -> bool:
        return any(name in self.past.public for name in names)

    def is_small(self, persons: Counts) -> Mask:
        """Where so few may not be told: 1 to threshold - 1, and nobody under full protection."""
        return np.asarray((persons < self.protection.threshold) & ((persons > 0) | self.full))

    def demand(self, system: System, width: int, *, alone: bool = False) -> Demand:
        """What must hold of each cell. width: persons, protection.width or more after an attack succeeded.

        alone: the system is not stacked on earlier releases.
        """
        values, few = system.values, self.protection.threshold
        names = self.names(system)
        presumed = set(self.crowd.presumed)
        forced = np.array(
            [cell in presumed or self._is_public(each) for cell, each in zip(system.cells, names, strict=True)],
            dtype=bool,
        )
        small = (values < few) & ((values > 0) | self.full | self._is_group_disclosure(system.cells))
        then = np.array([cell.crowd != self.crowd.name for cell in system.cells], dtype=bool)
        told = changed_by_few(names, values, self.past, few)
        if alone or (isinstance(system, Stacked) and system.leavers):
            told |= withheld_before(names, values, self.past, few)
        primary = ((small | told) & ~forced) | then
        bounded = primary & self.full & (values < few) & ~then
        printed = set(self.printed)
        return Demand(
            primary=primary,
            forced=forced,
            silent=np.array([cell not in printed for cell in system.cells], dtype=bool) & ~forced,
            width=np.full(len(values), few - 1 if self.full else width),
            low=np.where(bounded, 0, values),
            high=np.where(bounded, few - 1, values),
            cost=self._cost(system),
        )

    def names(self, system: System) -> list[tuple[str, ...]]:
        """All names that the ledger may have for each cell: the same people may be told in several ways.

        Cells of the past have none: they stand in an earlier entry.
        """
        names: dict[Cell, dict[str, None]] = defaultdict(dict)
        for cell in (*self.printed, *self.older):
            names[cell][cell.id] = None
        own = self.crowd.name
        return [tuple(names[cell]) or ((cell.id,) if cell.crowd == own else ()) for cell in system.cells]

    def _is_group_disclosure(self, cells: Sequence[Cell]) -> NDArray[np.bool_]:
        """Where nobody (and, of its complement, everybody) tells something of each one in a group."""
        every, sensitive = self.protection.group_disclosure, self.crowd.sensitive
        return np.array([any(every or name in sensitive for name, _ in cell.where) for cell in cells], dtype=bool)

    def _cost(self, system: System) -> NDArray[np.float64]:
        """What hiding each cell loses: a little more for large counts, much more in headlines and findings."""
        first = {cell for table in self.tables if table.priority <= 1 for cell in cells_of(table)}
        totals = {row.persons for table in self.tables if table.kind in TOTALS for row in table.rows}
        dear = np.array([DEAREST if cell in totals else DEAR if cell in first else 1.0 for cell in system.cells])
        return np.asarray(dear * (2.0 + np.log1p(system.values)))


def cells_of(table: DraftTable) -> tuple[Cell, ...]:
    """Every cell of a table, row by row, in the order persons, yes, no."""
    return tuple(cell for row in table.rows for cell in (row.persons, row.yes, row.no) if cell is not None)


def values_of(systems: Iterable[System]) -> Mapping[Cell, int]:
    """The true count of every cell."""
    return {cell: int(value) for system in systems for cell, value in zip(system.cells, system.values, strict=True)}
