"""What state a policy's history leads to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.practice.environment.models import Policy, PolicyChange
from upwell.practice.environment.rules import state_after

TODAY = date(2026, 11, 20)
EARLIER, LATER = date(2026, 1, 1), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ([], "proposed"),
        ([(EARLIER, "in_force")], "in_force"),
        ([(EARLIER, "amended")], "proposed"),
        ([(EARLIER, "adopted")], "proposed"),
        ([(EARLIER, "adopted"), (TODAY, "in_force")], "in_force"),
        ([(EARLIER, "adopted"), (LATER, "in_force")], "proposed"),
        ([(EARLIER, "rejected")], "ended"),
        ([(EARLIER, "in_force"), (TODAY, "ended")], "ended"),
        ([(TODAY, "ended"), (EARLIER, "in_force")], "ended"),
        ([(TODAY, "in_force"), (TODAY, "ended")], "ended"),
    ],
)
def test_the_state_follows_the_history_up_to_today(changes: list[tuple[date, str]], state: str):
    assert state_after(changes, today=TODAY, before="proposed") == state


@given(
    st.lists(
        st.tuples(st.dates(max_value=TODAY), st.sampled_from(PolicyChange.Action.values)), unique_by=lambda c: c[0]
    )
)
def test_the_order_in_which_steps_are_entered_changes_nothing(changes: list[tuple[date, str]]):
    one = state_after(changes, today=TODAY, before=Policy.State.IN_FORCE)

    assert state_after(list(reversed(changes)), today=TODAY, before=Policy.State.IN_FORCE) == one
