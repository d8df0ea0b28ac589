"""The rules of a concern: its moves, the days until a word is due, and no dead ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.practice.environment.coding import Barrier
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules_concern as rules
from upwell.practice.micro.models import Concern

State = Concern.State


def test_every_state_has_its_moves_and_only_word_back_ends_a_concern():
    assert set(rules.MOVES) == set(State)
    assert {before for before, after in rules.MOVES.items() if State.RETURNED in after} == {
        State.JOINED,
        State.ANSWERED,
    }


@pytest.mark.parametrize("before, after", [("new", "returned"), ("acknowledged", "returned"), ("joined", "new")])
def test_a_move_that_skips_the_word_back_is_refused(before, after):
    with pytest.raises(NotAllowedError):
        rules.check_move(before, after)


def test_a_concern_without_a_message_back_cannot_be_closed():
    with pytest.raises(NotAllowedError):
        rules.check_may_return(0)

    rules.check_may_return(1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_word_is_due_on_the_fifth_working_day(raised_on):
    last = rules.due_on(raised_on)

    days = [raised_on + timedelta(days=n) for n in range(1, (last - raised_on).days + 1)]
    assert sum(day.isoweekday() <= 5 for day in days) == 5
    assert last.isoweekday() <= 5


@pytest.mark.parametrize(
    "today, state, due",
    [
        (date(2026, 11, 23), State.NEW, rules.Due.WAITING),
        (date(2026, 11, 27), State.NEW, rules.Due.TODAY),
        (date(2026, 11, 28), State.NEW, rules.Due.OVERDUE),
        (date(2026, 12, 28), State.ACKNOWLEDGED, rules.Due.DONE),
    ],
)
def test_what_is_due_is_said(today, state, due):
    assert rules.due(state=state, raised_on=date(2026, 11, 20), today=today) == due


def test_the_short_face_is_part_of_the_one_coding():
    assert set(rules.SHORT_FACE) < set(Barrier.values)
    assert len(Barrier.values) == 13
