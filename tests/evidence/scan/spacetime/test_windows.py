from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from upwell.evidence.scan.spacetime import cylinders, cylinders_compiled, neighbours, windows


def _planned(seed: int, wish: cylinders.Wish, places: int = 7, months: int = 9):
    rng = np.random.default_rng(seed)
    risk = rng.integers(5, 60, (places, months)).astype(float)
    events = rng.binomial(risk.astype(int), 0.1 if seed % 2 else 0.6)
    events[0, 0] += 2 if events[0, 0] + 2 <= risk[0, 0] else 0
    plan = cylinders.planned(events, risk, neighbours.planar(rng.random((places, 2))), wish)
    return plan, np.concatenate([np.zeros((places, 1)), events.cumsum(axis=1)], axis=1)


WISHES = some.builds(
    cylinders.Wish,
    share=some.sampled_from([0.3, 0.5, 1.0]),
    longest=some.sampled_from([None, 1, 4]),
    alive=some.booleans(),
    people=some.booleans(),
)


@given(some.integers(0, 10_000), WISHES)
def test_the_compiled_windows_are_those_of_the_reference(seed: int, wish: cylinders.Wish) -> None:
    plan, events = _planned(seed, wish)

    plain, spans = windows.of_each_plain(plan.circles, events, plan.law)
    fast, fast_spans = cylinders_compiled.of_each(plan.circles, events, plan.law)

    assert fast == pytest.approx(plain, abs=1e-9)
    alike = np.array_equal(spans, fast_spans)
    assert alike or np.abs(plain - fast).max() < 1e-9  # windows that tie to the last digit


@given(some.integers(0, 10_000), WISHES)
def test_the_greatest_of_a_world_is_that_of_its_circles(seed: int, wish: cylinders.Wish) -> None:
    plan, events = _planned(seed, wish)
    worlds = np.stack([events, events[::-1].copy()])

    fast = cylinders_compiled.greatest(plan.circles, worlds, plan.law)

    assert fast == pytest.approx(windows.greatest_plain(plan.circles, worlds, plan.law), abs=1e-9)


def test_a_poisson_score_by_hand() -> None:
    law = windows.Law(total=20.0, rate=0.0, least=2.0, longest=5, alive=False)

    found = windows.score(np.array([8.0, 2.0, 20.0]), np.array([4.0, 3.0, 10.0]), law)

    assert found[0] == pytest.approx(8 * np.log(2) + 12 * np.log(12 / 16))
    assert found[1] == 0
    assert found[2] == pytest.approx(20 * np.log(2))


def test_a_bernoulli_score_by_hand() -> None:
    law = windows.Law(total=50.0, rate=0.5, least=2.0, longest=5, alive=False)  # 50 of 100 people

    found = windows.score(np.array([18.0, 20.0]), np.array([10.0, 10.0]), law)

    apart = 18 * np.log(18 / 20) + 2 * np.log(2 / 20) + 32 * np.log(32 / 80) + 48 * np.log(48 / 80)
    whole = 20 * np.log(20 / 20) + 30 * np.log(30 / 80) + 50 * np.log(50 / 80)
    assert found == pytest.approx([apart - 100 * np.log(0.5), whole - 100 * np.log(0.5)])


def test_where_events_are_rare_both_laws_agree() -> None:
    events, expected = np.array([30.0]), np.array([15.0])

    poisson = windows.score(events, expected, windows.Law(100.0, 0.0, 2.0, 5, False))
    bernoulli = windows.score(events, expected, windows.Law(100.0, 1e-4, 2.0, 5, False))

    assert bernoulli == pytest.approx(poisson, rel=1e-3)


def test_one_event_is_no_window() -> None:
    law = windows.Law(total=50.0, rate=0.0, least=2.0, longest=5, alive=False)

    assert windows.score(np.array([1.0]), np.array([0.001]), law)[0] == 0
