"""How small an excess a search could have seen: the honest companion of "nothing stands out"."""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from upwell.evidence.scan.climbing.score import Code, excess_score

POWER_80 = 0.8416  # standard normal quantile of 0.8
RECOVERED = 6.0  # nats that replicates give back of the bound (STATISTICS 3), used where none were drawn
SHARE_OF_PEOPLE = 0.1
FEWEST_PEOPLE = 50


def people_within(persons: int) -> int:
    """The group for which the smallest excess is stated: a tenth of those asked, at least 50."""
    return min(persons, max(FEWEST_PEOPLE, round(SHARE_OF_PEOPLE * persons)))


def smallest_excess(rate: float, people: int, *, length: float, needed: float | None) -> float | None:
    """Smallest excess share (0..1) among so many persons that would be found with power 0.8; None: none would.

    length: nats of a usual description (two dimensions, one value each). needed: score beyond chance, from the
    worlds drawn; None: log 20 less the nats that worlds recover of the bound.
    Approximation: the root of twice the score is about normal with variance 1 around that of the true excess, so it
    must stand 0.84 above the root of what is needed. Ignores that the search may describe the group badly.
    """
    line = max((log(20) - RECOVERED if needed is None else needed) + length, 0.5)
    wanted = (sqrt(2 * line) + POWER_80) ** 2 / 2

    def score(excess: float) -> float:
        parts = (np.array([people * (rate + excess)]), np.array([people * rate]), np.array([float(people)]))
        return float(excess_score(*parts)[0])

    low, high = 0.0, 1 - rate
    if score(high * (1 - 1e-9)) < wanted:
        return None
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if score(middle) >= wanted else (middle, high)
    return high


def usual_length(coding: Code) -> float:
    """Nats of describing two dimensions by one value each: the median over dimensions."""
    single = coding.cost[:, 1]
    return coding.base + 2 * float(np.median(single[np.isfinite(single)]))
