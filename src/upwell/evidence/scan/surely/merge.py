"""Findings that hold nearly the same persons are told as one: the better of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]

SAME = 0.8  # Jaccard of two findings that are one


@dataclass(frozen=True)
class Merged:
    """The place in a list of one that is kept, and how many of the list it stands for (1: itself alone)."""

    at: int
    stands_for: int

    @property
    def said(self) -> str:
        """That it stands for several, "" otherwise."""
        if self.stands_for == 1:
            return ""
        return f"{self.stands_for} descriptions of nearly the same people were found; the one that tells most is given."


def jaccard(one: Bools, other: Bools) -> float:
    """Persons in both, over persons in either; 0 where there is nobody."""
    either = int(np.count_nonzero(one | other))
    return int(np.count_nonzero(one & other)) / either if either else 0.0


def same(one: Bools, other: Bools) -> bool:
    """Whether two sub-populations are one."""
    return jaccard(one, other) >= SAME


def merged(insides: Sequence[Bools], scores: Sequence[float]) -> tuple[Merged, ...]:
    """Which sub-populations are kept, best score first, so that no two that are kept are one.

    insides: bool, shape (persons,) each. scores: by which the better is known; equal ones keep their order. A union of
    two is rarely a sub-population that a sentence can hold, so none is made.
    """
    stands_for: dict[int, int] = {}
    for i in sorted(range(len(insides)), key=lambda i: -scores[i]):
        found = next((kept for kept in stands_for if same(insides[kept], insides[i])), i)
        stands_for[found] = stands_for.get(found, 0) + 1
    return tuple(Merged(at, several) for at, several in stands_for.items())
