from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.people import people
from upwell.evidence.scan.climbing.subset import Standing
from upwell.evidence.scan.surely import confirm

levels = st.lists(st.floats(0, 1), max_size=8)


def test_holm_corrects_as_in_a_worked_example():
    # Four tests: 0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04 x 1, which may not be below the one before it.
    corrected = confirm.holm([0.01, 0.04, 0.03, 0.005])

    assert corrected == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_other_searches_of_the_run_are_paid_for():
    assert confirm.holm([0.001], searches=13) == pytest.approx([0.013])
    assert confirm.holm([0.5], searches=13) == [1.0]
    assert confirm.holm([]) == []


@given(levels)
def test_a_corrected_p_is_at_least_the_own_and_at_most_that_of_bonferroni(p):
    corrected = confirm.holm(p)

    assert all(own <= given_p <= min(1.0, own * len(p)) + 1e-12 for own, given_p in zip(p, corrected, strict=True))


@given(levels, st.randoms(use_true_random=False))
def test_the_order_of_tests_changes_nothing(p, random):
    order = list(range(len(p)))
    random.shuffle(order)

    turned = confirm.holm([p[i] for i in order])

    assert turned == [confirm.holm(p)[i] for i in order]


def test_only_what_stands_is_claimed_the_surest_first():
    found = [confirm.Tested(p).of((), Standing(score)) for p, score in ((0.03, 1.0), (0.9, 2.0), (0.001, 3.0))]

    claimed = confirm.claimed(found, searches=1, alpha=0.06)

    assert [tested.standing.score for tested, _ in claimed] == [3.0, 1.0]
    assert [p for _, p in claimed] == pytest.approx([0.003, 0.06])


def test_households_stay_together_and_halves_are_about_even():
    asked = people(4_000, seed=1, households=4).asked

    half = confirm.halves(asked, 7)

    assert (half.reshape(-1, 4) == half.reshape(-1, 4)[:, :1]).all()
    assert 0.45 < half.mean() < 0.55
    assert np.array_equal(half, confirm.halves_of(asked.household, 7))
