from __future__ import annotations

import numpy as np
import pytest

from upwell.evidence.scan.spacetime import sequential


def _draws(seed: int):
    rng = np.random.default_rng(seed)
    return lambda worlds: list(rng.gumbel(0.0, 1.0, worlds))


def test_drawing_ends_once_chance_is_explanation_enough() -> None:
    came = sequential.drawn(_draws(1), -1.0, most=999)

    assert len(came.scores) == 20 and came.p > 0.5 and not came.tail


def test_p_is_the_share_of_worlds_at_the_tenth_that_holds_as_much() -> None:
    scores = iter([0.0, 1.0] * 50)

    came = sequential.drawn(lambda worlds: [next(scores) for _ in range(worlds)], 1.0, most=100)

    assert came.p == 10 / 20


def test_far_beyond_all_worlds_the_tail_tells() -> None:
    came = sequential.drawn(_draws(2), 25.0, most=199)

    assert came.tail and came.p < 1 / 200 and len(came.scores) == 199
    assert came.p_of(25.0) == 1 / 200 and came.p_of(-9.0) == 1.0


def test_a_few_worlds_have_no_tail() -> None:
    came = sequential.drawn(_draws(3), 25.0, most=50)

    assert not came.tail and came.p == 1 / 51


def test_never_more_worlds_are_drawn_than_asked() -> None:
    told: list[float] = []

    came = sequential.drawn(_draws(4), 9.0, most=1_400, told=lambda words, share: told.append(share))

    assert len(came.scores) == 1_400 and told[-1] == 1.0 and told == sorted(told)


def test_p_under_chance_alone_is_even() -> None:
    rng = np.random.default_rng(5)
    ps = [sequential.drawn(_draws(seed), float(rng.gumbel()), most=199).p for seed in range(600)]

    for alpha in (0.5, 0.2, 0.1, 0.05):
        assert np.mean(np.array(ps) <= alpha) == pytest.approx(alpha, abs=3 * (alpha * (1 - alpha) / 600) ** 0.5)
