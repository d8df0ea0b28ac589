"""The plan: which of the draft's tables are still asked for, in what step, and what is given up next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.attacking.attack import AttackReport, Public
from upwell.evidence.disclosure.draft import Cell, DraftTable
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Pattern
from upwell.evidence.disclosure.rounded import Rounded, keeps_bands
from upwell.evidence.disclosure.rules import TOTALS, cells_of
from upwell.evidence.disclosure.suppression.suppress import Demand, Hiding, verify
from upwell.evidence.disclosure.system import System, TooLargeError
from upwell.evidence.errors import ProofError, RefusedError

PATIENCE = 3
"""Rounds that give up one table each; every later round gives up twice as many as the one before."""

TO_PROTECT = "to protect the people behind its counts"
"""The one joint reason for every table left out because of its counts: a reason of its own would tell of them."""

NO_TOTAL = (
    "Not even the totals can be shown safely: too few people are counted, or too few have changed since an earlier "
    "release. Ask for a longer period or for several agencies together, or wait for more changes."
)


@dataclass(frozen=True)
class Side:
    """One crowd, protected. names: for each cell of the system, all its names in the ledger.

    promised: int64, shape (cells,), how far apart the least and greatest value of a protected cell stay at least.
    rounded: what is printed in place of withheld counts. notes: sentences on what of that was left out.
    amounts: whether amounts are added up, and not persons.
    """

    system: System
    demand: Demand
    hiding: Hiding
    names: tuple[tuple[str, ...], ...]
    promised: NDArray[np.int64]
    rounded: tuple[Rounded, ...] = ()
    notes: tuple[str, ...] = ()
    amounts: bool = False

    def shown(self) -> dict[Cell, int]:
        """Counts that may be printed."""
        system, hidden = self.system, self.hiding.hidden
        return {system.cells[at]: int(system.values[at]) for at in np.flatnonzero(~hidden)}

    def values(self) -> dict[Cell, int]:
        """The true counts: never leave the case side."""
        return {cell: int(value) for cell, value in zip(self.system.cells, self.system.values, strict=True)}

    def public(self) -> Public:
        """What everybody can see: shown counts, how all counts add up, and what is printed in place of others."""
        system = self.system
        shown = np.where(self.hiding.hidden, -1, system.values)
        names = tuple(cell.id for cell in system.cells)
        return Public(names, shown, system.counts, system.ties, system.sums, system.bands, system.least, system.most)

    @property
    def widest(self) -> int:
        """The largest distance that is promised of a protected cell: the attacker need not look beyond."""
        return int(self.promised[self.demand.primary].max(initial=1))

    def narrowed(self, report: AttackReport) -> NDArray[np.bool_]:
        """Protected cells, of all of the system's, that an attack told more closely than was promised."""
        hidden = np.flatnonzero(self.hiding.hidden)
        found = np.zeros(len(self.system.cells), dtype=bool)
        found[hidden] = report.high - report.low < self.promised[hidden]
        return np.asarray(found & self.demand.primary)


def check(side: Side) -> None:
    """Check a crowd's proof, without a solver, as it is done for every release.

    Raises ProofError when a witness table does not agree with what is printed, or proves too little.
    """
    proved = verify(side.system, side.demand, side.hiding)
    if side.system.bands.shape[0]:
        proved = proved and all(keeps_bands(side.system, table) for table in side.hiding.witnesses)
    if not proved:
        raise ProofError("A proof did not hold when it was checked again. Nothing is released: please report this.")


