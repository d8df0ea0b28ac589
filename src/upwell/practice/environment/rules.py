"""Rules about policies that need no database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from upwell.practice.environment.models import Policy, PolicyChange

STATE_AFTER = {
    PolicyChange.Action.PROPOSED: Policy.State.PROPOSED,
    PolicyChange.Action.IN_FORCE: Policy.State.IN_FORCE,
    PolicyChange.Action.REJECTED: Policy.State.ENDED,
    PolicyChange.Action.ENDED: Policy.State.ENDED,
}
"""An amendment or adoption binds nobody by itself: what was adopted comes into force on its own day."""


def state_after(changes: Iterable[tuple[date, str]], *, today: date, before: str) -> str:
    """The state that a policy's history leads to today.

    changes: (day, action) in any order; of two on one day the later in the list counts. before: where none decides.
    """
    state = before
    for day, action in sorted(changes, key=lambda change: change[0]):
        if day <= today and action in STATE_AFTER:
            state = STATE_AFTER[PolicyChange.Action(action)]
    return state
