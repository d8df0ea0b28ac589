"""What protection cost, told so that it gives nothing away: as bounds that leave open how many large counts are hidden.

The exact share is a side door. Were it printed that every count of 11 and more is shown, all that is hidden would be
10 or fewer, which no sum says and no witness reckons with. So the share is told as "at least", in steps, and only as
sharply as would still be true with SPARE more large counts hidden, and in every witness (see disclosure.loss).
"""

from __future__ import annotations

STEPS = 20
"""The share is told in steps of one in so many."""
SPARE = 5
"""Large counts that could be hidden besides those that may be, without the told share becoming untrue."""


def at_least(shown: int, asked: int) -> float:
    """A share of large counts that is shown at least, 0..1, in steps.

    shown, asked: counts of at least the threshold. What is told is true of every number of hidden large counts from
    none to SPARE, whatever the true one is; so "none is hidden" never follows.
    """
    if not asked:
        return 0.0
    return min(_step(shown, asked), _step(shown, shown + SPARE)) / STEPS


def at_most(shown: int, share: float) -> int:
    """How many were asked for at most, when at least a share of them is shown; `shown` where the share is none."""
    return int(shown / share + 1e-9) if share else shown


def _step(shown: int, asked: int) -> int:
    return STEPS * shown // asked
