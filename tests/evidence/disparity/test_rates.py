from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.evidence.disparity import rates
from upwell.evidence.disparity.rates import EmptyGroupError

counts = st.integers(1, 10**6).flatmap(lambda persons: st.tuples(st.integers(0, persons), st.just(persons)))


def test_wilson_gives_the_known_interval_of_three_in_twenty():
    interval = rates.share(yes=3, persons=20)

    assert (round(interval.low, 3), round(interval.high, 3)) == (0.052, 0.360)


def test_the_ratio_gives_the_known_interval():
    interval = rates.ratio(yes=30, persons=200, other_yes=45, other_persons=600)

    assert interval.value == pytest.approx(2.0)
    assert (round(interval.low, 3), round(interval.high, 3)) == (1.297, 3.085)


def test_the_difference_gives_the_known_value():
    interval = rates.difference(yes=30, persons=200, other_yes=45, other_persons=600)

    assert interval.value == pytest.approx(0.075)


def test_newcombe_gives_the_published_interval_of_56_in_70_against_48_in_80():
    # Newcombe 1998, table II, row (a), method 10.
    interval = rates.difference(yes=56, persons=70, other_yes=48, other_persons=80)

    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0524, 0.3339)


def test_a_ratio_can_grow_while_the_difference_shrinks():
    before = {"yes": 300, "persons": 1000, "other_yes": 150, "other_persons": 1000}
    after = {"yes": 160, "persons": 1000, "other_yes": 70, "other_persons": 1000}

    assert round(rates.ratio(**before).value, 2) == 2.00
    assert round(rates.ratio(**after).value, 2) == 2.29
    assert round(rates.difference(**before).value, 2) == 0.15
    assert round(rates.difference(**after).value, 2) == 0.09


@given(counts)
def test_every_share_lies_in_its_interval_and_inside_zero_to_one(made):
    yes, persons = made

    interval = rates.share(yes=yes, persons=persons)

    assert -1e-12 <= interval.low <= interval.value + 1e-12
    assert interval.value - 1e-12 <= interval.high <= 1 + 1e-12


@given(counts, counts)
def test_a_difference_turned_round_changes_only_its_sign(one, other):
    there = rates.difference(yes=one[0], persons=one[1], other_yes=other[0], other_persons=other[1])
    back = rates.difference(yes=other[0], persons=other[1], other_yes=one[0], other_persons=one[1])

    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high, abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_false_discovery_never_lowers_a_p_and_keeps_its_order(p):
    q = rates.false_discovery(p)

    assert all(a >= b - 1e-15 for a, b in zip(q, p, strict=True))
    ranked = sorted(range(len(p)), key=lambda i: p[i])
    assert all(q[a] <= q[b] for a, b in pairwise(ranked))


def test_false_discovery_gives_the_textbook_values():
    q = rates.false_discovery([0.01, 0.04, 0.03, 0.005])

    assert q == pytest.approx((0.02, 0.04, 0.04, 0.02))


def test_nobody_has_no_rate():
    with pytest.raises(EmptyGroupError):
        rates.share(yes=0, persons=0)


def test_two_groups_in_which_nobody_has_the_trouble_do_not_differ():
    assert rates.equal_shares_p(yes=0, persons=20, other_yes=0, other_persons=50) == 1.0
