"""Score of a sub-population: how far events exceed expectation, less the words it takes to describe it.

All in nats. Source: STATISTICS 3; Kulldorff 1997; Zhang & Neill 2016 (Bernoulli form).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb, inf, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shares = NDArray[np.float64] | NDArray[np.float32]
Sets = NDArray[np.uint64]

MANY_SHARES, STEPS_OF_SHARE = 20_000, 4096
AT_ONCE = 1 << 18  # persons whose shares are held as float64: of very many a search keeps no second copy
MOST_RESTRICTED = 5  # a sentence must hold them


@dataclass(frozen=True)
class Code:
    """What a description costs, in nats beyond the score. Two objectives share it: see `code` and `any_set`.

    cost[j, m]: for restricting dimension j to m values, beyond leaving it alone. ends[j, m]: the same for a set that
    holds the first or the last value; of an ordinal dimension these are "since" and "65 and older", which readers and
    causes prefer, and of which there are far fewer. Both: shape (dimensions, widest + 1), inf where there is no such
    restriction. base: of the empty description. ordered: bool, shape (dimensions,). families: for each dimension the
    only sets that may be allowed, uint64 with bit v for value v; empty where any set or interval may be.
    most: dimensions that may be restricted at once. exactly: whether climbs end in the exact form (see `exactly`).
    """

    base: float
    cost: Floats
    ends: Floats
    ordered: NDArray[np.bool_]
    families: tuple[Sets, ...]
    most: int
    exactly: bool = False

    def price(self, j: int, chosen: NDArray[np.bool_]) -> Floats:
        """Nats for restricting dimension j to some of its known values; chosen: shape (..., values)."""
        chosen = np.atleast_2d(chosen)
        held = chosen.sum(axis=-1)
        price: Floats = np.where(chosen[..., 0] | chosen[..., -1], self.ends[j, held], self.cost[j, held])
        return price

    def length(self, allowed: NDArray[np.bool_], sizes: NDArray[np.int64]) -> float:
        """Nats to describe a set of allowed values; allowed: shape (dimensions, width)."""
        total = self.base
        for j, size in enumerate(sizes):
            if not allowed[j, :size].all():
                total += float(self.price(j, allowed[j, : size - 1])[0])
        return total

    def one(self, j: int) -> Prices:
        """The prices of one dimension."""
        return Prices(bool(self.ordered[j]), self.cost[j], self.ends[j], self.families[j])


@dataclass(frozen=True)
class Prices:
    """One dimension of a `Code`."""

    ordered: bool
    cost: Floats
    ends: Floats
    family: Sets


def code(values: Sequence[int], ordered: Sequence[bool], *, searches: int, families: Sequence[Sets] = ()) -> Code:
    """Lengths that satisfy Kraft: over all sub-populations, the sum of e**-length is at most 1 / searches.

    values: known values of each dimension. searches: questions times baselines asked in this run. families: as in
    `Code`; () when no dimension has one.
    """
    attributes = max(sum(v > 1 for v in values), 1)
    restricted = min(0.5, 3 / attributes)
    extra = log(1 - restricted) - log(restricted)
    families = _families(values, families)
    cost, ends = _no_prices(values), _no_prices(values)
    for j, (v, interval, family) in enumerate(zip(values, ordered, families, strict=True)):
        if v < 2:
            continue
        if len(family):
            cost[j, 1:v] = ends[j, 1:v] = extra + log(len(family))
        elif interval:
            inner, halved = (v - 1) * (v - 2) / 2, log(2) if v > 2 else 0.0
            ends[j, 1:v] = extra + halved + log(2 * (v - 1))
            cost[j, 1:v] = extra + halved + log(inner) if inner else ends[j, 1:v]
        else:
            harmonic = sum(1 / m for m in range(1, v))
            cost[j, 1:v] = [extra + log(m * harmonic) + log(comb(v, m)) for m in range(1, v)]
            ends[j] = cost[j]
    base = -attributes * log(1 - restricted) + log(max(searches, 1))
    return Code(base, cost, ends, np.array(ordered, dtype=np.bool_), families, MOST_RESTRICTED)


def any_set(values: Sequence[int], ordered: Sequence[bool], *, per_value: float, families: Sequence[Sets] = ()) -> Code:
    """A penalty for each value of a restricted dimension, and any number of dimensions: for irregular sets.

    Source: the objective of multi-dimensional subset scan (Zhang & Neill 2016). It is no code: a score of it says
    nothing of chance and may be published only beside replicates of the same search. per_value: nats, 0 or more.
    """
    families = _families(values, families)
    cost = _no_prices(values)
    for j, v in enumerate(values):
        cost[j, 1:v] = per_value * np.arange(1, v)
    return Code(0.0, cost, cost, np.array(ordered, dtype=np.bool_), families, max(len(values), 1), exactly=True)


def _families(values: Sequence[int], families: Sequence[Sets]) -> tuple[Sets, ...]:
    return tuple(families) or tuple(np.zeros(0, dtype=np.uint64) for _ in values)


def _no_prices(values: Sequence[int]) -> Floats:
    return np.full((len(values), max(values) + 1), inf)


def excess_score(events: Floats, expected: Floats, persons: Floats) -> Floats:
    """Binomial log likelihood ratio of "more often than expected"; 0 where it is not more often.

    A lower bound of the Bernoulli form (by concavity of log(1 - p + q p) in p), equal when all share one p, and at
    most p above the Poisson form; so it may lead a search whose finalists are scored exactly.
    """
    more = (events > expected) & (expected > 0) & (persons > expected)
    k, e, n = np.where(more, events, 1.0), np.where(more, expected, 1.0), np.where(more, persons, 2.0)
    no = np.maximum(n - k, 0.0)
    score: Floats = k * np.log(k / e) + no * np.log(np.maximum(no, 1e-300) / (n - e))
    return np.where(more, score, 0.0)


def exact_score(yes: NDArray[np.bool_], expected: Shares) -> tuple[float, float]:
    """Bernoulli score of some persons, max over q of K log q - sum log(1 - p + q p), and that q (odds ratio, >= 1).

    expected: share expected of each person, strictly inside 0..1. Newton on log q; error below 1e-9, of more than
    20,000 persons below 1e-6 (q is then that of their expectations in 4,096 steps; the score is exact at it).
    """
    events = float(yes.sum())
    if not len(yes) or events <= expected.sum(dtype=np.float64):
        return 0.0, 1.0
    if events == len(yes):  # everybody: the ratio has no upper end, the score has
        return -sum(float(np.log(part).sum()) for part in _parts(expected)), inf
    persons, shares = _in_steps(expected) if len(expected) > MANY_SHARES else _each(expected)
    theta = 0.0
    for _ in range(60):
        tilted = tilt(shares, float(np.exp(theta)))
        step = (events - float((persons * tilted).sum())) / max(float((persons * tilted * (1 - tilted)).sum()), 1e-12)
        theta += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-10:
            break
    q = float(np.exp(theta))
    return events * theta - sum(float(np.log1p((q - 1) * part).sum()) for part in _parts(expected)), q


def _parts(expected: Shares) -> Iterator[Floats]:
    for begin in range(0, len(expected), AT_ONCE):
        yield expected[begin : begin + AT_ONCE].astype(np.float64)


def _each(expected: Shares) -> tuple[Floats, Floats]:
    return np.ones(len(expected)), expected.astype(np.float64)


def _in_steps(expected: Shares) -> tuple[Floats, Floats]:
    """How many persons have about the same expectation, and their mean one."""
    persons, told = np.zeros(STEPS_OF_SHARE + 1), np.zeros(STEPS_OF_SHARE + 1)
    for part in _parts(expected):
        step = (part * STEPS_OF_SHARE).astype(np.int64)
        persons += np.bincount(step, minlength=STEPS_OF_SHARE + 1)
        told += np.bincount(step, weights=part, minlength=STEPS_OF_SHARE + 1)
    held = persons > 0
    return persons[held], told[held] / persons[held]


def tilt(expected: Floats, q: float) -> Floats:
    """Expectation with the odds multiplied by q."""
    if q == inf:
        return np.ones_like(expected)
    tilted: Floats = q * expected / (1 + (q - 1) * expected)
    return tilted


def subsets_log10(values: Sequence[int], ordered: Sequence[bool], families: Sequence[Sets] = ()) -> float:
    """Log10 of how many sub-populations of at most five restricted dimensions can be described."""
    ways = [1.0] + [0.0] * MOST_RESTRICTED
    for v, interval, family in zip(values, ordered, _families(values, families), strict=True):
        options = v * (v + 1) / 2 - 1 if interval else 2.0**v - 2
        for k in range(MOST_RESTRICTED, 0, -1):
            ways[k] += ways[k - 1] * (len(family) or options)
    return float(np.log10(max(sum(ways[1:]), 1.0)))
