"""What stands in place of a withheld count: its share, rounded, or its class on a map. Each is an interval row.

A share of 12.5 % says that the count lies between two parts of its denominator; a class says it outright. What is
printed is what an attacker gets: nothing of this kind is printed before the proofs stand with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.draft import Cell, DraftRow, DraftTable
from upwell.evidence.disclosure.system import UNBOUNDED, System

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """The sum of weight x count of some cells lies from least to most, whole numbers; UNBOUNDED is no bound."""

    weights: tuple[tuple[Cell, int], ...]
    least: int
    most: int


@dataclass(frozen=True)
class Rounded:
    """What one row of a table prints in place of a count, and what that says.

    percent: the share as printed, "" for a class. between: the class, first <= persons < second, second -1: or more.
    """

    table: str
    row: int
    limits: tuple[Limit, ...]
    percent: str = ""
    between: tuple[int, int] | None = None

    @property
    def cells(self) -> frozenset[Cell]:
        """Cells that it says something of."""
        return frozenset(cell for limit in self.limits for cell, _ in limit.weights)


def asked(tables: Iterable[DraftTable], values: Mapping[Cell, int], hidden: Mapping[Cell, bool]) -> list[Rounded]:
    """Everything that the tables ask to print in place of their withheld counts, in the order of tables and rows.

    values: true counts. hidden: whether a cell is withheld; rows with a cell that neither holds print nothing.
    """
    found = []
    for table in tables:
        for at, row in enumerate(table.rows):
            if row.persons not in hidden or values[row.persons] == 0:
                continue
            if table.decimals is not None and row.yes is not None and any(hidden[cell] for cell in _counts(row)):
                found.append(share(table, at, values))
            if table.classes and hidden[row.persons]:
                found += classed(table, at, values)
    return found


def _counts(row: DraftRow) -> tuple[Cell, ...]:
    return tuple(cell for cell in (row.persons, row.yes, row.no) if cell is not None)


def share(table: DraftTable, row: int, values: Mapping[Cell, int]) -> Rounded:
    """The share yes / persons of a row in percent, halves rounded up, and the two limits that it sets.

    With q units of the last digit and 2 S units in twice the whole: (2q - 1) persons <= 2 S yes < (2q + 1) persons.
    """
    drawn = table.rows[row]
    if drawn.yes is None or table.decimals is None:
        raise ValueError("A row without yes and persons has no share.")
    yes, persons = drawn.yes, drawn.persons
    units = 10**table.decimals
    twice = 200 * units
    q = (twice * values[yes] + values[persons]) // (2 * values[persons])
    printed = f"{q // units}.{q % units:0{table.decimals}d}" if table.decimals else str(q)
    least = Limit(((yes, twice), (persons, 1 - 2 * q)), 0, UNBOUNDED)
    most = Limit(((yes, twice), (persons, -1 - 2 * q)), -UNBOUNDED, -1)
    return Rounded(table.id, row, (least, most), percent=printed)


def classed(table: DraftTable, row: int, values: Mapping[Cell, int]) -> list[Rounded]:
    """The class of a row's persons, if the table's breaks hold it."""
    cell = table.rows[row].persons
    breaks = table.classes
    at = int(np.searchsorted(breaks, values[cell], side="right")) - 1
    if at < 0:
        return []
    second = breaks[at + 1] if at + 1 < len(breaks) else -1
    return [_class(table.id, row, cell, (breaks[at], second))]


def _class(table: str, row: int, cell: Cell, between: tuple[int, int]) -> Rounded:
    first, second = between
    limit = Limit(((cell, 1),), first, UNBOUNDED if second < 0 else second - 1)
    return Rounded(table, row, (limit,), between=between)


def lessened(rounded: Rounded, table: DraftTable) -> Rounded | None:
    """A class joined with its neighbour, by pairs counted from below; None when there is nothing less to say.

    By pairs, whatever the count is: a neighbour that is chosen by the count would tell which end it is near.
    """
    if rounded.between is None or rounded.between[0] not in table.classes:
        return None
    at = table.classes.index(rounded.between[0])
    first = at - at % 2
    second = table.classes[first + 2] if first + 2 < len(table.classes) else -1
    if rounded.between == (table.classes[first], second) or (second < 0 and table.classes[first] == 0):
        return None
    return _class(rounded.table, rounded.row, table.rows[rounded.row].persons, (table.classes[first], second))


def banded(system: System, limits: Sequence[Limit]) -> System:
    """The system with further limits as interval rows. Every cell of a limit must be a cell of the system."""
    if not limits:
        return system
    number = {cell: at for at, cell in enumerate(system.cells)}
    rows = np.repeat(np.arange(len(limits)), [len(limit.weights) for limit in limits])
    columns = np.array([number[cell] for limit in limits for cell, _ in limit.weights])
    weights = np.array([weight for limit in limits for _, weight in limit.weights], dtype=np.int64)
    of_cells = sparse.csr_matrix((weights, (rows, columns)), shape=(len(limits), len(system.cells)))
    bands = (of_cells @ system.counts).tocsr().astype(np.int64)
    if system.bands.shape[0]:
        bands = sparse.vstack([system.bands, bands]).tocsr()
    return replace(
        system,
        bands=bands,
        least=np.concatenate([system.least, [limit.least for limit in limits]]).astype(np.int64),
        most=np.concatenate([system.most, [limit.most for limit in limits]]).astype(np.int64),
    )


def keeps_bands(system: System, leaves: NDArray[np.int64]) -> bool:
    """Whether a table agrees with every interval row."""
    if not system.bands.shape[0]:
        return True
    sums = system.bands @ leaves
    return bool(((sums >= system.least) & (sums <= system.most)).all())
