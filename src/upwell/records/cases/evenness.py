"""Codes that were given at random rather than by people: they are spread far more evenly than answers ever are."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

EVEN_VALUES, EVEN_EACH = 4, 100  # values, and rows or persons a value; below that, even codes are evidence of nothing


def is_even(counts: NDArray[np.int64]) -> bool:
    """Whether values differ no more than equally likely random codes would: codes that people give differ far more.

    counts: rows or persons of each value; values that nobody has say nothing. Pearson's statistic against equal shares
    within three standard deviations of its mean (k - 1, variance 2 (k - 1) for k values). A test for chance, where
    `hmis.codes` measures how far a file's column is from even over its whole list of codes.
    """
    counts = counts[counts > 0]
    if len(counts) < EVEN_VALUES or counts.sum() < EVEN_EACH * len(counts):
        return False
    expected, freedom = counts.mean(), len(counts) - 1
    return bool(((counts - expected) ** 2 / expected).sum() <= freedom + 3 * sqrt(2 * freedom))
