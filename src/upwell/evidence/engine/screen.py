"""Which attributes are worth triples, where there are too many for all of them: those of the best pair tables.

In each pair table the best block (some values of one, some of the other) is looked for, from everything and from the
best cell, by exact one-attribute steps. Imported late (numba).
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from math import lgamma, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.excess import score_of
from upwell.evidence.engine.fill import Counts, Plan
from upwell.evidence.engine.kernel import compile_cached

ROUNDS = 3


class Cells(NamedTuple):
    """Tables as the kernels take them: persons, events and expectation of all cells; sizes of each pair."""

    persons: NDArray[np.int64]
    events: NDArray[np.int64]
    expected: NDArray[np.float64]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int64]


@compile_cached
def _price(values, chosen):
    """Nats to name some of the known values."""
    return 1.0 + log(values) + lgamma(values + 1.0) - lgamma(chosen + 1.0) - lgamma(values - chosen + 1.0)


@compile_cached
def _paid(chosen, size):
    held = chosen[:size].sum()
    return _price(size - 1, held) if held < size else 0.0


@compile_cached
def _step(tally, size, chosen):
    """The best values of one attribute, or all: score less price. chosen takes them; the last code is unknown."""
    values = size - 1
    ratio = np.empty(values)
    for v in range(values):
        ratio[v] = tally[1, v] / tally[2, v] if tally[2, v] > 0.0 else -1.0
    order = np.argsort(-ratio, kind="mergesort")
    best, held = score_of(tally[1, :size].sum(), tally[2, :size].sum(), tally[0, :size].sum()), -1
    persons = yes = expected = 0.0
    for m in range(values - 1):
        v = order[m]
        persons, yes, expected = persons + tally[0, v], yes + tally[1, v], expected + tally[2, v]
        score = score_of(yes, expected, persons) - _price(values, m + 1)
        if score > best:
            best, held = score, m
    chosen[:size] = held < 0
    for m in range(held + 1):
        chosen[order[m]] = True
    return best


@compile_cached
def _margin(cells, at, axis, chosen, tally):
    """Sums over the chosen values of the other attribute."""
    sizes = cells.sizes[at]
    tally[:, :] = 0.0
    for a in range(sizes[0]):
        for b in range(sizes[1]):
            if chosen[1 - axis, b if axis == 0 else a]:
                cell = cells.offsets[at] + a * sizes[1] + b
                v = a if axis == 0 else b
                tally[0, v] += cells.persons[cell]
                tally[1, v] += cells.events[cell]
                tally[2, v] += cells.expected[cell]


@compile_cached
def _climb(cells, at, chosen, tally):
    """Alternate steps from a start; score less the price of both attributes."""
    sizes = cells.sizes[at]
    score = -np.inf
    for turn in range(2 * ROUNDS):
        axis = turn % 2
        _margin(cells, at, axis, chosen, tally)
        kept = chosen[axis].copy()
        found = _step(tally, sizes[axis], chosen[axis]) - _paid(chosen[1 - axis], sizes[1 - axis])
        if found < score:
            chosen[axis] = kept
        else:
            score = found
    return score


@compile_cached
def _best_cell(cells, at):
    sizes = cells.sizes[at]
    best, found = -np.inf, 0
    for a in range(sizes[0] - 1):
        for b in range(sizes[1] - 1):
            cell = cells.offsets[at] + a * sizes[1] + b
            score = score_of(float(cells.events[cell]), cells.expected[cell], float(cells.persons[cell]))
            if score > best:
                best, found = score, a * sizes[1] + b
    return found // sizes[1], found % sizes[1]


@compile_cached
def _blocks(cells, scores, both):
    width = cells.sizes.max()
    tally, chosen = np.empty((3, width)), np.empty((2, width), np.bool_)
    for at in range(len(cells.sizes)):
        row, column = _best_cell(cells, at)
        for start in range(2):
            chosen[:, :] = start == 0
            chosen[0, row] = chosen[1, column] = True
            score = _climb(cells, at, chosen, tally)
            if score > scores[at]:
                scores[at] = score
                first, second = chosen[0, : cells.sizes[at, 0]], chosen[1, : cells.sizes[at, 1]]
                both[at, 0], both[at, 1] = not first.all(), not second.all()


def blocks(pairs: Plan, held: Counts) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each pair table the score of its best block, in nats, and which of the two attributes it restricts."""
    scores = np.full(len(pairs.triples), -np.inf)
    restricted = np.zeros((len(pairs.triples), 2), dtype=np.bool_)
    cells = Cells(held.persons, held.events, held.expected, pairs.offsets, pairs.sizes[pairs.triples])
    _blocks(cells, scores, restricted)
    return scores, restricted


def worth(pairs: Plan, held: Counts, most: int) -> tuple[int, ...]:
    """At most so many attributes, ascending: those that the best blocks restrict, block by block.

    An attribute that a block does not restrict is not taken for the other's sake. Ties go by the pairs' order.
    """
    scores, restricted = blocks(pairs, held)
    found: dict[int, None] = {}
    for at in np.argsort(-scores, kind="stable"):
        for j in pairs.triples[at][restricted[at]]:
            if len(found) < most:
                found.setdefault(int(j))
    for j in range(len(pairs.sizes)):
        if len(found) < min(most, len(pairs.sizes)):
            found.setdefault(j)
    return tuple(sorted(found))
