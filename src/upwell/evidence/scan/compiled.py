"""The search's compiled steps: the same arithmetic as `steps`, for many persons. Imported late (numba)."""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.kernel import compile_cached
from upwell.evidence.scan.score import Code
from upwell.evidence.scan.steps import FIRST_Q, GAIN, ROUNDS, TURNS
from upwell.evidence.tables import Frame, Tables

CELLS = 2  # best cells of a table that are starts, besides everything
MOST_ROUNDS = 4  # rounds of one-dimension steps inside one table


class Rule(NamedTuple):
    """What a kernel must know of the dimensions and of the code of descriptions."""

    sizes: NDArray[np.int64]
    ordered: NDArray[np.bool_]
    cost: NDArray[np.float64]
    ends: NDArray[np.float64]
    family: NDArray[np.uint64]
    family_at: NDArray[np.int64]
    base: float
    least: int
    most: int


class One(NamedTuple):
    """A dimension at one step. family: its sets, if only those may be."""

    size: int
    interval: bool
    cost: NDArray[np.float64]
    ends: NDArray[np.float64]
    family: NDArray[np.uint64]
    least: int


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


class People(NamedTuple):
    """Persons by row, with their answers and expectations."""

    rows: NDArray[np.uint8]
    yes: NDArray[np.bool_]
    expected: NDArray[np.float64]


@compile_cached
def _score(yes, expected, persons):
    if yes <= expected or expected <= 0.0 or persons <= expected:
        return 0.0
    no = persons - yes
    score = yes * np.log(yes / expected)
    if no > 0.0:
        score += no * np.log(no / (persons - expected))
    return score


@compile_cached
def _one(rule, j):
    family = rule.family[rule.family_at[j] : rule.family_at[j + 1]]
    return One(rule.sizes[j], rule.ordered[j], rule.cost[j], rule.ends[j], family, rule.least)


@compile_cached
def _price(chosen, one):
    """Nats for restricting a dimension to the chosen values; 0 when it is left alone."""
    values = one.size - 1
    held = 0
    for v in range(values):
        held += chosen[v]
    if held == values and chosen[values]:
        return 0.0
    return one.ends[held] if chosen[0] or chosen[values - 1] else one.cost[held]


@compile_cached
def _may_pass(yes, expected, persons, line):
    """Whether the score could exceed a line: it is below Pearson's statistic. Spares two logarithms nearly always."""
    beyond = yes - expected
    return beyond > 0.0 and beyond * beyond * persons > line * expected * (persons - expected)


@compile_cached
def _best_interval(tally, one, out):
    values = one.size - 1
    best, first, last = -np.inf, 0, -1
    for a in range(values):
        yes = expected = persons = 0.0
        for b in range(a, values):
            yes += tally[0, b]
            expected += tally[1, b]
            persons += tally[2, b]
            if b - a + 1 == values or yes < one.least or persons - yes < one.least:
                continue
            price = one.ends[b - a + 1] if a == 0 or b == values - 1 else one.cost[b - a + 1]
            if _may_pass(yes, expected, persons, best + price):
                score = _score(yes, expected, persons) - price
                if score > best:
                    best, first, last = score, a, b
    out[first : last + 1] = True
    return best


@compile_cached
def _best_of_family(tally, one, out):
    values = one.size - 1
    best, at = -np.inf, -1
    for f in range(len(one.family)):
        yes = expected = persons = 0.0
        held = 0
        for v in range(values):
            if one.family[f] >> np.uint64(v) & np.uint64(1):
                yes += tally[0, v]
                expected += tally[1, v]
                persons += tally[2, v]
                held += 1
        if yes < one.least or persons - yes < one.least:
            continue
        at_end = (one.family[f] | one.family[f] >> np.uint64(values - 1)) & np.uint64(1)
        price = one.ends[held] if at_end else one.cost[held]
        if _may_pass(yes, expected, persons, best + price):
            score = _score(yes, expected, persons) - price
            if score > best:
                best, at = score, f
    for v in range(values):
        out[v] = at >= 0 and one.family[at] >> np.uint64(v) & np.uint64(1)
    return best


@compile_cached
def _put_in_order(tally, values, tangent, gain, order):
    """Values that anybody has, by the gains of a tangent (see `steps.best_set`), the largest first; how many."""
    ratio, share = tangent
    line = 1.0 + (ratio - 1.0) * share
    slope = (ratio - 1.0) / line
    each, level = np.log(ratio), np.log(line) - slope * share
    held = 0
    for v in range(values):
        if tally[2, v] <= 0.0:
            continue
        own = tally[0, v] * each - tally[1, v] * slope - tally[2, v] * level
        at = held
        while at > 0 and gain[at - 1] < own:
            gain[at], order[at] = gain[at - 1], order[at - 1]
            at -= 1
        gain[at], order[at] = own, v
        held += 1
    return held


