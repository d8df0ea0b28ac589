from __future__ import annotations

from upwell.evidence.disparity.gaps import gaps
from upwell.evidence.disparity.rates import Group


def test_every_group_is_compared_with_the_largest_and_says_so():
    found = gaps({"t01": [Group("a", 30, 200), Group("b", 45, 600), Group("c", 20, 100)]})

    assert [(gap.group, gap.reference) for gap in found] == [(0, 1), (2, 1)]
    assert {gap.why for gap in found} == {"the largest group"}
    assert round(found[0].ratio.value, 2) == 2.0


def test_unknown_answers_are_never_compared():
    found = gaps({"t01": [Group("a", 30, 200), Group("b", 45, 600), Group("unknown", 500, 900, known=False)]})

    assert [(gap.group, gap.reference) for gap in found] == [(0, 1)]


def test_a_withheld_number_is_neither_compared_nor_a_reference():
    found = gaps({"t01": [Group("a", 30, 200), Group("b", 45, 600), Group("c", None, 5000), Group("d", 12, None)]})

    assert [(gap.group, gap.reference) for gap in found] == [(0, 1)]


def test_a_table_with_one_shown_group_has_no_gap():
    assert gaps({"t01": [Group("a", 30, 200), Group("b", None, None)]}) == ()


def test_groups_keep_the_order_of_their_table():
    found = gaps({"t01": [Group("low", 12, 300), Group("high", 90, 300), Group("all", 100, 900)]})

    assert [gap.group for gap in found] == [0, 1]


def test_the_same_gap_holds_alone_and_not_among_many_equal_shares():
    lone = [Group("a", 32, 200), Group("b", 62, 600)]
    even = {f"e{i}": [Group("a", 50, 500), Group("b", 100, 1000)] for i in range(40)}

    assert gaps({"t": lone})[0].holds
    assert not gaps({"t": lone, **even})[0].holds
