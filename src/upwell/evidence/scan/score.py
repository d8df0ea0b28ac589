"""Score of a sub-population: how far events exceed expectation, less the words it takes to describe it.

All in nats. Source: STATISTICS 3; Kulldorff 1997; Zhang & Neill 2016 (Bernoulli form).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, inf, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_RESTRICTED = 5  # a sentence must hold them


@dataclass(frozen=True)
class Code:
    """Description lengths. cost[j, m]: nats for restricting dimension j to m values, beyond leaving it alone.

    For an ordinal dimension it is that of an interval with both ends inside, and cost[j, 0] that of an interval that
    reaches an end ("since", "65 and older"): readers and causes prefer those, and there are far fewer of them.
    base: nats of the empty description, the number of searches in this run included.
    cost: shape (dimensions, widest + 1); inf where no such restriction exists. ordered: bool, shape (dimensions,).
    """

    base: float
    cost: Floats
    ordered: NDArray[np.bool_]

    def price(self, j: int, chosen: NDArray[np.bool_]) -> Floats:
        """Nats for restricting dimension j to some of its known values; chosen: shape (..., values)."""
        chosen = np.atleast_2d(chosen)
        price: Floats = self.cost[j, chosen.sum(axis=-1)]
        if self.ordered[j]:
            price = np.where(chosen[..., 0] | chosen[..., -1], self.cost[j, 0], price)
        return price

    def length(self, allowed: NDArray[np.bool_], sizes: NDArray[np.int64]) -> float:
        """Nats to describe a set of allowed values; allowed: shape (dimensions, width)."""
        total = self.base
        for j, size in enumerate(sizes):
            if not allowed[j, :size].all():
                total += float(self.price(j, allowed[j, : size - 1])[0])
        return total


def code(values: Sequence[int], ordered: Sequence[bool], *, searches: int) -> Code:
    """Lengths that satisfy Kraft: over all sub-populations, the sum of e**-length is at most 1 / searches.

    values: known values of each dimension. searches: questions times baselines asked in this run.
    """
    attributes = max(sum(v > 1 for v in values), 1)
    restricted = min(0.5, 3 / attributes)
    cost = np.full((len(values), max(values) + 1), inf)
    for j, (v, interval) in enumerate(zip(values, ordered, strict=True)):
        if v < 2:
            continue
        extra = log(1 - restricted) - log(restricted)
        if interval:
            inner, halved = (v - 1) * (v - 2) / 2, log(2) if v > 2 else 0.0
            cost[j, 0] = extra + halved + log(2 * (v - 1))
            cost[j, 1:v] = extra + halved + log(inner) if inner else cost[j, 0]
            continue
        harmonic = sum(1 / m for m in range(1, v))
        cost[j, 1:v] = [extra + log(m * harmonic) + log(comb(v, m)) for m in range(1, v)]
    base = -attributes * log(1 - restricted) + log(max(searches, 1))
    return Code(base, cost, np.array(ordered, dtype=np.bool_))


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


def exact_score(yes: NDArray[np.bool_], expected: Floats) -> tuple[float, float]:
    """Bernoulli score of some persons, max over q of K log q - sum log(1 - p + q p), and that q (odds ratio, >= 1).

    expected: share expected of each person, strictly inside 0..1. Newton on log q; error below 1e-9.
    """
    events = float(yes.sum())
    if not len(yes) or events <= expected.sum():
        return 0.0, 1.0
    if events == len(yes):  # everybody: the ratio has no upper end, the score has
        return float(-np.log(expected).sum()), inf
    theta = 0.0
    for _ in range(60):
        tilted = tilt(expected, float(np.exp(theta)))
        step = (events - tilted.sum()) / max(float((tilted * (1 - tilted)).sum()), 1e-12)
        theta += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-10:
            break
    q = float(np.exp(theta))
    return events * theta - float(np.log1p((q - 1) * expected).sum()), q


def tilt(expected: Floats, q: float) -> Floats:
    """Expectation with the odds multiplied by q."""
    if q == inf:
        return np.ones_like(expected)
    tilted: Floats = q * expected / (1 + (q - 1) * expected)
    return tilted


def subsets_log10(values: Sequence[int], ordered: Sequence[bool]) -> float:
    """Log10 of how many sub-populations of at most five restricted dimensions can be described."""
    ways = [1.0] + [0.0] * MOST_RESTRICTED
    for v, interval in zip(values, ordered, strict=True):
        options = v * (v + 1) / 2 - 1 if interval else 2.0**v - 2
        for k in range(MOST_RESTRICTED, 0, -1):
            ways[k] += ways[k - 1] * options
    return float(np.log10(max(sum(ways[1:]), 1.0)))
