"""The windows of the space-time scan: circles of places in intervals of months, each with its score.

Two ways give equal scores: plain NumPy, the reference, and compiled kernels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.int64]

MANY = 2_000
"""Circles, over all worlds, from which the compiled kernels pay for being loaded."""
NOTHING = 1e-9  # events or persons; less is a rounding error


class Law(NamedTuple):
    """How a window is scored and which are looked at.

    total: events in all. rate: events a person (Bernoulli), 0 for Poisson. least: fewest events in a window.
    longest: months. alive: only windows that reach the last month.
    """

    total: float
    rate: float
    least: float
    longest: int
    alive: bool


class Circles(NamedTuple):
    """Places around centres, and what is expected in them.

    order: int64, shape (centres, longest circle), nearest first, -1 behind the last. ends: bool, the same shape: a
    circle ends here that was not counted before. told: shape (places, months + 1), events expected before each month.
    """

    order: Places
    ends: Bools
    told: Floats


def score(events: Floats, expected: Floats, law: Law) -> Floats:
    """Log likelihood ratio of windows, nats; 0 where events are not above expectation or fewer than the least."""
    rest, rest_expected = law.total - events, law.total - expected
    held = (events > expected) & (events >= law.least) & (rest_expected > NOTHING * law.total)
    parts = [(events, expected), (rest, rest_expected)]
    if law.rate > 0:
        people, others = expected / law.rate, rest_expected / law.rate
        parts += [(people - events, people - expected), (others - rest, others - rest_expected)]
    found = np.zeros(len(events))
    for seen, told in parts:
        some = held & (seen > NOTHING)
        found[some] += seen[some] * np.log(seen[some] / told[some])
    return found


def greatest(circles: Circles, worlds: Floats, law: Law) -> Floats:
    """The best score of each world, at least 0.

    worlds: events before each month, shape (worlds, places, months + 1).
    """
    if int(circles.ends.sum()) * len(worlds) > MANY:
        from upwell.evidence.scan.spacetime import cylinders_compiled  # noqa: PLC0415 - numba is slow to import

        return cylinders_compiled.greatest(circles, worlds, law)
    return greatest_plain(circles, worlds, law)


def greatest_plain(circles: Circles, worlds: Floats, law: Law) -> Floats:
    """As `greatest`, in NumPy alone."""
    return np.array([of_each_plain(circles, world, law)[0].max() for world in worlds])


def of_each(circles: Circles, events: Floats, law: Law) -> tuple[Floats, Places]:
    """The best score of each circle, 0 where nothing is beyond expectation, and its months.

    events: before each month, shape (places, months + 1). Returns shapes (centres, longest circle) and the same with
    (first month, the one after the last), -1 where there are none.
    """
    if int(circles.ends.sum()) > MANY:
        from upwell.evidence.scan.spacetime import cylinders_compiled  # noqa: PLC0415 - numba is slow to import

        return cylinders_compiled.of_each(circles, events, law)
    return of_each_plain(circles, events, law)


def of_each_plain(circles: Circles, events: Floats, law: Law) -> tuple[Floats, Places]:
    """As `of_each`, in NumPy alone."""
    order, ends, told = circles
    scores, spans = np.zeros(order.shape), np.full((*order.shape, 2), -1, dtype=np.int64)
    months = told.shape[1] - 1
    begin, end = np.triu_indices(months + 1, 1)
    kept = (end - begin <= law.longest) & ((end == months) | (not law.alive))
    begin, end = begin[kept], end[kept]
    for centre, last in np.argwhere(ends):
        places = order[centre, : last + 1]
        seen, expected = events[places].sum(axis=0), told[places].sum(axis=0)
        found = score(seen[end] - seen[begin], expected[end] - expected[begin], law)
        best = int(found.argmax())
        if found[best] > 0:
            scores[centre, last], spans[centre, last] = found[best], (begin[best], end[best])
    return scores, spans
