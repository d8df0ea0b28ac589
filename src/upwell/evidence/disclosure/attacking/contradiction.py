"""Contradictions: which printed counts cannot all be true, when a set of tables has no solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.attacking.attack import known_facts
from upwell.evidence.disclosure.attacking.corners import Solver, pieces
from upwell.evidence.disclosure.attacking.facts import ContradictionError
from upwell.evidence.disclosure.attacking.outside import Outside, Seen

MOST_ROWS = 400
"""Printed counts among which the contradiction is looked for row by row."""

Counts = NDArray[np.int64]


def contradicting(seen: Outside) -> tuple[Seen, ...]:
    """A smallest set of printed counts that contradict each other: without any one of them the others fit; else ()."""
    shown = np.flatnonzero(seen.public.shown >= 0)
    if len(shown) > MOST_ROWS:
        return ()
    kept = list(shown.tolist())
    step = max(1, len(kept) // 4)
    while step:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + step :]
            if _contradicts(seen, fewer):
                kept = fewer
            else:
                at += step
        step //= 2
    return tuple(seen.cells[at] for at in kept)


def _contradicts(seen: Outside, kept: Sequence[int]) -> bool:
    """Whether only these printed counts, and what the marks promise, leave no table possible."""
    shown = np.full(len(seen.public.shown), -1, dtype=np.int64)
    shown[list(kept)] = seen.public.shown[list(kept)]
    floor = np.where(seen.public.shown >= 0, 0, seen.floor)
    ceiling = np.where(seen.public.shown >= 0, -1, seen.ceiling)
    try:
        facts = known_facts(replace(seen.public, shown=shown), floor, ceiling)
        for piece in pieces(facts, np.ones(facts.aims.shape[0], dtype=bool)):
            Solver(piece).corner(np.zeros(piece.rows.shape[1]))
    except ContradictionError:
        return True
    return False
