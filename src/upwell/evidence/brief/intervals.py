"""Intervals that the pictures draw, from shown cells alone."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054
"""The standard normal's 0.975 quantile."""


def wilson(yes: int, persons: int) -> tuple[float, float]:
    """Lower and upper end of the 95 % interval of a share, each 0..1; (0, 1) when nobody was asked.

    yes: persons with the answer, 0..persons. Source: E. B. Wilson, JASA 22 (1927) 209-212.

    >>> tuple(round(end, 3) for end in wilson(3, 20))
    (0.052, 0.36)
    """
    if persons == 0:
        return 0.0, 1.0
    share, weight = yes / persons, Z95**2 / persons
    middle = (share + weight / 2) / (1 + weight)
    reach = Z95 * sqrt(share * (1 - share) / persons + weight / (4 * persons)) / (1 + weight)
    return (max(0.0, middle - reach) if yes else 0.0), (min(1.0, middle + reach) if yes < persons else 1.0)
