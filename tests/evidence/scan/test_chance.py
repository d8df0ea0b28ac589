from __future__ import annotations

import numpy as np
import pytest

from factories.people import COLUMNS, people
from upwell.evidence import expected
from upwell.evidence.scan import chance


def _linked(made, fitted=None):
    share = expected.of(made.asked, COLUMNS, "composition", seed=1).fitted if fitted is None else fitted
    nobody = np.zeros(made.asked.persons, dtype=bool)
    return chance.dependence(made.asked, made.asked.codes["project"], share, nobody), share


def test_independent_persons_show_hardly_any_dependence():
    linked, _ = _linked(people(20_000, seed=1, households=3))

    assert linked.together < 0.15
    assert linked.spread < 0.1


def test_households_that_answer_together_are_noticed():
    linked, _ = _linked(people(20_000, seed=2, households=3, together=0.8))

    assert linked.together == pytest.approx(0.8, abs=0.06)


def test_programmes_that_differ_are_noticed():
    spreads = [_linked(people(20_000, seed=seed, projects=0.5))[0].spread for seed in range(4)]

    assert np.mean(spreads) == pytest.approx(0.5, abs=0.15)


def test_worlds_have_the_expected_rates_and_the_dependence_asked_for():
    made = people(6_000, seed=3, households=2, together=0.8)
    linked, share = _linked(made)

    drawn = chance.worlds(np.random.default_rng(1), share, linked, 400)
    few = np.arange(6_000) < 600
    variance = (drawn - share)[:, few].sum(axis=1).var()
    independent = (share * (1 - share))[few].sum()

    assert abs(drawn.mean() - share.mean()) < 0.005
    assert variance / independent == pytest.approx(linked.inflation(share, few), rel=0.25)


def test_dependence_widens_what_may_happen_among_members():
    made = people(6_000, seed=4, households=3, together=0.8)
    linked, share = _linked(made)
    whole_households = made.asked.household < 200
    one_of_each = (np.arange(6_000) % 3 == 0) & (made.asked.household < 600)

    assert linked.inflation(share, whole_households) > 1.8
    assert linked.inflation(share, one_of_each) < linked.inflation(share, whole_households)


def test_the_gumbel_tail_is_careful_but_not_far_off():
    rng = np.random.default_rng(1)
    truth = 1 - np.exp(-np.exp(-(9.0 - 1.0) / 1.3))

    tails = [chance.gumbel_tail(list(rng.gumbel(1.0, 1.3, 199)), 9.0) for _ in range(200)]

    assert truth < np.median(tails) < 6 * truth
    assert np.mean(np.array(tails) < truth) < 0.1


def test_no_tail_promises_more_than_one_in_a_million():
    found = list(np.random.default_rng(3).gumbel(1.0, 1.3, 199))

    assert chance.gumbel_tail(found, 500.0) == 1e-6


def test_the_score_needed_is_passed_by_chance_once_in_twenty():
    rng = np.random.default_rng(2)
    found = tuple(rng.gumbel(-6.0, 1.5, 999))

    needed = chance.score_needed(found, searches=1)

    assert needed is not None
    assert np.mean(rng.gumbel(-6.0, 1.5, 20_000) >= needed) == pytest.approx(0.05, abs=0.02)


def test_too_few_worlds_promise_nothing():
    assert chance.gumbel_tail([1.0, 2.0], 50.0) == 1.0
    assert chance.score_needed((1.0, 2.0), searches=1) is None
