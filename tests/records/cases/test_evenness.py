"""Codes given at random are seen; few values, few people and real answers are not suspicious."""

from __future__ import annotations

import numpy as np
import pytest

from upwell.records.cases.evenness import EVEN_EACH, EVEN_VALUES, is_even


@pytest.mark.parametrize("values", [EVEN_VALUES, 8, 30])
def test_codes_given_at_random_are_even(values):
    rng = np.random.default_rng(values)

    given = [rng.multinomial(2 * EVEN_EACH * values, [1 / values] * values) for _ in range(50)]

    assert sum(map(is_even, given)) >= 48


@pytest.mark.parametrize("counts", [[30, 31, 29, 30], [3, 4, 3, 4, 3, 4], [400, 30, 300, 20, 90]])
def test_few_values_few_people_or_a_real_spread_are_not_suspicious(counts):
    assert not is_even(np.array(counts))


def test_three_values_are_too_few_however_even_they_are():
    assert not is_even(np.array([10_000, 10_000, 10_000]))


def test_values_that_nobody_has_change_nothing():
    assert is_even(np.array([0, 500, 510, 490, 505, 0]))
    assert not is_even(np.array([0, 500, 510, 490]))