@compile_cached
def _best_prefix(tally, order, one):
    """Score and length of the best first values of an order, and the tangent at them."""
    best, size, ratio, share = -np.inf, 0, 1.0, 1.0
    yes = expected = persons = 0.0
    for m in range(len(order)):
        v = order[m]
        yes += tally[0, v]
        expected += tally[1, v]
        persons += tally[2, v]
        price = one.cost[m + 1]
        if yes < one.least or persons - yes < one.least or not _may_pass(yes, expected, persons, best + price):
            continue
        score = _score(yes, expected, persons) - price
        if score > best:
            best, size = score, m + 1
            ratio = min(max(yes * (persons - expected) / max(expected * (persons - yes), 1e-9), 1.05), 100.0)
            share = min(max(expected / persons, 1e-9), 1.0)
    return best, size, (ratio, share)


@compile_cached
def _best_of_any(tally, one, out):
    values = one.size - 1
    expected = persons = 0.0
    for v in range(values):
        expected += tally[1, v]
        persons += tally[2, v]
    overall = min(max(expected / max(persons, 1e-12), 1e-9), 1.0)
    best = -np.inf
    gain, order = np.empty(values), np.empty(values, dtype=np.int64)
    for first in FIRST_Q:
        tangent, chosen = (first, overall), 1
        for _ in range(TURNS):
            if chosen == 0:
                break
            held = _put_in_order(tally, values, tangent, gain, order)
            score, chosen, tangent = _best_prefix(tally, order[:held], one)
            if score > best:
                best = score
                out[:] = False
                for m in range(chosen):
                    out[order[m]] = True
    return best


@compile_cached
def _best_set(tally, one, out):
    """Score less price of the best restriction of one dimension; its values go to out."""
    out[:] = False
    if len(one.family):
        return _best_of_family(tally, one, out)
    if one.interval:
        return _best_interval(tally, one, out)
    return _best_of_any(tally, one, out)


@compile_cached
def _totals(tally, size):
    yes = expected = persons = 0.0
    for v in range(size):
        yes += tally[0, v]
        expected += tally[1, v]
        persons += tally[2, v]
    return yes, expected, persons


@compile_cached
def _step(tally, one, alone, out):
    """The better of leaving a dimension alone and restricting it: score, price paid; its values go to out.

    alone: nothing else is restricted, so it must stay so: everybody is no finding.
    """
    closed = _best_set(tally, one, out)
    yes, expected, persons = _totals(tally, one.size)
    open_ = -np.inf
    if not alone and yes >= one.least and persons - yes >= one.least:
        open_ = _score(yes, expected, persons)
    if closed > open_:
        return closed, _price(out, one)
    out[:] = True
    return open_, 0.0


@compile_cached
def _margin(grid, masks, axis, tally):
    shape = grid.shape
    tally[:, :] = 0.0
    for a in range(shape[0]):
        if axis != 0 and not masks[0, a]:
            continue
        for b in range(shape[1]):
            if axis != 1 and not masks[1, b]:
                continue
            row = (a * shape[1] + b) * shape[2]
            for c in range(shape[2]):
                if (axis == 2 or masks[2, c]) and grid.persons[row + c]:
                    v = a if axis == 0 else (b if axis == 1 else c)
                    tally[0, v] += grid.events[row + c]
                    tally[1, v] += grid.expected[row + c]
                    tally[2, v] += grid.persons[row + c]


@compile_cached
def _best_cells(grid, costs, best, cells):
    """The cells of one table with the best score of their own."""
    shape = grid.shape
    best[:] = -np.inf
    cells[:] = -1
    for a in range(shape[0] - 1):
        for b in range(shape[1] - 1):
            for c in range(shape[2] - 1):
                cell = (a * shape[1] + b) * shape[2] + c
                yes, expected, persons = grid.events[cell], grid.expected[cell], grid.persons[cell]
                if yes < 2.0 or not _may_pass(yes, expected, persons, best.min() + costs):
                    continue
                score = _score(yes, expected, persons) - costs
                worst = np.argmin(best)
                if score > best[worst]:
                    best[worst], cells[worst] = score, cell


@compile_cached
def _alone(masks, shape, axis):
    """Whether no other dimension of a table than this is restricted."""
    second, third = (axis + 1) % 3, (axis + 2) % 3
    return masks[second, : shape[second]].all() and masks[third, : shape[third]].all()


