"""Low-order tables: every triple of dimensions, events, expectation and persons, whatever the number of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.dimensions import Dimension
from upwell.evidence.engine.fill import fill, pack


@dataclass(frozen=True)
class Frame:
    """The persons of a search by their packed codes, and which tables are made of them.

    codes: uint8, shape (dimensions, persons). rows: the same, shape (persons, dimensions).
    sizes: int64, known values of each dimension plus one for unknown. ordered: bool, shape (dimensions,).
    triples: int64, shape (tables, 3). families: for each dimension the sets of values that may be allowed, uint64 with
    bit v for value v; empty for nominal and ordered ones, and () when all are.
    """

    codes: NDArray[np.uint8]
    rows: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    ordered: NDArray[np.bool_]
    triples: NDArray[np.int64]
    families: tuple[NDArray[np.uint64], ...] = ()

    @property
    def persons(self) -> int:
        """How many persons are compared."""
        return int(self.codes.shape[1])


def frame(space: Sequence[Dimension]) -> Frame:
    """The frame of some dimensions; with fewer than three, idle ones of a single value fill the places."""
    codes = [dimension.codes for dimension in space]
    sizes = [dimension.values + 1 for dimension in space]
    ordered = [dimension.ordered for dimension in space]
    while len(codes) < 3:
        codes.append(np.zeros_like(codes[0]))
        sizes.append(2)
        ordered.append(False)
    stacked = np.ascontiguousarray(np.stack(codes))
    triples = np.array(list(combinations(range(len(codes)), 3)), dtype=np.int64)
    return Frame(stacked, np.ascontiguousarray(stacked.T), np.array(sizes, dtype=np.int64), np.array(ordered), triples)


def outcome_tables(people: Frame, yes: NDArray[np.bool_], expected: NDArray[np.float64]) -> NDArray[np.int64]:
    """Packed events and expectation of all cells (see engine.fill.unpack)."""
    return fill(people.codes, pack(yes, expected), people.triples, people.sizes)


def person_tables(people: Frame) -> NDArray[np.int64]:
    """Persons in all cells."""
    ones = np.ones(people.persons, dtype=np.int64)
    return fill(people.codes, ones, people.triples, people.sizes)
