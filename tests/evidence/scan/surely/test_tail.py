from __future__ import annotations

from math import comb

import numpy as np
import pytest

from upwell.evidence.scan.surely import tail


def _binomial(events: int, persons: int, p: float) -> float:
    return sum(comb(persons, k) * p**k * (1 - p) ** (persons - k) for k in range(events, persons + 1))


@pytest.mark.parametrize(("events", "persons", "p"), [(5, 20, 0.1), (30, 100, 0.2), (1, 10, 0.01), (60, 200, 0.2)])
def test_equal_chances_give_the_binomial_tail(events, persons, p):
    assert tail.at_least(events, np.full(persons, p)) == pytest.approx(_binomial(events, persons, p), rel=1e-9)


@pytest.mark.parametrize("beyond", [1.5, 3.0, 5.0, 7.0])
def test_the_saddlepoint_agrees_with_the_exact_tail(beyond):
    share = np.random.default_rng(1).uniform(0.02, 0.4, 1400)
    events = int(share.sum() + beyond * np.sqrt((share * (1 - share)).sum()))

    assert tail._saddlepoint(events, share) == pytest.approx(tail._exact(events, share), rel=0.01)


def test_dependence_makes_a_tail_heavier():
    share = np.full(300, 0.2)

    assert tail.at_least(85, share, inflation=2.0) > 5 * tail.at_least(85, share)


def test_no_event_is_always_reached_and_more_than_all_never():
    assert tail.at_least(0, np.full(5, 0.2)) == 1.0
    assert tail.at_least(6, np.full(5, 0.2)) == 0.0
