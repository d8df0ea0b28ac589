from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence.scan import score


def _subsets(values: int, ordered: bool):
    for chosen in product([False, True], repeat=values):
        held = np.flatnonzero(chosen)
        contiguous = len(held) and held[-1] - held[0] + 1 == len(held)
        if 0 < len(held) < values and (contiguous or not ordered):
            yield np.array([*chosen, False])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(2, 5), st.booleans()), min_size=1, max_size=3), st.integers(1, 30))
def test_the_lengths_of_all_descriptions_satisfy_kraft(dimensions, searches):
    values, ordered = [v for v, _ in dimensions], [o for _, o in dimensions]
    coding = score.code(values, ordered, searches=searches)
    sizes = np.array(values) + 1
    width = max(sizes)

    total = 0.0
    choices = [[np.ones(v + 1, dtype=bool), *_subsets(v, o)] for v, o in dimensions]
    for parts in product(*choices):
        allowed = np.ones((len(values), width), dtype=bool)
        for j, part in enumerate(parts):
            allowed[j, : len(part)] = part
        total += np.exp(-coding.length(allowed, sizes))

    assert total <= 1 / searches + 1e-9


def test_the_exact_score_is_the_best_over_all_odds_ratios():
    rng = np.random.default_rng(1)
    expected = rng.uniform(0.02, 0.6, 200)
    yes = rng.random(200) < score.tilt(expected, 2.0)

    best, ratio = score.exact_score(yes, expected)
    grid = [yes.sum() * np.log(q) - np.log(1 - expected + q * expected).sum() for q in np.linspace(1, 6, 4001)]

    assert abs(best - max(grid)) < 1e-4
    assert 1.2 < ratio < 4


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 60))
def test_the_leading_score_never_promises_more_than_the_exact_one(seed, persons):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(0.01, 0.9, persons)
    yes = rng.random(persons) < rng.uniform(0, 1)

    exact, _ = score.exact_score(yes, expected)
    leading = score.excess_score(np.array([yes.sum()]), np.array([expected.sum()]), np.array([float(persons)]))[0]

    assert leading <= exact + 1e-9


def test_the_leading_score_equals_the_exact_one_when_all_share_one_chance():
    yes, expected = np.arange(100) < 35, np.full(100, 0.2)

    leading = score.excess_score(np.array([35.0]), np.array([20.0]), np.array([100.0]))[0]

    assert abs(score.exact_score(yes, expected)[0] - leading) < 1e-9


def test_fewer_than_expected_scores_nothing():
    assert score.exact_score(np.array([False, False, True]), np.array([0.5, 0.6, 0.7])) == (0.0, 1.0)


def test_tilting_multiplies_the_odds():
    tilted = score.tilt(np.array([0.2, 0.5]), 3.0)

    assert np.allclose(tilted / (1 - tilted), 3 * np.array([0.25, 1.0]))


def test_the_number_of_descriptions_counts_what_can_be_said():
    # One nominal dimension of 3 values: 6 proper sets; one ordinal of 3: 5 intervals; together 6 * 5 more.
    assert abs(10 ** score.subsets_log10([3, 3], [False, True]) - (6 + 5 + 30)) < 1e-6