@compile_cached
def _climb_table(grid, attributes, rule, masks):
    """Alternate exact steps over the three dimensions of a table until none gains; masks are the start and the end."""
    shape = grid.shape
    tally = np.empty((3, masks.shape[1]))
    new = np.empty(masks.shape[1], dtype=np.bool_)
    paid = np.zeros(3)
    for axis in range(3):
        paid[axis] = _price(masks[axis], _one(rule, attributes[axis]))
    score = -np.inf
    still = 0
    for turn in range(3 * MOST_ROUNDS):
        axis = turn % 3
        others = paid.sum() - paid[axis]
        _margin(grid, masks, axis, tally)
        found, cost = _step(tally, _one(rule, attributes[axis]), _alone(masks, shape, axis), new)
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
def _scan_tables(tables, rule, scores, allowed):
    """Best score of each table and the values behind it, from everything and from its best cells."""
    width = allowed.shape[2]
    best, cells = np.empty(CELLS), np.empty(CELLS, dtype=np.int64)
    shape = np.empty(3, dtype=np.int64)
    masks = np.empty((3, width), dtype=np.bool_)
    triples = tables.triples
    for t in range(triples.shape[0]):
        begin, end = tables.offsets[t], tables.offsets[t + 1]
        grid = Grid(tables.events[begin:end], tables.expected[begin:end], tables.persons[begin:end], shape)
        costs = rule.base
        for axis in range(3):
            shape[axis] = rule.sizes[triples[t, axis]]
            costs += rule.cost[triples[t, axis], 1]
        _best_cells(grid, costs, best, cells)
        for start in range(-1, CELLS):
            masks[:, :] = start < 0
            if start >= 0:
                if cells[start] < 0:
                    continue
                masks[2, cells[start] % shape[2]] = True
                masks[1, cells[start] // shape[2] % shape[1]] = True
                masks[0, cells[start] // (shape[2] * shape[1])] = True
            score = _climb_table(grid, triples[t], rule, masks)
            if score > scores[t]:
                scores[t] = score
                allowed[t] = masks


@compile_cached
def _tally_lane(people, mask, restricted, tallies):
    """Tallies of every dimension among those who meet all other restrictions, in one pass over the persons."""
    tallies[:, :, :] = 0.0
    rows, yes, expected = people.rows, people.yes, people.expected
    dimensions = rows.shape[1]
    for i in range(rows.shape[0]):
        misses, at = 0, 0
        for r in range(len(restricted)):
            if not mask[restricted[r], rows[i, restricted[r]]]:
                misses += 1
                at = restricted[r]
                if misses > 1:
                    break
        if misses == 0:
            for j in range(dimensions):
                v = rows[i, j]
                tallies[j, 0, v] += yes[i]
                tallies[j, 1, v] += expected[i]
                tallies[j, 2, v] += 1.0
        elif misses == 1:
            v = rows[i, at]
            tallies[at, 0, v] += yes[i]
            tallies[at, 1, v] += expected[i]
            tallies[at, 2, v] += 1.0


@compile_cached
def _restricted(mask, rule, paid):
    """Which dimensions are restricted; what each costs goes to paid."""
    listed = np.empty(len(rule.sizes), dtype=np.int64)
    count = 0
    for j in range(len(rule.sizes)):
        paid[j] = _price(mask[j], _one(rule, j))
        if not mask[j, : rule.sizes[j]].all():
            listed[count] = j
            count += 1
    return listed[:count]


@compile_cached
def _climb_lane(people, mask, rule):
    dimensions, width = mask.shape
    tallies = np.empty((dimensions, 3, width))
    paid, new, kept = np.zeros(dimensions), np.empty(width, dtype=np.bool_), np.empty(width, dtype=np.bool_)
    score = -np.inf
    for _ in range(ROUNDS):
        restricted = _restricted(mask, rule, paid)
        _tally_lane(people, mask, restricted, tallies)
        best, at = -np.inf, -1
        for j in range(dimensions):
            if len(restricted) >= rule.most and mask[j, : rule.sizes[j]].all():
                continue
            alone = len(restricted) == 0 or (len(restricted) == 1 and restricted[0] == j)
            found, _ = _step(tallies[j], _one(rule, j), alone, new)
            found -= rule.base + paid.sum() - paid[j]
            if found > best:
                best, at = found, j
                kept[:] = new
        if best <= score + GAIN:
            break
        score = best
        mask[at, :] = kept
    return score


@compile_cached
def _climb(people, masks, rule, scores):
    for lane in range(masks.shape[0]):
        scores[lane] = _climb_lane(people, masks[lane], rule)


def one(coding: Code, j: int, values: int, *, least: int) -> One:
    """One dimension of a code as kernels take it."""
    prices = coding.one(j)
    return One(values + 1, prices.ordered, prices.cost, prices.ends, prices.family, least)


def rule(people: Frame, coding: Code, least: int) -> Rule:
    """The dimensions and the code as kernels take them."""
    at = np.cumsum([0, *(len(family) for family in coding.families)]).astype(np.int64)
    family = np.concatenate(coding.families).astype(np.uint64)
    ordered = coding.ordered
    return Rule(people.sizes, ordered, coding.cost, coding.ends, family, at, coding.base, least, coding.most)


def scan_tables(people: Frame, tables: Tables, rule: Rule) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """For each table its best score (base not yet paid) and allowed values, shape (tables, 3, width)."""
    scores = np.full(len(tables.triples), -np.inf)
    allowed = np.ones((len(tables.triples), 3, int(people.sizes.max())), dtype=np.bool_)
    grids = Grids(tables.events, tables.expected, tables.persons, tables.triples, tables.offsets)
    _scan_tables(grids, rule, scores, allowed)
    return scores, allowed


def climb(
    people: Frame,
    yes: NDArray[np.bool_],
    expected: NDArray[np.float64],
    masks: NDArray[np.bool_],
    rule: Rule,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """As `steps.climb`, for the starts of one replicate."""
    ended, scores = masks.copy(), np.empty(len(masks))
    _climb(People(people.rows, yes, expected), ended, rule, scores)
    return scores, ended
