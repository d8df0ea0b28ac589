"""What shown counts say of a declared measure: fell, rose, no clear change, or we cannot tell. Pure.

Source of the intervals: Newcombe 1998, method 10, for a difference of two shares; for a difference of differences the
two are joined by squaring and adding (Zou & Donner 2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from upwell.evidence.disparity.rates import Interval, difference
from upwell.practice.bridge.measure_words import WITHHELD, Kind, Moved, sentences

Verdict = Literal["fell", "rose", "no clear change", "cannot tell"]
VERDICTS: dict[Kind, Verdict] = {
    "rose": "rose",
    "fell": "fell",
    "fell a little": "no clear change",
    "too few": "cannot tell",
    "no clear change": "no clear change",
}


@dataclass(frozen=True)
class Share:
    """Persons with the trouble, of persons. None is withheld."""

    yes: int | None
    persons: int | None

    @property
    def is_shown(self) -> bool:
        """Whether both counts are there, and of somebody."""
        return self.yes is not None and bool(self.persons)


@dataclass(frozen=True)
class Change:
    """Shares before and after, of the group and, if one was named, of the group it is compared with."""

    before: Share
    after: Share
    other_before: Share | None = None
    other_after: Share | None = None

    @property
    def shares(self) -> tuple[Share, ...]:
        """Every share that is needed."""
        others = (self.other_before, self.other_after)
        return (self.before, self.after, *(each for each in others if each is not None))


@dataclass(frozen=True)
class Result:
    """The verdict in words, and the change with its interval; None where it cannot be worked out."""

    verdict: Verdict
    words: str
    change: Interval | None


def judge(change: Change, *, smallest: float) -> Result:
    """The verdict on a change. smallest: the change, as a share 0..1, that was declared to count as one."""
    if not all(each.is_shown for each in change.shares):
        return Result("cannot tell", WITHHELD, None)
    moved = change_of(change)
    told = Moved(moved.value, moved.low, moved.high, smallest=smallest, compared=change.other_before is not None)
    return Result(VERDICTS[told.kind], sentences(told), moved)


def change_of(change: Change) -> Interval:
    """After less before; less the same of the other group where there is one. -2..2, with its 95 % interval.

    Every share must be shown.
    """
    own = _difference(change.after, change.before)
    if change.other_after is None or change.other_before is None:
        return own
    other = _difference(change.other_after, change.other_before)
    value = own.value - other.value
    below = sqrt((own.value - own.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((own.high - own.value) ** 2 + (other.value - other.low) ** 2)
    return Interval(value, value - below, value + above)


def _difference(after: Share, before: Share) -> Interval:
    return difference(
        yes=after.yes or 0,
        persons=after.persons or 0,
        other_yes=before.yes or 0,
        other_persons=before.persons or 0,
    )
