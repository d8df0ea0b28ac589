"""Worlds drawn one after the other until it is clear how often chance finds as much.

Sources: Besag & Clifford 1991 (worlds one after the other); Fay, Kim & Hachey 2007 (valid p for any line at which to
stop); Abrams, Kleinman & Kulldorff 2010 (Gumbel tail).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Told = Callable[[int, int], None]

ALPHA = 0.05
WORTH_TESTING = -5.0  # nats; below it no world needs to be drawn to know that chance suffices
BATCHES = (10, 15, 24, 50, 100, 200, 200, 400)  # 199 worlds, or more where the answer is near the line
HOPELESS = ((10, 3), (16, 4), (25, 5), (40, 6), (80, 8))  # as many worlds as good among so few: no need for more
ENOUGH_ABOVE = 10  # the same, however many were drawn
LOOKS = ((49, 0.01), (199, 0.2), (409, 0.5))
"""Worlds, none as good, and the share of ALPHA that a tail must then stay below to draw no more."""
TAIL_OF_ALL = 199  # worlds from which a tail is read where none may be left out
SMALLEST_P = 1e-6  # of one search; further out a law through some 200 worlds says nothing
EULER = 0.5772156649015329


@dataclass(frozen=True)
class Chance:
    """p: of the best score, over all that was searched in this run. found: best scores of the worlds drawn.

    tail: p was read from their law, beyond what counting them can tell.
    """

    p: float
    found: tuple[float, ...]
    tail: bool = False

    def p_of(self, score: float) -> float:
        """How often these worlds held another score as well: careful where it was not the one they were drawn for."""
        return float(sum(each >= score for each in self.found) + 1) / (len(self.found) + 1)


def drawn(
    draw: Callable[[int], list[float]],
    observed: float,
    *,
    most: int,
    searches: int = 1,
    at_once: int | None = None,
    early: bool = True,
    told: Told | None = None,
) -> Chance:
    """Draw worlds until chance is explanation enough, or clearly none, or there are enough of them.

    draw: the best scores of so many more worlds. most: worlds, 1 or more. searches: in this run, by which p is
    multiplied. at_once: worlds that may be drawn in one call. early: False where other scores will be held against the
    same worlds; only ten better ones end it then. told: called with worlds drawn and the most that will be drawn.
    """
    found: list[float] = []
    for batch in (*BATCHES, *([BATCHES[-1]] * (most // BATCHES[-1]))):
        wanted = min(len(found) + batch, most)
        while len(found) < wanted:
            found += draw(min(wanted - len(found), at_once or wanted))
            if told:
                told(len(found), most)
            if p_of(found, observed, most, searches=searches, early=early)[1]:
                return _chance(found, observed, most, searches, early=early)
        if len(found) == most or (early and _clear(found, observed, searches)):
            break
    return _chance(found, observed, most, searches, early=early)


def p_of(
    found: Sequence[float], observed: float, most: int, *, searches: int = 1, early: bool = True
) -> tuple[float, bool]:
    """p by counting, for one search, and whether the line was reached at which no more worlds are drawn.

    Under the null the share of better worlds is uniform, so every point of that line has a known probability; p is
    that of stopping there or anywhere later, and has at most its nominal size whatever the line is.
    """
    line, stopped, end = _stopping(most, searches, early)
    above = np.cumsum(np.array(found) >= observed)
    reached = np.flatnonzero(above >= line[: len(found)])
    if len(reached):
        return float(stopped[reached[0]]), True
    if len(found) == most:
        return float(end[above[-1]]), False
    return float(above[-1] + 1) / (len(found) + 1), False


@lru_cache(maxsize=64)
def _stopping(most: int, searches: int, early: bool = True) -> tuple[NDArray[np.int64], Floats, Floats]:
    """The line, p of stopping at each number of worlds, and p of each number of better ones at the end."""
    line = np.full(most, ENOUGH_ABOVE)
    if early:
        # Only p below the line for all searches together is a claim: with more searches fewer better worlds are enough.
        stretch = max(searches, 1)
        for worlds, above in reversed(HOPELESS):
            line[: worlds * stretch] = above
        # As many better ones as would be too many for a claim at the end: where they come earlier, chance suffices, and
        # where they come late, p is small by how long they took.
        line = np.minimum(line, max(1, int(ALPHA * (most + 1) / stretch)))
    alive = np.zeros(ENOUGH_ABOVE + 2)
    alive[0] = 1.0
    stopped = np.zeros(most)
    counts = np.arange(len(alive))
    for worlds in range(most):
        stopped[worlds] = alive.sum()
        more = alive * (counts + 1) / (worlds + 2)
        alive = alive - more
        alive[1:] += more[:-1]
        alive[line[worlds] :] = 0.0
    return line, stopped.round(12), np.cumsum(alive).round(12)


def _chance(found: list[float], observed: float, most: int, searches: int, *, early: bool) -> Chance:
    counted, _ = p_of(found, observed, most, searches=searches, early=early)
    tail = max(found) < observed and len(found) >= (LOOKS[0][0] if early else TAIL_OF_ALL)
    if tail:
        counted = min(counted, gumbel_tail(found, observed))
    return Chance(min(1.0, counted * searches), tuple(found), tail)


def _clear(found: list[float], observed: float, searches: int) -> bool:
    shares = [share for worlds, share in LOOKS if len(found) >= worlds]
    if not shares or max(found) >= observed:
        return False
    return gumbel_tail(found, observed) * searches <= shares[-1] * ALPHA


def gumbel_tail(found: list[float], observed: float) -> float:
    """P(best score >= observed) by a Gumbel law through the worlds' best scores, fitted by moments.

    The scale is raised by twice its own standard error, and no p below 10**-6 is given, so that a few worlds do not
    promise too much.
    """
    scores = np.array([score for score in found if score > -inf])
    if len(scores) < 20:
        return 1.0
    scale = float(scores.std(ddof=1)) * sqrt(6) / pi
    location = float(scores.mean()) - EULER * scale
    careful = max(scale, 1e-9) * (1 + 2 * 1.05 / sqrt(len(scores)))
    tail = (observed - location) / careful
    return max(SMALLEST_P, -float(np.expm1(-exp(-tail))))


def score_needed(found: tuple[float, ...], *, searches: int) -> float | None:
    """The score that would be beyond chance at 5 %, by the same law; None when too few worlds were drawn."""
    scores = np.array([score for score in found if score > -inf])
    if len(scores) < 20:
        return None
    scale = float(scores.std(ddof=1)) * sqrt(6) / pi
    return float(scores.mean()) - EULER * scale - scale * log(-log(1 - ALPHA / searches))
