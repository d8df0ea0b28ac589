"""The within-programme view: is the gap inside the service, or one of who gets to which service? (Simpson's paradox)"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.expected import PROGRAMME_RIDGE
from upwell.evidence.scan.surely.tail import normal_tail

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEWEST_OTHERS = 10  # persons of a programme outside the finding, to compare with
FEWEST_TOLD = 0.5  # share of the finding's persons who have such others
ALPHA = 0.05


@dataclass(frozen=True)
class View:
    """expected: share expected inside when every programme is compared with itself. agrees: still clearly above."""

    expected: float
    agrees: bool


def view(programme: NDArray[np.uint8], yes: Bools, share: Floats, inside: Bools, compared: Bools) -> View | None:
    """Compare the persons inside with the others of their own programmes, composition adjusted.

    share: float64, shape (persons,), expected by composition. None when it cannot be told: most of the persons inside
    are in programmes with hardly anybody else (a finding that is a whole programme, for one).
    """
    others = compared & ~inside
    enough = np.bincount(programme[others], minlength=256) >= FEWEST_OTHERS
    told = inside & enough[programme]
    if told.sum() < max(FEWEST_TOLD * inside.sum(), 1):
        return None
    shift, precision = _shifts(programme[others], yes[others], share[others])
    own = _shifted(share[told], shift[programme[told]])
    spread = own * (1 - own)
    by_programme = np.bincount(programme[told], weights=spread, minlength=256)
    variance = float(spread.sum() + (by_programme**2 / precision).sum())
    distance = (float(yes[told].sum()) - float(own.sum())) / sqrt(max(variance, 1e-12))
    return View(float(own.mean()), normal_tail(distance) < ALPHA)


def _shifts(programme: NDArray[np.uint8], yes: Bools, share: Floats) -> tuple[Floats, Floats]:
    """Log odds of each programme against composition, shrunk, and their precision; shape (256,)."""
    shift = np.zeros(256)
    precision = np.full(256, PROGRAMME_RIDGE)
    for _ in range(30):
        rates = _shifted(share, shift[programme])
        precision = PROGRAMME_RIDGE + np.bincount(programme, weights=rates * (1 - rates), minlength=256)
        slope = np.bincount(programme, weights=yes - rates, minlength=256) - PROGRAMME_RIDGE * shift
        step = np.clip(slope / precision, -1, 1)
        shift += step
        if np.abs(step).max() < 1e-8:
            break
    return shift, precision


def _shifted(share: Floats, shift: Floats) -> Floats:
    odds = share / (1 - share) * np.exp(shift)
    shifted: Floats = odds / (1 + odds)
    return shifted
