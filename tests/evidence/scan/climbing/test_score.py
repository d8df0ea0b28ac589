from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence.scan.climbing import score


def _sets(values: int, kind: str, family: np.ndarray):
    """All sets of values that one dimension may be restricted to."""
    for chosen in product([False, True], repeat=values):
        held = np.flatnonzero(chosen)
        contiguous = len(held) and held[-1] - held[0] + 1 == len(held)
        named = int(np.sum(1 << held)) in family.tolist()
        if 0 < len(held) < values and {"nominal": True, "ordered": contiguous, "grouped": named}[kind]:
            yield np.array([*chosen, False])


KIND = st.sampled_from(["nominal", "ordered", "grouped"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(2, 5), KIND), min_size=1, max_size=3), st.integers(1, 30), st.integers(0, 99))
def test_the_lengths_of_all_descriptions_satisfy_kraft(dimensions, searches, seed):
    rng = np.random.default_rng(seed)
    values, kinds = [v for v, _ in dimensions], [k for _, k in dimensions]
    families = [
        np.unique(rng.integers(1, 2**v - 1, 6)).astype(np.uint64)[: 6 * (k == "grouped")] for v, k in dimensions
    ]
    coding = score.code(values, [k == "ordered" for k in kinds], searches=searches, families=families)
    sizes = np.array(values) + 1

    total = 0.0
    choices = [
        [np.ones(v + 1, dtype=bool), *_sets(v, k, family)] for (v, k), family in zip(dimensions, families, strict=True)
    ]
    for parts in product(*choices):
        allowed = np.ones((len(values), max(sizes)), dtype=bool)
        for j, part in enumerate(parts):
            allowed[j, : len(part)] = part
        total += np.exp(-coding.length(allowed, sizes))

    assert total <= 1 / searches + 1e-9


def test_any_set_pays_for_every_value_of_a_restricted_dimension_and_for_nothing_else():
    coding = score.any_set([3, 4, 5], [False, True, False], per_value=0.7)
    allowed = np.ones((3, 6), dtype=bool)
    allowed[0] = [True, False, True, False, False, False]
    allowed[1] = [False, True, True, False, False, False]

    assert coding.length(allowed, np.array([4, 5, 6])) == 4 * 0.7
    assert coding.most == 3


def test_a_longer_list_of_groups_makes_each_of_them_dearer():
    few, many = (
        score.code([8], [False], searches=1, families=[np.arange(1, sets + 1, dtype=np.uint64)]) for sets in (10, 80)
    )

    assert many.cost[0, 3] - few.cost[0, 3] == pytest.approx(np.log(8))
    assert many.cost[0, 1] == many.cost[0, 3]


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


def test_of_a_grouped_dimension_only_its_sets_can_be_described():
    family = [np.array([1, 2, 4, 8, 3], dtype=np.uint64)]

    assert 10 ** score.subsets_log10([4], [False], family) == pytest.approx(5)


def test_the_exact_score_of_very_many_is_that_of_a_fine_search_over_odds_ratios():
    rng = np.random.default_rng(2)
    expected = rng.uniform(1e-5, 0.6, 40_000)
    yes = rng.random(40_000) < score.tilt(expected, 1.3)

    best, ratio = score.exact_score(yes, expected)
    grid = [yes.sum() * np.log(q) - np.log1p((q - 1) * expected).sum() for q in ratio * np.linspace(0.999, 1.001, 201)]

    assert abs(best - max(grid)) < 1e-5
