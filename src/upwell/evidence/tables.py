"""Low-order tables: every triple of dimensions, events, expectation and persons, whatever the number of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.dimensions import Dimension
from upwell.evidence.engine.fill import Block, fill, plan


@dataclass(frozen=True)
class Frame:
    """The persons of a search by their packed codes, and which tables are made of them.

    codes: uint8, shape (dimensions, persons).
    sizes: int64, known values of each dimension plus one for unknown. ordered: bool, shape (dimensions,).
    triples: int64, shape (tables, 3). families: for each dimension the sets of values that may be allowed, uint64 with
    bit v for value v; empty for nominal and ordered ones, and () when all are.
    """

    codes: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    ordered: NDArray[np.bool_]
    triples: NDArray[np.int64]
    families: tuple[NDArray[np.uint64], ...] = ()

    @property
    def persons(self) -> int:
        """How many persons are compared."""
        return int(self.codes.shape[1])

    @cached_property
    def rows(self) -> NDArray[np.uint8]:
        """The codes person by person, shape (persons, dimensions): as much memory again, so only where needed."""
        return np.ascontiguousarray(self.codes.T)


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
    families = _families(space, len(codes))
    return Frame(stacked, np.array(sizes, dtype=np.int64), np.array(ordered), triples, families)


def _families(space: Sequence[Dimension], dimensions: int) -> tuple[NDArray[np.uint64], ...]:
    if not any(dimension.family for dimension in space):
        return ()
    masks = [[sum(1 << value for value in held) for held in dimension.family] for dimension in space]
    return tuple(np.array(masks[j] if j < len(masks) else [], dtype=np.uint64) for j in range(dimensions))


@dataclass(frozen=True)
class Tables:
    """Some tables, one after the other, the last attribute fastest; cells of each from offsets[t] to offsets[t + 1].

    triples: int64, shape (tables, 3), dimensions of each. persons, events, expected: float64, in persons.
    """

    triples: NDArray[np.int64]
    offsets: NDArray[np.int64]
    persons: NDArray[np.float64]
    events: NDArray[np.float64]
    expected: NDArray[np.float64]


def outcome_tables(
    people: Frame, yes: NDArray[np.bool_], expected: NDArray[np.float64] | NDArray[np.float32]
) -> Tables:
    """Persons, events and expectation in all cells of the frame's tables."""
    wanted = plan(people.triples, people.sizes, people.codes)
    held = fill(wanted, Block(people.codes, yes, expected))
    persons, events = held.persons.astype(np.float64), held.events.astype(np.float64)
    return Tables(wanted.triples, wanted.offsets, persons, events, held.expected)
