"""Low-order tables: every triple of dimensions, events, expectation and persons, whatever the number of records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.dimensions import Dimension
from upwell.evidence.engine.fill import Block, Plan, fill, plan

MOST_IN_TRIPLES = 16
"""Dimensions of which all triples are counted; of more, only of those that the best pair tables restrict."""


@dataclass(frozen=True)
class Frame:
    """The persons of a search by their packed codes, and which tables are made of them.

    codes: uint8, shape (dimensions, persons).
    sizes: int64, known values of each dimension plus one for unknown. ordered: bool, shape (dimensions,).
    triples: int64, shape (tables, 3): all, or none where there are more than MOST_IN_TRIPLES dimensions (then each
    outcome has its own, see `outcome_tables`). families: for each dimension the sets of values that may be allowed,
    uint64 with bit v for value v; empty for nominal and ordered ones, and () when all are.
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


def frame(space: Sequence[Dimension]) -> Frame:
    """The frame of some dimensions; with fewer than three, idle ones of a single value fill the places."""
    codes = np.stack([dimension.codes for dimension in space])
    sizes = [dimension.values + 1 for dimension in space]
    return packed(codes, sizes, [dimension.ordered for dimension in space], _families(space))


def packed(
    codes: NDArray[np.uint8],
    sizes: Sequence[int],
    ordered: Sequence[bool],
    families: tuple[NDArray[np.uint64], ...] = (),
) -> Frame:
    """A frame of codes as they lie, without a second copy (but for fewer than three dimensions).

    codes: uint8, shape (dimensions, persons). sizes: values of each and one for unknown.
    """
    idle = max(3 - len(codes), 0)
    if idle:
        codes = np.concatenate([codes, np.zeros((idle, codes.shape[1]), dtype=np.uint8)])
        families = (*families, *[np.zeros(0, dtype=np.uint64)] * idle) if families else ()
    some = combinations(range(len(codes) if len(codes) <= MOST_IN_TRIPLES else 0), 3)
    triples = np.array(list(some), dtype=np.int64).reshape(-1, 3)
    held, steps = np.array([*sizes, *[2] * idle], dtype=np.int64), np.array([*ordered, *[False] * idle])
    return Frame(np.ascontiguousarray(codes), held, steps, triples, families)


def _families(space: Sequence[Dimension]) -> tuple[NDArray[np.uint64], ...]:
    if not any(dimension.family for dimension in space):
        return ()
    masks = [[sum(1 << value for value in held) for held in dimension.family] for dimension in space]
    return tuple(np.array(each, dtype=np.uint64) for each in masks)


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
    """Persons, events and expectation in all cells of the frame's tables.

    With more than MOST_IN_TRIPLES dimensions all pair tables come first, and triples only of so many dimensions that
    the best of them restrict: chosen anew for each outcome, so that a search of drawn outcomes is the same search.
    """
    block = Block(people.codes, yes, expected)
    wanted = plan(people.triples, people.sizes, people.codes)
    if len(people.sizes) > MOST_IN_TRIPLES:
        wanted = _screened(wanted, block)
    held = fill(wanted, block)
    persons, events = held.persons.astype(np.float64), held.events.astype(np.float64)
    return Tables(wanted.triples, wanted.offsets, persons, events, held.expected)


def _screened(wanted: Plan, block: Block) -> Plan:
    """All triples of the dimensions that the best pair tables restrict."""
    from upwell.evidence.engine.screen import worth  # noqa: PLC0415 - numba is slow to import

    pairs = replace(wanted, triples=np.array(list(combinations(range(len(wanted.sizes)), 2)), dtype=np.int64))
    kept = worth(pairs, fill(pairs, block), MOST_IN_TRIPLES)
    return replace(wanted, triples=np.array(list(combinations(kept, 3)), dtype=np.int64))
