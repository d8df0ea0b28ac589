"""Climbing inside low-order tables: the starts of the search, at a cost that does not grow with the persons.

Imported late (numba).
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.excess import score_of
from upwell.evidence.engine.kernel import compile_cached
from upwell.evidence.scan.climbing.compiled import Rule, may_pass, one_of, price_of, step_of
from upwell.evidence.scan.climbing.steps import GAIN
from upwell.evidence.tables import Frame, Tables

CELLS = 4  # best cells of a table that are starts, besides everything
MOST_ROUNDS = 4  # rounds of one-dimension steps inside one table


class Grid(NamedTuple):
    """One table: events, expectation and persons by cell; shape: int64, 3 sizes."""

    events: NDArray[np.float64]
    expected: NDArray[np.float64]
    persons: NDArray[np.float64]
    shape: NDArray[np.int64]


class Grids(NamedTuple):
    """All tables, one after the other."""

    events: NDArray[np.float64]
    expected: NDArray[np.float64]
    persons: NDArray[np.float64]
    triples: NDArray[np.int64]
    offsets: NDArray[np.int64]


@compile_cached
def _list(mask, size, held):
    """Numbers of the values that a mask holds; how many."""
    count = 0
    for v in range(size):
        held[count] = v
        count += mask[v]
    return count


@compile_cached
def margin(grid, masks, axis, held, tally):
    """Events, expectation and persons by value of one dimension, under the masks of the two others."""
    shape = grid.shape
    tally[:, :] = 0.0
    counts = np.empty(3, dtype=np.int64)
    for k in range(3):
        counts[k] = shape[k] if k == axis else _list(masks[k], shape[k], held[k])
        if k == axis:
            held[k, : shape[k]] = np.arange(shape[k])
    for x in range(counts[0]):
        for y in range(counts[1]):
            row = (held[0, x] * shape[1] + held[1, y]) * shape[2]
            if axis == 2:
                for c in range(counts[2]):
                    tally[0, c] += grid.events[row + c]
                    tally[1, c] += grid.expected[row + c]
                    tally[2, c] += grid.persons[row + c]
                continue
            v = held[0, x] if axis == 0 else held[1, y]
            for z in range(counts[2]):
                cell = row + held[2, z]
                tally[0, v] += grid.events[cell]
                tally[1, v] += grid.expected[cell]
                tally[2, v] += grid.persons[cell]


@compile_cached
def _best_cells(grid, costs, best, cells):
    """The cells of one table with the best score of their own, in no order."""
    shape = grid.shape
    best[:] = -np.inf
    cells[:] = -1
    worst, line = np.int64(0), -np.inf
    for a in range(shape[0] - 1):
        for b in range(shape[1] - 1):
            row = (a * shape[1] + b) * shape[2]
            for cell in range(row, row + shape[2] - 1):
                yes, expected, persons = grid.events[cell], grid.expected[cell], grid.persons[cell]
                if yes < 2.0 or not may_pass(yes, expected, persons, line):
                    continue
                score = score_of(yes, expected, persons) - costs
                if score > best[worst]:
                    best[worst], cells[worst] = score, cell
                    worst = np.int64(np.argmin(best))
                    line = best[worst] + costs


@compile_cached
def _alone(masks, shape, axis):
    """Whether no other dimension of a table than this is restricted."""
    second, third = (axis + 1) % 3, (axis + 2) % 3
    return masks[second, : shape[second]].all() and masks[third, : shape[third]].all()


@compile_cached
def _climb_table(grid, attributes, rule, masks):
    """Alternate exact steps over the three dimensions of a table until none gains; masks are the start and the end."""
    shape = grid.shape
    tally, held = np.empty((3, masks.shape[1])), np.empty((3, masks.shape[1] + 1), dtype=np.int64)
    new = np.empty(masks.shape[1], dtype=np.bool_)
    paid = np.zeros(3)
    for axis in range(3):
        paid[axis] = price_of(masks[axis], one_of(rule, attributes[axis]))
    score = -np.inf
    still = 0
    for turn in range(3 * MOST_ROUNDS):
        axis = turn % 3
        others = paid.sum() - paid[axis]
        margin(grid, masks, axis, held, tally)
        found, cost = step_of(tally, one_of(rule, attributes[axis]), _alone(masks, shape, axis), new)
        found -= others
        still += 1
        if found > score + GAIN:
            score, still = found, 0
            paid[axis] = cost
            masks[axis, :] = new
        if still == 3:
            break
    return score


@compile_cached
def _start(masks, cell, shape):
    """Allow a single cell, or everything when there is none."""
    masks[:, :] = cell < 0
    if cell >= 0:
        masks[2, cell % shape[2]] = True
        masks[1, cell // shape[2] % shape[1]] = True
        masks[0, cell // (shape[2] * shape[1])] = True


@compile_cached
def _scan_tables(tables, rule, scores, allowed):
    """Best score of each table and the values behind it, from everything and from its best cells."""
    best, cells = np.empty(CELLS), np.empty(CELLS, dtype=np.int64)
    shape = np.empty(3, dtype=np.int64)
    masks = np.empty((3, allowed.shape[2]), dtype=np.bool_)
    triples = tables.triples
    for t in range(triples.shape[0]):
        begin, end = tables.offsets[t], tables.offsets[t + 1]
        grid = Grid(tables.events[begin:end], tables.expected[begin:end], tables.persons[begin:end], shape)
        costs = 0.0
        for axis in range(3):
            shape[axis] = rule.sizes[triples[t, axis]]
            price = rule.cost[triples[t, axis], 1]
            costs += price if np.isfinite(price) else 0.0  # an idle dimension
        _best_cells(grid, costs, best, cells)
        for start in range(-1, CELLS):
            if start >= 0 and cells[start] < 0:
                continue
            _start(masks, cells[start] if start >= 0 else -1, shape)
            score = _climb_table(grid, triples[t], rule, masks)
            if score > scores[t]:
                scores[t] = score
                allowed[t] = masks


def grids(tables: Tables) -> Grids:
    """Tables as kernels take them."""
    return Grids(tables.events, tables.expected, tables.persons, tables.triples, tables.offsets)


def scan_tables(people: Frame, tables: Tables, rule: Rule) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each table its best score (base not yet paid) and allowed values, shape (tables, 3, width)."""
    scores = np.full(len(tables.triples), -np.inf)
    allowed = np.ones((len(tables.triples), 3, int(people.sizes.max())), dtype=np.bool_)
    _scan_tables(grids(tables), rule, scores, allowed)
    return scores, allowed
