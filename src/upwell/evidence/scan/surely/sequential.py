"""Worlds drawn one batch after the other until it is clear how often chance finds as much.

Source: Besag & Clifford 1991 (p is exact under stopping); Abrams, Kleinman & Kulldorff 2010 (tail).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from upwell.evidence.scan.surely.chance import gumbel_tail

Told = Callable[[str, float], None]

BATCHES = (20, 30, 50, 100, 200, 300, 299)
ENOUGH_ABOVE = 10  # worlds that hold as much: then p is known well enough
FIRST_TAIL = 199


@dataclass(frozen=True)
class Drawn:
    """The best scores of the worlds that were drawn, and p of the score they were drawn for; tail: by their law."""

    scores: tuple[float, ...]
    p: float
    tail: bool

    def p_of(self, score: float) -> float:
        """How often these worlds held another score as well: careful where it was not the one they were drawn for."""
        return float(sum(each >= score for each in self.scores) + 1) / (len(self.scores) + 1)


def drawn(draw: Callable[[int], list[float]], observed: float, *, most: int, told: Told | None = None) -> Drawn:
    """p of an observed best score; draw: the best scores of so many new worlds. most: worlds, 1 or more."""
    scores: list[float] = []
    for batch in (*BATCHES, *([BATCHES[-1]] * (most // BATCHES[-1] + 1))):
        scores += draw(min(batch, most - len(scores)))
        if told:
            told("comparing with chance", len(scores) / most)
        if len(scores) >= most or sum(score >= observed for score in scores) >= ENOUGH_ABOVE:
            break
    above = np.flatnonzero(np.array(scores) >= observed)
    if len(above) >= ENOUGH_ABOVE:
        return Drawn(tuple(scores), ENOUGH_ABOVE / float(above[ENOUGH_ABOVE - 1] + 1), False)
    p = float(len(above) + 1) / (len(scores) + 1)
    if len(above) or len(scores) < FIRST_TAIL:
        return Drawn(tuple(scores), p, False)
    return Drawn(tuple(scores), min(p, gumbel_tail(scores, observed)), True)
