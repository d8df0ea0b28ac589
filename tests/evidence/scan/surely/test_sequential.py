from __future__ import annotations

import numpy as np
import pytest

from upwell.evidence.scan.surely import sequential


def _draws(seed: int):
    rng = np.random.default_rng(seed)
    return lambda worlds: list(rng.gumbel(0.0, 1.0, worlds))


def test_drawing_ends_once_chance_is_explanation_enough() -> None:
    came = sequential.drawn(_draws(1), -1.0, most=999, early=False)

    assert 10 <= len(came.found) <= 25 and came.p > 0.5 and not came.tail


def test_p_is_the_share_of_worlds_at_the_tenth_that_holds_as_much() -> None:
    scores = iter([0.0, 1.0] * 50)

    came = sequential.drawn(lambda worlds: [next(scores) for _ in range(worlds)], 1.0, most=100, early=False)

    assert came.p == 10 / 20


def test_far_beyond_all_worlds_the_tail_tells() -> None:
    came = sequential.drawn(_draws(2), 25.0, most=199, early=False)

    assert came.tail and came.p < 1 / 200 and len(came.found) == 199
    assert came.p_of(25.0) == 1 / 200 and came.p_of(-9.0) == 1.0


def test_a_few_worlds_have_no_tail() -> None:
    came = sequential.drawn(_draws(3), 25.0, most=50, early=False)

    assert not came.tail and came.p == pytest.approx(1 / 51)


def test_never_more_worlds_are_drawn_than_asked() -> None:
    told: list[float] = []

    came = sequential.drawn(_draws(4), 9.0, most=1_400, early=False, told=lambda drawn, most: told.append(drawn / most))

    assert len(came.found) == 1_400 and told[-1] == 1.0 and told == sorted(told)


def test_p_under_chance_alone_is_even() -> None:
    rng = np.random.default_rng(5)
    ps = [sequential.drawn(_draws(seed), float(rng.gumbel()), most=199, early=False).p for seed in range(600)]

    for alpha in (0.5, 0.2, 0.1, 0.05):
        assert np.mean(np.array(ps) <= alpha) == pytest.approx(alpha, abs=3 * (alpha * (1 - alpha) / 600) ** 0.5)


def test_the_gumbel_tail_is_careful_but_not_far_off():
    rng = np.random.default_rng(1)
    truth = 1 - np.exp(-np.exp(-(9.0 - 1.0) / 1.3))

    tails = [sequential.gumbel_tail(list(rng.gumbel(1.0, 1.3, 199)), 9.0) for _ in range(200)]

    assert truth < np.median(tails) < 6 * truth
    assert np.mean(np.array(tails) < truth) < 0.1


def test_no_tail_promises_more_than_one_in_a_million():
    found = list(np.random.default_rng(3).gumbel(1.0, 1.3, 199))

    assert sequential.gumbel_tail(found, 500.0) == 1e-6


def test_the_score_needed_is_passed_by_chance_once_in_twenty():
    rng = np.random.default_rng(2)
    found = tuple(rng.gumbel(-6.0, 1.5, 999))

    needed = sequential.score_needed(found, searches=1)

    assert needed is not None
    assert np.mean(rng.gumbel(-6.0, 1.5, 20_000) >= needed) == pytest.approx(0.05, abs=0.02)


def test_too_few_worlds_promise_nothing():
    assert sequential.gumbel_tail([1.0, 2.0], 50.0) == 1.0
    assert sequential.score_needed((1.0, 2.0), searches=1) is None


def _uniform(seed: int):
    """Scores of worlds, as many above 0 as chance would have it where there is nothing to find."""
    rng = np.random.default_rng(seed)
    share = rng.random()
    return lambda worlds: list(np.where(rng.random(worlds) < share, 1.0, -1.0))


@pytest.mark.parametrize("searches", [1, 13])
def test_a_counted_p_is_below_a_level_no_more_often_than_that_however_early_it_stops(searches):
    found = [list(np.concatenate([_uniform(seed)(399)])) for seed in range(2_000)]

    p = np.array([sequential.p_of(worlds, 0.0, 399, searches=searches)[0] for worlds in found])

    for level in (0.5, 0.2, 0.1, 0.05, 0.01):
        assert (p <= level).mean() <= level + 2.6 * np.sqrt(level * (1 - level) / 2_000)
    assert (p <= 0.1).mean() > 0.07


def test_without_an_early_stop_p_is_the_counted_one():
    found = [1.0] * 3 + [-1.0] * 396

    p, stopped = sequential.p_of(found[::-1], 0.0, 399, searches=1)

    assert not stopped
    assert p == pytest.approx(4 / 400, rel=1e-3)


def test_stopping_at_the_tenth_better_world_is_the_sequential_test():
    line, stopped, _ = sequential._stopping(999, 1)  # the line's own table

    assert line[-1] == 10
    assert stopped[499] == pytest.approx(10 / 500, rel=1e-3)
    assert stopped[199] == pytest.approx(10 / 200, rel=1e-2)


@pytest.mark.parametrize(
    ("searches", "most", "enough"), [(1, 999, 10), (13, 999, 3), (13, 399, 1), (1, 199, 10), (400, 199, 1)]
)
def test_worlds_end_with_as_many_better_ones_as_would_be_too_many_at_the_end(searches, most, enough):
    line, stopped, end = sequential._stopping(most, searches)

    assert line.max() == enough
    assert (np.diff(stopped) <= 1e-12).all()
    assert stopped[-1] == pytest.approx(enough / most, rel=0.01)
    assert end[0] == pytest.approx(1 / (most + 1))
