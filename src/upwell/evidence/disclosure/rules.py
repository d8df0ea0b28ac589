"""The rules of a protection, applied to a system: which cells may not be shown, and what must stay possible of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.amounts import Contributions, contributions, contributors_kept, dominated, kept_open
from upwell.evidence.disclosure.derived import differences
from upwell.evidence.disclosure.draft import Cell, Crowd, DraftRow, DraftTable
from upwell.evidence.disclosure.history.past import Past, changed_by_few, withheld_before
from upwell.evidence.disclosure.history.stack import Stacked, stacked
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.rounded import Limit, banded
from upwell.evidence.disclosure.suppression.suppress import Demand
from upwell.evidence.disclosure.system import UNBOUNDED, System, build

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

DEAR, DEAREST = 8.0, 20.0
"""How many times dearer a cell of a headline or finding, and a total of persons, is to hide than any other."""


TOTALS = ("headline", "served", "coverage")
"""Kinds of table that no sparsity takes away: one row, or rows that stand for themselves."""


@dataclass(frozen=True)
class Case:
    """One crowd with the tables that print it, and the rules it stands under.

    memory: people already counted (see system.build). limits: what else is public of this crowd's cells.
    unprinted: cells of tables that were left out: their small counts must not follow from what the others print.
    withheld, nobody: cells of amounts whose own count of persons is withheld, and those where it is a printed zero.
    """

    crowd: Crowd
    tables: tuple[DraftTable, ...]
    protection: Protection
    past: Past
    memory: dict[bytes, NDArray[np.int64]]
    limits: tuple[Limit, ...] = ()
    withheld: frozenset[Cell] = frozenset()
    nobody: frozenset[Cell] = frozenset()
    unprinted: tuple[Cell, ...] = ()

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
        beside = (*self.older, *self.unprinted, *self.crowd.presumed, *self.crowd.watched)
        first = build(self.crowd, (*self.printed, *beside), self.memory)
        left = self._left_by_one_subtraction(first)
        whole = build(self.crowd, [*first.cells, *left], self.memory) if left else first
        return banded(whole, self._limits_of(whole))

    def _limits_of(self, system: System) -> list[Limit]:
        there = set(system.cells)
        return [limit for limit in self.limits if there.issuperset(cell for cell, _ in limit.weights)]

    def _left_by_one_subtraction(self, system: System) -> tuple[Cell, ...]:
        """Small counts that one cell less another gives, where both may be shown.

        Where one of the two is small itself it stays hidden, and what is left is as safe as it is.
        """
        presumed = set(self.crowd.presumed)
        public = np.array([self._is_public(each) for each in self.names(system)], dtype=bool)
        told = public | np.array([cell in presumed for cell in system.cells], dtype=bool)
        may_show = told | ~self.is_small_of(system.cells, system.values)
        people = self.crowd.amounts is None

        def matters(whole: Counts, part: Counts) -> Mask:
            both = may_show[whole] & may_show[part] & ~(public[whole] & public[part])
            return np.asarray(both & self.is_small(system.values[whole] - system.values[part]) if people else both)

        left = tuple(differences(self.crowd, system.cells, matters))
        if people or not left:
            return left
        return tuple(left[at] for at in np.flatnonzero(self.is_small_of(left, self.contributions(left).total)))

    def over_time(self, system: System) -> System:
        """The system stacked on what earlier snapshots showed, where that can be."""
        over = stacked(system, self.names(system), self.past.before, few=self.protection.threshold)
        return system if over is None else banded(over, () if over.bands.shape[0] else self._limits_of(over))

    def _is_public(self, names: Iterable[str]) -> bool:
        return any(name in self.past.public for name in names)

    def is_small(self, persons: Counts) -> Mask:
        """Where so few may not be told: 1 to threshold - 1, and nobody under full protection."""
        return np.asarray((persons < self.protection.threshold) & ((persons > 0) | self.full))

    def is_small_of(self, cells: Sequence[Cell], values: Counts) -> Mask:
        """The same of cells with these values, whose persons are those who contribute where amounts are added up."""
        small = self.is_small(self.behind(cells, values))
        return small if self.crowd.amounts is None else small | dominated(self.contributions(cells), self.protection)

    def tells_of_each_one(self, share: tuple[Cell, Cell], values: Mapping[Cell, int]) -> bool:
        """Whether a share (yes, persons) is 0 or 100 % of a group in which that is itself a disclosure."""
        yes, persons = share
        same = values[yes] in (0, values[persons])
        return bool(same and (self.full or self._is_group_disclosure([persons])[0]))

    def behind(self, cells: Sequence[Cell], values: Counts) -> Counts:
        """Persons behind each cell: its count, or those who contribute to its sum."""
        return values if self.crowd.amounts is None else self.contributions(cells).persons

    def contributions(self, cells: Sequence[Cell]) -> Contributions:
        """Who makes up the sums of a crowd of amounts."""
        return contributions(self.crowd, cells, contributors_kept(self.protection), self.memory)

    def demand(self, system: System, width: int, *, alone: bool = False) -> Demand:
        """What must hold of each cell. width: persons, protection.width or more after an attack succeeded.

        alone: the system is not stacked on earlier releases.
        """
        values, names = system.values, self.names(system)
        # An amount that changed at all may have changed by what one person brought: how many did is not in the ledger.
        few = self.protection.threshold if self.crowd.amounts is None else UNBOUNDED
        given = set(self.crowd.presumed) | self.nobody
        forced = np.array(
            [cell in given or self._is_public(each) for cell, each in zip(system.cells, names, strict=True)], dtype=bool
        )
        then = np.array([cell.crowd != self.crowd.name for cell in system.cells], dtype=bool)
        told = changed_by_few(names, values, self.past, few)
        if alone or (isinstance(system, Stacked) and system.leavers):
            told |= withheld_before(names, values, self.past, few)
        primary = ((self._may_not_be_told(system) | told) & ~forced) | then
        bounded = primary & self.full & (self.behind(system.cells, values) < self.protection.threshold) & ~then
        printed = set(self.printed) - self.withheld
        return Demand(
            primary=primary,
            forced=forced,
            silent=np.array([cell not in printed for cell in system.cells], dtype=bool) & ~forced,
            width=self._width(system, width),
            low=np.where(bounded, 0, values),
            high=np.where(bounded, self._most_of_few(system), values),
            cost=self._cost(system),
        )

    def never_shown(self, system: System) -> frozenset[Cell]:
        """Cells of the crowd's own system that are withheld whatever else is: small ones, and what changed by few."""
        names, given = self.names(system), set(self.crowd.presumed)
        few = self.protection.threshold if self.crowd.amounts is None else UNBOUNDED
        never = self.is_small_of(system.cells, system.values) | changed_by_few(names, system.values, self.past, few)
        return frozenset(
            cell
            for cell, each, withheld in zip(system.cells, names, never.tolist(), strict=True)
            if withheld and cell not in given and not self._is_public(each)
        )

    def _may_not_be_told(self, system: System) -> Mask:
        """Small cells, groups in which nobody is, and amounts of nothing where the count is not told either."""
        persons = self.behind(system.cells, system.values)
        nothing = np.array([cell in self.withheld for cell in system.cells], dtype=bool) & (persons == 0)
        empty = (persons == 0) & self._is_group_disclosure(system.cells)
        return np.asarray(self.is_small_of(system.cells, system.values) | empty | nothing)

    def _width(self, system: System, width: int) -> Counts:
        if self.crowd.amounts is not None:
            return kept_open(self.contributions(system.cells), self.protection, width)
        return np.full(len(system.values), self.protection.threshold - 1 if self.full else width)

    def _most_of_few(self, system: System) -> Counts:
        """What threshold - 1 persons may count under full protection: each one, or what one brings on average."""
        few = self.protection.threshold - 1
        if self.crowd.amounts is None:
            return np.full(len(system.values), few)
        persons = len(self.crowd.amounts) if self.crowd.people is None else len(np.unique(self.crowd.people))
        return np.maximum(system.values, few * int(self.crowd.amounts.sum()) // max(1, persons))

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
        totals = {row.persons for table in self.tables for row in table.rows if table.kind in TOTALS or _is_total(row)}
        dear = np.array([DEAREST if cell in totals else DEAR if cell in first else 1.0 for cell in system.cells])
        return np.asarray(dear * (2.0 + np.log1p(self.behind(system.cells, system.values))))


def _is_total(row: DraftRow) -> bool:
    """Whether a row of an agency's own table counts everybody in it."""
    return bool(row.values) and not any(row.values)


def cells_of(table: DraftTable) -> tuple[Cell, ...]:
    """Every cell of a table, row by row, in the order persons, yes, no."""
    return tuple(cell for row in table.rows for cell in (row.persons, row.yes, row.no) if cell is not None)


def behind_of(sides: Iterable[tuple[Case, System]]) -> Mapping[Cell, int]:
    """Persons behind every cell: its true count, or those who contribute to it."""
    return {
        cell: int(persons)
        for case, system in sides
        for cell, persons in zip(system.cells, case.behind(system.cells, system.values), strict=True)
    }