class Plan:
    """Tables still asked for. `done` holds the crowds that are protected; `notes` says what was given up.

    drafted: the persons behind every cell that was ever asked for: what the loss is reckoned against.
    unprinted: by crowd, cells of an agency's own tables that were left out, which must not follow from the others.
    """

    def __init__(self, tables: Sequence[DraftTable], patterns: Sequence[Pattern]) -> None:
        self.tables = list(tables)
        self.patterns = tuple(patterns)
        self.notes: list[str] = []
        self._left_out: dict[str, DraftTable] = {}
        self.done: dict[str, Side] = {}
        self.drafted: dict[Cell, int] = {}
        self.unprinted: dict[str, tuple[Cell, ...]] = {}
        self._rounds = 0

    def tables_of(self, crowd: str) -> tuple[DraftTable, ...]:
        """Tables that print a cell of a crowd."""
        return tuple(table for table in self.tables if any(cell.crowd == crowd for cell in cells_of(table)))

    def shown(self) -> dict[Cell, int]:
        """Every count that may be printed."""
        return {cell: persons for side in self.done.values() for cell, persons in side.shown().items()}

    def thin(self, persons: Mapping[Cell, int], protection: Protection) -> bool:
        """Give up tables with mostly small counts, and findings that cannot be shown; True when there were any.

        persons: those behind each cell.
        """
        given_up = False
        self.drafted |= {cell: persons[cell] for table in self.tables for cell in cells_of(table)}
        for table in list(self.tables):
            if table not in self.tables or table.kind in TOTALS:
                continue
            if table.kind == "finding":
                if any(0 < persons[cell] < protection.threshold for cell in cells_of(table)):
                    self._drop_finding(table)
                    given_up = True
            elif _is_sparse(table, persons, protection):
                self._give_up(table, TO_PROTECT)
                given_up = True
        return given_up

    def give_up_crossing(self, error: TooLargeError) -> None:
        """Give up the least important table that crosses several of the columns that are too many."""
        crossing = [
            table
            for table in self.tables_of(error.crowd)
            if any(sum(name in error.columns for name, _ in cell.where) > 1 for cell in cells_of(table))
        ]
        if not crossing:
            raise error
        self._give_up(_least(crossing), "because too many tables cross")

    def give_up_touching(self, crowd: str, system: System, blamed: NDArray[np.bool_]) -> None:
        """Give up the least important tables around cells, of today or the past, that could not be kept safe.

        Raises RefusedError when this crowd has no table left: what is public already would give a count away.
        """
        cells = {_of_today(system.cells[at], crowd) for at in np.flatnonzero(blamed)}
        near = [table for table in self.tables_of(crowd) if cells & set(cells_of(table))]
        found = near or self.tables_of(crowd)
        if not found:
            raise RefusedError(
                "Together with an earlier release of the same records these tables would give a small count away. "
                "Ask for the same tables as before, or wait for new records."
            )
        self._give_up_some(found)

    def refuse_without_total(self, never: Set[Cell]) -> None:
        """Raise RefusedError when every total, or of tables without totals every row, is a cell that is never shown.

        What may not be shown for its own sake may not whatever else is given up: no search could change that.
        """
        useful = self._useful(lambda table: [table, *_coarser_than(table)])
        if useful and never >= set(useful):
            raise RefusedError(NO_TOTAL)

    def mend_findings(self) -> bool:
        """Where a count of a finding had to be hidden, give up its series or places, else itself; True when any was."""
        shown = self.shown()
        broken = [t for t in self.tables if t.kind == "finding" and any(cell not in shown for cell in cells_of(t))]
        for table in broken:
            beside = [each for each in self.tables if each.id in self._ids_of(table) - {table.id}]
            if beside:
                self._give_up(_least(beside), TO_PROTECT)
            else:
                self._drop_finding(table)
        return bool(broken)

    def make_room_for_a_total(self) -> bool:
        """When not one total is shown, give up the least important tables; True when there were any."""
        shown = self.shown()
        if any(cell in shown for cell in self._useful(lambda table: [table])):
            return False
        others = [table for table in self.tables if table.kind not in TOTALS]
        if not others:
            raise RefusedError(NO_TOTAL)
        self._give_up_some(others)
        return True

    def _useful(self, forms: Callable[[DraftTable], Sequence[DraftTable]]) -> list[Cell]:
        """The persons of every total; of every row where no table is one of totals. forms: what stands for a table."""
        totals = [table for table in self.tables if table.kind in TOTALS] or self.tables
        return [row.persons for table in totals for form in forms(table) for row in form.rows]

    def said(self) -> tuple[str, ...]:
        """What was given up, in sentences, each with the coarser table that is shown instead where there is one."""
        sentences = [note + _shown_instead(self._left_out.get(note), self.tables) for note in self.notes]
        return tuple(dict.fromkeys((*sentences, *(note for side in self.done.values() for note in side.notes))))

    def _give_up_some(self, tables: Sequence[DraftTable]) -> None:
        """Give up the least important of these tables: one, and more where many rounds went before."""
        many = 2 ** max(0, self._rounds - PATIENCE)
        self._rounds += 1
        for table in _least_first(tables)[:many]:
            self._give_up(table, TO_PROTECT)

    def _give_up(self, table: DraftTable, reason: str) -> None:
        """Ask for the coarser table instead, or for none."""
        at = self.tables.index(table)
        if table.coarser is not None:
            self.tables[at] = table.coarser
            self.notes.append(f"{table.title}: made coarser ({_in_other_words(table)}), {reason}.")
        else:
            del self.tables[at]
            note = f"{table.title}: left out, {reason}."
            if table.kind == "counts" and reason == TO_PROTECT:
                for cell in cells_of(table):
                    self.unprinted[cell.crowd] = (*self.unprinted.get(cell.crowd, ()), cell)
            self.notes.append(note)
            self._left_out[note] = table

    def _ids_of(self, finding: DraftTable) -> set[str]:
        """A finding's table, and those that show it over time and places."""
        tied = [{each.table, each.series, each.place} for each in self.patterns if each.table == finding.id]
        return {finding.id}.union(*tied) - {""}

    def _drop_finding(self, table: DraftTable) -> None:
        """A finding goes with the tables that show it over time and places."""
        ids = self._ids_of(table)
        self.tables = [each for each in self.tables if each.id not in ids]
        self.notes.append(f"{table.title}: a finding was left out, {TO_PROTECT}.")


