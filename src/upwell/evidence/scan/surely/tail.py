"""Tails of counts: the chance of so many yes among persons who each have their own chance."""

from __future__ import annotations

from math import erfc, exp, pi, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EXACT_UP_TO = 1_500  # persons; beyond, the saddlepoint errs by less than 1 % of the tail


def normal_tail(z: float) -> float:
    """P(a standard normal >= z)."""
    return 0.5 * erfc(z / sqrt(2))


def at_least(events: int, share: Floats, *, inflation: float = 1.0) -> float:
    """P(as many yes as `events` or more), one-sided.

    share: float64, shape (persons,), each person's chance, strictly inside 0..1. inflation: variance over that of
    independent persons, at least 1; the tail is then the normal one of the deflated distance.
    Exact (convolution) for few persons, else Lugannani & Rice 1980 with the lattice correction of Daniels 1987.
    """
    if events <= 0:
        return 1.0
    if events > len(share):
        return 0.0
    tail = _exact(events, share) if len(share) <= EXACT_UP_TO else _saddlepoint(events, share)
    if inflation <= 1.0:
        return tail
    spread = sqrt(float((share * (1 - share)).sum()))
    distance = NormalDist().inv_cdf(1 - tail) if 1e-12 < tail < 1 - 1e-12 else (events - float(share.sum())) / spread
    return normal_tail(distance / sqrt(inflation))


def _exact(events: int, share: Floats) -> float:
    below = np.zeros(events)  # P(count = 0 .. events - 1)
    below[0] = 1.0
    reached = 0.0  # P(count >= events): once there, always there. Summed directly: small tails stay exact.
    for p in share:
        reached += below[-1] * p
        below[1:] = below[1:] * (1 - p) + below[:-1] * p
        below[0] *= 1 - p
    return float(reached)


def _saddlepoint(events: int, share: Floats) -> float:
    mean = float(share.sum())
    if events <= mean + 1:  # too near the middle for the formula; nothing hangs on it there
        return normal_tail((events - 0.5 - mean) / sqrt(float((share * (1 - share)).sum())))
    theta = 0.0
    spread = 1.0
    for _ in range(80):
        tilted = share * exp(theta) / (1 + share * (exp(theta) - 1))
        spread = float((tilted * (1 - tilted)).sum())
        step = (events - float(tilted.sum())) / max(spread, 1e-12)
        theta += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-10:
            break
    gain = theta * events - float(np.log1p(share * (exp(theta) - 1)).sum())
    root = sqrt(2 * max(gain, 1e-300))
    slope = (1 - exp(-theta)) * sqrt(spread)
    return max(normal_tail(root) + exp(-gain) / sqrt(2 * pi) * (1 / slope - 1 / root), 1e-300)
