"""Since when, and is it still so: the months of a finding's persons against their expectation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.scan.climbing.score import excess_score
from upwell.evidence.scan.surely.tail import at_least

Floats = NDArray[np.float64]

WITHIN = 2.0  # nats: onsets that explain the months nearly as well
LAST_MONTHS = 3
FEWEST_LAST = 11  # persons in the last months, to say anything of them
ALPHA = 0.05


@dataclass(frozen=True)
class Onset:
    """Months from the period's first day: the likeliest first month of the excess, and all nearly as likely."""

    month: int
    low: int
    high: int


def onset(month: NDArray[np.int16], yes: NDArray[np.bool_], expected: Floats) -> Onset | None:
    """First month of the excess, or None when it may have been there all along.

    The likelihood of "as expected before, more often from here on" is compared over all first months. An interval
    that reaches the first month with anybody in it cannot be told from "always".
    """
    if not len(month):
        return None
    first = int(month.min())
    at = month.astype(np.int64) - first
    k, e, n = (np.bincount(at, weights=w).astype(np.float64) for w in (yes, expected, np.ones(len(at))))
    later = [np.cumsum(part[::-1])[::-1] for part in (k, e, n)]
    score = excess_score(later[0], later[1], later[2])
    # A month without anybody is no onset: it would tie with the next one.
    score = np.where(n > 0, score, -np.inf)
    best = int(score.argmax())
    near = np.flatnonzero(score >= score[best] - WITHIN)
    if score[best] <= 0 or near[0] == 0:
        return None
    return Onset(best + first, int(near[0]) + first, int(near[-1]) + first)


def persists(
    month: NDArray[np.int16], yes: NDArray[np.bool_], expected: Floats, *, last: int, inflation: float = 1.0
) -> bool | None:
    """Whether the last three months are still above expectation at 95 %; None with too few persons to say.

    last: the last month in which anybody was asked. inflation: variance over that of independent persons, at least 1.
    """
    recent = month > last - LAST_MONTHS
    persons = int(recent.sum())
    if persons < FEWEST_LAST:
        return None
    return at_least(int(yes[recent].sum()), expected[recent], inflation=inflation) <= ALPHA