def _shown_instead(table: DraftTable | None, shown: Sequence[DraftTable]) -> str:
    """Of an agency's own tables, the one with the most columns of those that a table left out had."""
    columns = set() if table is None else set(table.columns)
    within = [each for each in shown if each.columns and set(each.columns) < columns]
    return f" {max(within, key=lambda each: len(each.columns)).title} is shown." if within else ""


def _in_other_words(table: DraftTable) -> str:
    """What a table becomes when it is made coarser."""
    coarser = table.coarser
    if coarser is None:
        return ""
    return coarser.title if coarser.title != table.title else coarser.steps or coarser.column or "fewer rows"


def _coarser_than(table: DraftTable) -> Iterator[DraftTable]:
    while table.coarser is not None:
        table = table.coarser
        yield table


def _of_today(cell: Cell, crowd: str) -> Cell:
    """The cell of today that counts the group of a cell of the past (see history.stack)."""
    return cell if cell.crowd == crowd else replace(cell, crowd=crowd)


def _least_first(tables: Sequence[DraftTable]) -> list[DraftTable]:
    """Tables in the order in which they are given up: the largest priority number, then the one that came last."""
    numbered = sorted(enumerate(tables), key=lambda pair: (pair[1].priority, pair[0]), reverse=True)
    return [table for _, table in numbered]


def _least(tables: Sequence[DraftTable]) -> DraftTable:
    """The table given up first."""
    return _least_first(tables)[0]


def _is_sparse(table: DraftTable, persons: Mapping[Cell, int], protection: Protection) -> bool:
    counts = np.array([persons[cell] for cell in set(cells_of(table))])
    some = int((counts > 0).sum())
    return int((counts[counts > 0] < protection.threshold).sum()) > protection.sparse_share * some
