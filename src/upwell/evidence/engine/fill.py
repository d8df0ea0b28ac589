"""Fill low-order tables of persons, events and expectation in one pass over the persons.

Two ways give equal tables: plain NumPy, the reference, and a compiled kernel for many persons. Blocks of persons may
come one after the other, and tables filled apart (by threads, shards, months) add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
from numpy.typing import NDArray

MANY = 2_000
"""Persons from which the compiled kernels pay for being loaded (about 0.8 CPU seconds, once a run)."""

UNIT = float(1 << 25)
"""Units in one person's expectation: integers, so that sums do not depend on their order."""

MOST_CELLS = 8192  # of a joint table: 64 KiB, between the first two caches
FEW_CELLS = 4096  # where there are too few persons to pay for summing joint tables up
ENOUGH = 300_000  # persons, for the larger joint tables and for threads

Floats = NDArray[np.float64]
Expected = NDArray[np.float64] | NDArray[np.float32]


@dataclass(frozen=True)
class Counts:
    """What is in every cell of every table, one table after the other, the last attribute fastest.

    persons, events: int64. units: int64, expectation in 1 / UNIT persons; error of one person's at most 0.5 / UNIT.
    Exact up to 2**37 persons.
    """

    persons: NDArray[np.int64]
    events: NDArray[np.int64]
    units: NDArray[np.int64]

    @property
    def expected(self) -> Floats:
        """Expectation in persons."""
        return self.units / UNIT

    def __add__(self, other: Counts) -> Counts:
        """Of other persons, in the same tables."""
        return Counts(self.persons + other.persons, self.events + other.events, self.units + other.units)


@dataclass(frozen=True)
class Plan:
    """Which tables are wanted. triples: int64, shape (tables, 3) or, for pairs, (tables, 2): attributes, rising.

    sizes: int64, cells of each attribute in the tables. used: the same or less, none of the codes being higher: joint
    tables are only as large as that.
    """

    triples: NDArray[np.int64]
    sizes: NDArray[np.int64]
    used: NDArray[np.int64]

    @property
    def offsets(self) -> NDArray[np.int64]:
        """The first cell of each table, and behind the last one the number of all cells."""
        return np.concatenate(([0], np.cumsum(self.sizes[self.triples].prod(axis=1)))).astype(np.int64)


@dataclass(frozen=True)
class Block:
    """Some persons. codes: uint8, shape (attributes, persons). yes: bool, expected: 0..1, each shape (persons,)."""

    codes: NDArray[np.uint8]
    yes: NDArray[np.bool_]
    expected: Expected


def plan(triples: NDArray[np.int64], sizes: NDArray[np.int64], codes: NDArray[np.uint8]) -> Plan:
    """Tables for these persons alone: no room is kept for values that nobody has."""
    used: NDArray[np.int64] = codes.max(axis=1, initial=0).astype(np.int64) + 1
    return Plan(triples, sizes, used)


def fill(wanted: Plan, people: Block, *, threads: int = 2) -> Counts:
    """All tables of some persons.

    threads: how many work side by side where persons are many; the tables are the same for any number.
    """
    persons = people.codes.shape[1]
    if persons <= MANY:
        return fill_plain(wanted, people)
    from upwell.evidence.engine import compiled  # noqa: PLC0415 - numba is slow to import

    most = MOST_CELLS if persons >= ENOUGH else FEW_CELLS
    parts = threads if persons >= ENOUGH else 1
    ends = [persons * part // parts for part in range(parts + 1)]

    def count(span: tuple[int, int]) -> Counts:
        filling = compiled.Filling(wanted, most)
        filling.add(people, span)
        return filling.counts()

    with ThreadPoolExecutor(parts) as pool:
        return reduce(add, pool.map(count, pairwise(ends)))


def fill_plain(wanted: Plan, people: Block) -> Counts:
    """As `fill`, in NumPy alone."""
    units = np.rint(people.expected.astype(np.float64) * UNIT)
    tables = [_table(wanted.sizes[triple], people.codes[triple], people.yes, units) for triple in wanted.triples]
    if not tables:
        none = np.zeros(0, dtype=np.int64)
        return Counts(none, none, none)
    persons, events, told = (np.concatenate(part) for part in zip(*tables, strict=True))
    return Counts(persons, events, told)


def _table(
    sizes: NDArray[np.int64], codes: NDArray[np.uint8], yes: NDArray[np.bool_], units: Floats
) -> Sequence[NDArray[np.int64]]:
    cell = codes[0].astype(np.int64)
    for column, size in zip(codes[1:], sizes[1:], strict=True):
        cell = cell * size + column
    cells = int(sizes.prod())
    return (
        np.bincount(cell, minlength=cells).astype(np.int64),
        np.bincount(cell[yes], minlength=cells).astype(np.int64),
        np.bincount(cell, weights=units, minlength=cells).astype(np.int64),  # floats are exact below 2**53 units
    )
