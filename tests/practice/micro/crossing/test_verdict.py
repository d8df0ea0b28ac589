"""What shown counts say of a declared measure, against known answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.practice.bridge.measure_words import WITHHELD
from upwell.practice.micro.crossing.verdict import Change, Share, change_of, judge


def change(before, after, other_before=None, other_after=None):
    shares = [Share(*each) if each else None for each in (before, after, other_before, other_after)]
    return Change(*shares)


def test_a_difference_has_newcombes_interval():
    """Newcombe 1998, table II (a), method 10: 56/70 less 48/80 is 0.2 (0.0524 to 0.3339)."""
    found = change_of(change((48, 80), (56, 70)))

    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=5e-5)
    assert found.high == pytest.approx(0.3339, abs=5e-5)


def test_a_difference_of_differences_joins_two_intervals_by_squares():
    own, other = change_of(change((48, 80), (56, 70))), change_of(change((30, 100), (30, 100)))

    both = change_of(change((48, 80), (56, 70), (30, 100), (30, 100)))

    assert both.value == pytest.approx(own.value - other.value)
    assert both.low == pytest.approx(both.value - ((own.value - own.low) ** 2 + (other.high - other.value) ** 2) ** 0.5)


def test_a_clear_fall_of_the_size_that_counts_fell():
    result = judge(change((200, 500), (120, 500)), smallest=0.05)

    assert result.verdict == "fell"
    assert "−16.0" in result.words
    assert "not why" in result.words


def test_a_clear_fall_that_is_smaller_than_declared_is_no_clear_change():
    result = judge(change((20_000, 50_000), (19_000, 50_000)), smallest=0.05)

    assert result.verdict == "no clear change"
    assert "less than the 5 points" in result.words


def test_any_clear_rise_is_said():
    result = judge(change((19_000, 50_000), (20_000, 50_000)), smallest=0.05)

    assert result.verdict == "rose"


def test_no_difference_among_many_is_no_clear_change():
    assert judge(change((2_000, 5_000), (2_000, 5_000)), smallest=0.05).verdict == "no clear change"


def test_no_difference_among_few_cannot_tell_and_says_what_could_have_been_seen():
    result = judge(change((12, 40), (11, 40)), smallest=0.05)

    assert result.verdict == "cannot tell"
    assert "would not have been seen" in result.words
    assert result.change is not None


@pytest.mark.parametrize("withheld", [(None, 50), (12, None), (None, None), (0, 0)])
def test_a_withheld_count_cannot_tell(withheld):
    result = judge(change((20, 50), withheld), smallest=0.05)

    assert (result.verdict, result.change) == ("cannot tell", None)
    assert result.words == WITHHELD


def test_a_withheld_count_of_the_other_group_cannot_tell():
    assert judge(change((20, 50), (12, 50), (20, 50), (None, 50)), smallest=0.05).verdict == "cannot tell"


def test_a_fall_that_the_other_group_had_too_is_no_fall():
    alone = judge(change((2_000, 5_000), (1_200, 5_000)), smallest=0.05)
    beside = judge(change((2_000, 5_000), (1_200, 5_000), (2_000, 5_000), (1_200, 5_000)), smallest=0.05)

    assert alone.verdict == "fell"
    assert beside.verdict == "no clear change"


counts = st.integers(11, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_the_interval_holds_the_value_and_turning_time_round_turns_the_verdict(before, after):
    one, other = change_of(change(before, after)), change_of(change(after, before))

    assert one.low <= one.value <= one.high
    assert one.value == pytest.approx(-other.value)
    if judge(change(before, after), smallest=0.05).verdict == "fell":
        assert judge(change(after, before), smallest=0.05).verdict == "rose"


@given(counts, counts)
def test_words_never_say_why(before, after):
    assert "because of" not in judge(change(before, after), smallest=0.05).words
