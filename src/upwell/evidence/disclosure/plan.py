"""The plan: which of the draft's tables are still asked for, in what step, and what is given up next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from upwell.evidence.disclosure.draft import Cell, Draft, DraftTable
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.suppress import Demand, Hiding
from upwell.evidence.disclosure.system import System
from upwell.evidence.errors import RefusedError

KEPT = ("headline", "served", "coverage")
"""Kinds that sparsity does not take away: one row, or rows that stand for themselves."""


@dataclass(frozen=True)
class Side:
    """One crowd, protected. names: for each cell of the system, all its names in the ledger."""

    system: System
    demand: Demand
    hiding: Hiding
    names: tuple[tuple[str, ...], ...]

    def shown(self) -> dict[Cell, int]:
        """Counts that may be printed."""
        system, hidden = self.system, self.hiding.hidden
        return {system.cells[at]: int(system.values[at]) for at in np.flatnonzero(~hidden)}

    def values(self) -> dict[Cell, int]:
        """The true counts: never leave the case side."""
        return {cell: int(value) for cell, value in zip(self.system.cells, self.system.values, strict=True)}


class Plan:
    """Tables still asked for. `done` holds the crowds that need no further work; `notes` says what was given up."""

    def __init__(self, tables: Sequence[DraftTable]) -> None:
        self.tables = list(tables)
        self.notes: list[str] = []
        self.done: dict[str, Side] = {}

    def tables_of(self, crowd: str) -> list[DraftTable]:
        """Tables that print a cell of a crowd."""
        return [table for table in self.tables if any(cell.crowd == crowd for cell in cells_of(table))]

    def give_up(self, table: DraftTable, reason: str) -> None:
        """Ask for the coarser table instead, or for none."""
        at = self.tables.index(table)
        if table.coarser is not None:
            self.tables[at] = table.coarser
            self.notes.append(f"{table.title}: made coarser, {reason}.")
        else:
            del self.tables[at]
            self.notes.append(f"{table.title}: left out, {reason}.")
        for crowd in {cell.crowd for cell in cells_of(table)}:
            self.done.pop(crowd, None)

    def give_up_crossing(self, crowd: str, columns: Sequence[str]) -> None:
        """Give up the least important table that crosses several of these columns."""
        crossing = [
            table
            for table in self.tables_of(crowd)
            if any(sum(name in columns for name, _ in cell.where) > 1 for cell in cells_of(table))
        ]
        self.give_up(_least(crossing), "because too many tables cross")

    def give_up_touching(self, crowd: str, cells: set[Cell]) -> None:
        """Give up the least important table that prints one of these cells; raises RefusedError when none is left."""
        touching = [table for table in self.tables_of(crowd) if cells & set(cells_of(table))]
        if not touching:
            raise RefusedError(
                "Together with an earlier release of the same records these tables would give a small count away. "
                "Ask for the same tables as before, or wait for new records."
            )
        self.give_up(_least(touching), "because some counts could not be kept safe beside it")

    def improve(self, sides: Mapping[str, Side], draft: Draft, protection: Protection) -> bool:
        """Give up what is too sparse, or what is a finding that cannot be shown whole; True when anything changed."""
        values = {cell: value for side in sides.values() for cell, value in side.values().items()}
        shown = {cell for side in sides.values() for cell in side.shown()}
        before = len(self.notes)
        for table in list(self.tables):
            if table.kind not in KEPT and table.kind != "finding" and _is_sparse(table, values, protection):
                self.give_up(table, "because most of its counts are small")
        broken = {table.id for table in self.tables if table.kind == "finding" and not shown >= set(cells_of(table))}
        for pattern in draft.patterns:
            if pattern.table in broken:
                for table in [
                    each for each in self.tables if each.id in (pattern.table, pattern.series, pattern.place)
                ]:
                    self._drop(table)
        return len(self.notes) > before

    def _drop(self, table: DraftTable) -> None:
        self.tables.remove(table)
        self.notes.append(f"{table.title}: a finding was left out, because some of its counts are small.")
        for crowd in {cell.crowd for cell in cells_of(table)}:
            self.done.pop(crowd, None)

    def has_headline(self, sides: Mapping[str, Side]) -> bool:
        """Whether at least one total is shown."""
        shown = {cell for side in sides.values() for cell in side.shown()}
        totals = [row.persons for table in self.tables if table.kind in KEPT for row in table.rows]
        return any(cell in shown for cell in totals)


def _least(tables: Sequence[DraftTable]) -> DraftTable:
    """The table given up first: the largest priority number, then the one that came last."""
    return max(enumerate(tables), key=lambda pair: (pair[1].priority, pair[0]))[1]


def _is_sparse(table: DraftTable, values: Mapping[Cell, int], protection: Protection) -> bool:
    counts = np.array([values[cell] for cell in set(cells_of(table))])
    some = counts > 0
    return bool(((counts < protection.threshold) & some).sum() > protection.sparse_share * max(1, some.sum()))
