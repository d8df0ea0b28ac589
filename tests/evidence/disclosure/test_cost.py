"""The loss is told, and tells nothing of how many large counts are hidden among the withheld."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from upwell.evidence.disclosure.cost import SPARE, at_least, at_most


def test_that_nothing_large_is_hidden_can_never_be_read_off():
    assert at_least(200, 200) == at_least(200, 205) == 0.95
    assert at_least(10, 10) == at_least(10, 12) == at_least(10, 15) == 0.65
    assert at_least(1, 1) == 0.15


@given(st.integers(0, 5_000), st.integers(0, 5_000))
def test_what_is_told_is_true(shown, hidden):
    asked = shown + hidden

    assert at_least(shown, asked) * asked <= shown + 1e-9


@given(st.integers(0, 5_000), st.integers(0, SPARE))
def test_up_to_five_hidden_large_counts_look_the_same(shown, hidden):
    assert at_least(shown, shown + hidden) == at_least(shown, shown + SPARE) or not shown + hidden


@given(st.integers(1, 5_000), st.integers(0, 200))
def test_as_many_as_were_asked_for_at_most_are_never_fewer_than_were(shown, hidden):
    share = at_least(shown, shown + hidden)

    assert not share or at_most(shown, share) >= shown + hidden


def test_no_count_asked_for_is_no_share():
    assert (at_least(0, 0), at_most(0, 0.0)) == (0.0, 0)
