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


def _uniform(seed: int):
    """Scores of worlds, as many above 0 as chance would have it where there is nothing to find."""
    rng = np.random.default_rng(seed)
    share = rng.random()
    return lambda worlds: list(np.where(rng.random(worlds) < share, 1.0, -1.0))


@pytest.mark.parametrize("searches", [1, 13])
def test_a_counted_p_is_below_a_level_no_more_often_than_that_however_early_it_stops(searches):
    found = [list(np.concatenate([_uniform(seed)(399)])) for seed in range(2_000)]

    p = np.array([chance.p_of(worlds, 0.0, 399, searches=searches)[0] for worlds in found])

    for level in (0.5, 0.2, 0.1, 0.05, 0.01):
        assert (p <= level).mean() <= level + 2.6 * np.sqrt(level * (1 - level) / 2_000)
    assert (p <= 0.1).mean() > 0.07


def test_without_an_early_stop_p_is_the_counted_one():
    found = [1.0] * 3 + [-1.0] * 396

    p, stopped = chance.p_of(found[::-1], 0.0, 399, searches=1)

    assert not stopped
    assert p == pytest.approx(4 / 400, rel=1e-3)


def test_stopping_at_the_tenth_better_world_is_the_sequential_test():
    line, stopped, _ = chance._stopping(999, 1)  # the line's own table

    assert line[-1] == 10
    assert stopped[499] == pytest.approx(10 / 500, rel=1e-3)
    assert stopped[199] == pytest.approx(10 / 200, rel=1e-2)


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


@pytest.mark.parametrize(
    ("searches", "most", "enough"), [(1, 999, 10), (13, 999, 3), (13, 399, 1), (1, 199, 10), (400, 199, 1)]
)
def test_worlds_end_with_as_many_better_ones_as_would_be_too_many_at_the_end(searches, most, enough):
    line, stopped, end = chance._stopping(most, searches)

    assert line.max() == enough
    assert (np.diff(stopped) <= 1e-12).all()
    assert stopped[-1] == pytest.approx(enough / most, rel=0.01)
    assert end[0] == pytest.approx(1 / (most + 1))
