"""Windows of the space-time scan, compiled. Imported late: numba alone costs most of a second."""

from __future__ import annotations

import numpy as np

from upwell.evidence.engine.kernel import compile_cached
from upwell.evidence.scan.spacetime.windows import Circles, Floats, Law, Places


@compile_cached
def _score(events, expected, law):  # type: ignore[no-untyped-def] # numba infers the types
    """Nats; for events above the expected number."""
    rest, rest_expected = law.total - events, law.total - expected
    score = events * np.log(events / expected)
    if rest > 0:
        score += rest * np.log(rest / rest_expected)
    if law.rate > 0:
        people = expected / law.rate
        without, others = people - events, law.total / law.rate - people - rest
        if without > 1e-9:
            score += without * np.log(without / (people - expected))
        if others > 1e-9:
            score += others * np.log(others / (others + rest - rest_expected))
    return score


@compile_cached
def _window(running, told, law, floor):  # type: ignore[no-untyped-def]
    """The best window of one circle above a floor, with its first month and the month after its last."""
    months = len(running) - 1
    best, begin, end = floor, -1, -1
    total = law.total
    # Half of chi-square is at least the binary divergence while events + expected <= total; all of it is always.
    factor = (2.0 if law.rate == 0 else 1.0 - law.rate) / total
    for first in range(months):
        events_before, told_before = running[first], told[first]
        start = months if law.alive else first + 1
        for after in range(start, min(months, first + law.longest) + 1):
            events, expected = running[after] - events_before, told[after] - told_before
            more = events - expected
            if more <= 0:
                continue
            rest = total - expected
            if more * more <= best * factor * expected * rest and events <= rest:
                continue
            if events < law.least or rest <= 1e-9 * total:
                continue
            score = _score(events, expected, law)
            if score > best:
                best, begin, end = score, first, after
    return best, begin, end


@compile_cached
def _greatest(circles, worlds, law, out):  # type: ignore[no-untyped-def]
    """The best score of each world; worlds: events before each month, shape (worlds, places, months + 1)."""
    order, ends, told = circles.order, circles.ends, circles.told
    width = told.shape[1]
    running, expected = np.empty(width), np.empty(width)
    for world in range(worlds.shape[0]):
        best = 0.0
        for centre in range(order.shape[0]):
            running[:], expected[:] = 0.0, 0.0
            for k in range(order.shape[1]):
                place = order[centre, k]
                if place < 0:
                    break
                for month in range(width):
                    running[month] += worlds[world, place, month]
                    expected[month] += told[place, month]
                if ends[centre, k]:
                    best = _window(running, expected, law, best)[0]
        out[world] = best


@compile_cached
def _of_each(circles, events, law, scores, spans):  # type: ignore[no-untyped-def]
    """The best window of each circle."""
    order, ends, told = circles.order, circles.ends, circles.told
    width = told.shape[1]
    running, expected = np.empty(width), np.empty(width)
    for centre in range(order.shape[0]):
        running[:], expected[:] = 0.0, 0.0
        for k in range(order.shape[1]):
            place = order[centre, k]
            if place < 0:
                break
            for month in range(width):
                running[month] += events[place, month]
                expected[month] += told[place, month]
            if ends[centre, k]:
                score, begin, end = _window(running, expected, law, 0.0)
                scores[centre, k] = score
                spans[centre, k, 0] = begin
                spans[centre, k, 1] = end


def greatest(circles: Circles, worlds: Floats, law: Law) -> Floats:
    """As `windows.greatest_plain`."""
    out = np.empty(len(worlds))
    _greatest(circles, worlds, law, out)
    return out


def of_each(circles: Circles, events: Floats, law: Law) -> tuple[Floats, Places]:
    """As `windows.of_each_plain`."""
    scores, spans = np.zeros(circles.order.shape), np.full((*circles.order.shape, 2), -1, dtype=np.int64)
    _of_each(circles, events, law, scores, spans)
    return scores, spans
