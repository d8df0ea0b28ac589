from __future__ import annotations

import numpy as np
import pytest

from factories.people import COLUMNS, people
from upwell.evidence import expected
from upwell.evidence.scan.surely import chance


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


def test_programmes_are_compared_even_where_the_candidate_takes_most_of_nearly_all_of_them():
    made = people(4_000, seed=5, projects=0.6)
    share = np.full(4_000, made.truth.mean())
    units = chance.Units(made.asked.household, made.asked.codes["project"])

    most = chance.estimated(units, made.asked.yes, share, made.asked.codes["sex"] != 2)
    everybody = chance.estimated(units, made.asked.yes, share, np.zeros(4_000, dtype=bool))

    assert most.spread == pytest.approx(everybody.spread, rel=0.5)
    assert most.spread > 0.3


def test_an_excess_that_is_in_many_of_few_programmes_is_not_their_usual_difference():
    made = people(4_000, seed=5)
    apart = (made.asked.codes["sex"] == 1) & (made.asked.codes["project"] < 3)
    yes = made.asked.yes | (apart & (np.random.default_rng(1).random(4_000) < 0.4))
    few = np.minimum(made.asked.codes["project"], 4)

    linked = chance.estimated(chance.Units(made.asked.household, few), yes, made.truth, apart)

    assert linked.spread < 0.2


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


def test_chance_that_explains_the_find_stops_the_drawing_early():
    drawn = []

    came = chance.one_after_the_other(
        lambda worlds: [1.0] * worlds, 0.0, 1_000, searches=1, told=lambda done, most: drawn.append((done, most))
    )

    assert came.p == pytest.approx(1.0)
    assert drawn == [(10, 999)]


def test_a_clear_find_needs_few_worlds_and_one_near_the_line_all():
    rng = np.random.default_rng(1)
    clear = chance.one_after_the_other(lambda w: list(rng.gumbel(-6, 1, w)), 20.0, 1_000, searches=1)
    near = chance.one_after_the_other(lambda w: list(rng.gumbel(-6, 1, w)), -2.0, 1_000, searches=1)

    assert len(clear.found) == 49
    assert clear.p == 1e-6
    assert len(near.found) > 199
    assert 0.005 < near.p < 0.06


def test_worlds_of_very_many_persons_are_drawn_a_few_at_a_time():
    asked_for = []

    def draw(worlds: int) -> list[float]:
        asked_for.append(worlds)
        return [-1.0 - i for i in range(worlds)]

    chance.one_after_the_other(draw, 1e9, 3_000_000, searches=1)

    assert max(asked_for) == 1
    assert chance.most_worlds(3_000_000) == 199
