"""Rates, ratios and differences with their intervals, and false-discovery control. Counts are persons, each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, log, sqrt

from upwell.evidence.errors import EvidenceError

Z95 = 1.959963984540054


class EmptyGroupError(EvidenceError):
    """A rate was asked of a group with nobody in it."""


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Group:
    """Persons of one answer, and how many of them said yes. None: withheld. known: False for an unknown answer."""

    label: str
    yes: int | None
    persons: int | None
    known: bool = True


def share(*, yes: int, persons: int) -> Interval:
    """Share of persons with the trouble, 0..1, with Wilson's interval.

    Raises EmptyGroupError when nobody was asked.
    Source: Wilson 1927; without continuity correction.

    >>> interval = share(yes=3, persons=20)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.052, 0.36)
    """
    _check(persons)
    p, z2 = yes / persons, Z95**2
    middle = (p + z2 / (2 * persons)) / (1 + z2 / persons)
    half = Z95 * sqrt(p * (1 - p) / persons + z2 / (4 * persons**2)) / (1 + z2 / persons)
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def ratio(*, yes: int, persons: int, other_yes: int, other_persons: int) -> Interval:
    """How many times likelier the trouble is in a group than in another; log interval.

    Raises EmptyGroupError when a side has nobody, or nobody with the trouble (the ratio has no interval then).
    Source: Katz et al. 1978; DOMAIN 4.7.

    >>> interval = ratio(yes=30, persons=200, other_yes=45, other_persons=600)
    >>> round(interval.value, 2), round(interval.low, 3), round(interval.high, 3)
    (2.0, 1.297, 3.085)
    """
    _check(persons, other_persons, yes, other_yes)
    value = (yes / persons) / (other_yes / other_persons)
    half = Z95 * sqrt(max(0.0, 1 / yes - 1 / persons + 1 / other_yes - 1 / other_persons))
    return Interval(value, exp(log(value) - half), exp(log(value) + half))


def difference(*, yes: int, persons: int, other_yes: int, other_persons: int) -> Interval:
    """Share in a group minus share in another, -1..1, with Newcombe's interval from the two Wilson intervals.

    Source: Newcombe 1998, method 10.
    """
    one, other = share(yes=yes, persons=persons), share(yes=other_yes, persons=other_persons)
    value = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Interval(value, value - below, value + above)


def equal_shares_p(*, yes: int, persons: int, other_yes: int, other_persons: int) -> float:
    """Two-sided p of the score test that two shares are equal; 1.0 when nobody or everybody has the trouble."""
    _check(persons, other_persons)
    pooled = (yes + other_yes) / (persons + other_persons)
    spread = sqrt(pooled * (1 - pooled) * (1 / persons + 1 / other_persons))
    if spread == 0:
        return 1.0
    return erfc(abs(yes / persons - other_yes / other_persons) / spread / sqrt(2))


def false_discovery(p: Sequence[float]) -> tuple[float, ...]:
    """For each p the smallest share of false finds (q) at which it would be kept; in the same order.

    Source: Benjamini & Hochberg 1995, step-up.
    """
    order = sorted(range(len(p)), key=lambda i: p[i], reverse=True)
    q, smallest = [1.0] * len(p), 1.0
    for place, i in enumerate(order):
        smallest = min(smallest, p[i] * len(p) / (len(p) - place))
        q[i] = smallest
    return tuple(q)


def _check(*persons: int) -> None:
    if min(persons) <= 0:
        raise EmptyGroupError("A group without anybody has no rate: leave it out or join it with another.")
