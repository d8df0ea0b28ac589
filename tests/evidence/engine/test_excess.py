"""The compiled score is the written formula, the twin of the one in NumPy, and 0 where nothing is in excess."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.evidence.engine.excess import score_of
from upwell.evidence.scan.climbing.score import excess_score


def test_the_score_is_the_formula_worked_by_hand():
    assert score_of(30.0, 10.0, 100.0) == pytest.approx(30 * log(3) + 70 * log(70 / 90))


def test_where_everybody_says_yes_the_second_part_is_nothing():
    assert score_of(20.0, 5.0, 20.0) == pytest.approx(20 * log(4))


@pytest.mark.parametrize(
    ("yes", "expected", "persons"), [(10.0, 10.0, 50.0), (9.0, 10.0, 50.0), (0.0, 0.0, 50.0), (3.0, 0.0, 5.0)]
)
def test_what_is_not_more_often_scores_nothing(yes, expected, persons):
    assert score_of(yes, expected, persons) == 0.0


def test_an_expectation_of_everybody_scores_nothing():
    assert score_of(6.0, 5.0, 5.0) == 0.0


@given(st.integers(1, 10**6), st.floats(0, 1), st.floats(1e-6, 1))
def test_it_is_the_twin_of_the_score_in_numpy(persons, share, expected):
    yes = float(int(persons * share))

    ours = score_of(yes, persons * expected, float(persons))

    theirs = excess_score(np.array([yes]), np.array([persons * expected]), np.array([float(persons)]))[0]
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-6)
