"""The compiled step of one dimension: the same arithmetic as `steps`, for many persons. Imported late (numba)."""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.excess import score_of
from upwell.evidence.engine.kernel import compile_cached
from upwell.evidence.scan.climbing.score import Code
from upwell.evidence.scan.climbing.steps import FIRST_Q, TURNS
from upwell.evidence.tables import Frame


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


@compile_cached
def one_of(rule, j):
    family = rule.family[rule.family_at[j] : rule.family_at[j + 1]]
    return One(rule.sizes[j], rule.ordered[j], rule.cost[j], rule.ends[j], family, rule.least)


@compile_cached
def price_of(chosen, one):
    """Nats for restricting a dimension to the chosen values; 0 when it is left alone."""
    values = one.size - 1
    held = 0
    for v in range(values):
        held += chosen[v]
    if held == values and chosen[values]:
        return 0.0
    return one.ends[held] if chosen[0] or chosen[values - 1] else one.cost[held]


@compile_cached
def may_pass(yes, expected, persons, line):
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
            if may_pass(yes, expected, persons, best + price):
                score = score_of(yes, expected, persons) - price
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
        if may_pass(yes, expected, persons, best + price):
            score = score_of(yes, expected, persons) - price
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
        if yes < one.least or persons - yes < one.least or not may_pass(yes, expected, persons, best + price):
            continue
        score = score_of(yes, expected, persons) - price
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
def step_of(tally, one, alone, out):
    """The better of leaving a dimension alone and restricting it: score, price paid; its values go to out.

    alone: nothing else is restricted, so it must stay so: everybody is no finding.
    """
    closed = _best_set(tally, one, out)
    yes, expected, persons = _totals(tally, one.size)
    open_ = -np.inf
    if not alone and yes >= one.least and persons - yes >= one.least:
        open_ = score_of(yes, expected, persons)
    if closed > open_:
        return closed, price_of(out, one)
    out[:] = True
    return open_, 0.0


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
