from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from upwell.evidence.scan.surely import merge


def _run(begin: int, end: int):
    return (np.arange(100) >= begin) & (np.arange(100) < end)


def test_jaccard_is_the_share_of_persons_in_both():
    assert merge.jaccard(_run(0, 10), _run(5, 15)) == 5 / 15
    assert merge.jaccard(_run(0, 0), _run(0, 0)) == 0.0


def test_findings_of_nearly_the_same_persons_are_one_and_the_better_stays():
    kept = merge.merged([_run(0, 10), _run(0, 12), _run(50, 60)], [3.0, 5.0, 4.0])

    assert [(one.at, one.stands_for) for one in kept] == [(1, 2), (2, 1)]
    assert "nearly the same people" in kept[0].said
    assert kept[1].said == ""


def test_four_fifths_in_common_are_the_same_and_less_is_not():
    assert merge.same(_run(0, 80), _run(0, 100))
    assert not merge.same(_run(0, 79), _run(0, 100))


def test_equal_scores_keep_their_order():
    kept = merge.merged([_run(0, 10), _run(20, 30), _run(0, 10)], [1.0, 1.0, 1.0])

    assert [one.at for one in kept] == [0, 1]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.floats(-5, 50)), max_size=7))
def test_no_two_that_are_kept_are_one_and_all_are_stood_for(found):
    insides = [_run(begin, begin + length) for begin, length, _ in found]

    kept = merge.merged(insides, [score for *_, score in found])

    assert sum(one.stands_for for one in kept) == len(found)
    assert not any(merge.same(insides[a.at], insides[b.at]) for a in kept for b in kept if a.at != b.at)
    assert [found[one.at][2] for one in kept] == sorted((found[one.at][2] for one in kept), reverse=True)
