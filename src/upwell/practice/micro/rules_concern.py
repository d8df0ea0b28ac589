"""Rules of a concern, without a database: how it may move, when word back is due, and that it never ends in silence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from upwell.practice.environment.coding import Barrier
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.models import Concern

State = Concern.State

MOVES: Mapping[str, frozenset[str]] = {
    State.NEW: frozenset({State.ACKNOWLEDGED, State.JOINED, State.ANSWERED}),
    State.ACKNOWLEDGED: frozenset({State.JOINED, State.ANSWERED}),
    State.JOINED: frozenset({State.ANSWERED, State.RETURNED}),
    State.ANSWERED: frozenset({State.JOINED, State.RETURNED}),
    State.RETURNED: frozenset({State.JOINED}),
}
"""From a state, where a concern may go. Word came back and yet it goes on: joined again, which is no error."""

WORKING_DAYS_TO_REPLY = 5
"""Working days until somebody answers whoever raised a concern (the profession's lifecycle, stage 1)."""

SHORT_FACE: tuple[str, ...] = (
    Barrier.MISAPPLIED,
    Barrier.TOO_SLOW,
    Barrier.NOT_ELIGIBLE,
    Barrier.NOT_THERE,
    Barrier.TOO_LITTLE,
    Barrier.TOO_DEAR,
    Barrier.UNFAIR,
    Barrier.UNSAFE,
)
"""The barrier kinds that a worker meets first; the others stand behind "more". The coding is one and the same."""


class Due(StrEnum):
    """Where a concern stands against the days in which somebody should answer."""

    DONE = "done"
    WAITING = "waiting"
    TODAY = "today"
    OVERDUE = "overdue"


def check_move(before: str, after: str) -> None:
    """Raises NotAllowedError when a concern cannot go from one state to the other."""
    if after not in MOVES[before]:
        raise NotAllowedError(_("This concern is already further on. Look at it again."))


def check_may_return(words_back: int) -> None:
    """No dead ends: a concern cannot end without a message to whoever raised it. words_back: messages delivered."""
    if words_back < 1:
        raise NotAllowedError(_("A concern cannot be closed without a message to whoever raised it."))


def check_sentence(words: str) -> None:
    """A message back says something. Raises NotAllowedError for an empty one."""
    if not words.strip():
        raise NotAllowedError(_("Write one sentence to whoever raised it."))


def due_on(raised_on: date) -> date:
    """The last working day (Monday to Friday) on which a first answer is in time.

    >>> due_on(date(2026, 11, 20))  # a Friday
    datetime.date(2026, 11, 27)
    """
    day, left = raised_on, WORKING_DAYS_TO_REPLY
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() <= 5
    return day


def due(*, state: str, raised_on: date, today: date) -> Due:
    """Whether a first answer is still owed."""
    if state != State.NEW:
        return Due.DONE
    last = due_on(raised_on)
    if today == last:
        return Due.TODAY
    return Due.OVERDUE if today > last else Due.WAITING
