from __future__ import annotations

from math import comb, exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.evidence.scan.surely import evalues

shares = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6)


@given(shares)
def test_an_e_value_has_expectation_one_under_what_is_expected(told):
    expected = np.array(told)
    whole = 0.0

    for number in range(2 ** len(told)):
        yes = np.array([number >> i & 1 for i in range(len(told))], dtype=bool)
        whole += np.where(yes, expected, 1 - expected).prod() * exp(evalues.log_e(yes, expected))

    assert whole == pytest.approx(1.0)


@given(shares, st.floats(0.0, 1.0))
def test_it_has_no_more_where_fewer_say_yes_than_expected(told, less):
    expected = np.array(told)
    truth = expected * less
    whole = 0.0

    for number in range(2 ** len(told)):
        yes = np.array([number >> i & 1 for i in range(len(told))], dtype=bool)
        whole += np.where(yes, truth, 1 - truth).prod() * exp(evalues.log_e(yes, expected))

    assert whole <= 1 + 1e-9


def test_one_ratio_alone_is_the_likelihood_ratio():
    yes, expected = np.array([True, True, False]), np.array([0.2, 0.5, 0.1])

    value = evalues.log_e(yes, expected, ratios=(2.0,), weights=(1.0,))

    assert exp(value) == pytest.approx(2 / 1.2 * 2 / 1.5 * 1 / 1.1)


def test_mixing_loses_at_most_the_log_of_how_many_ratios_there_are():
    rng = np.random.default_rng(1)
    expected = np.full(400, 0.2)
    yes = rng.random(400) < 0.35

    best = max(evalues.log_e(yes, expected, ratios=(q,), weights=(1.0,)) for q in evalues.RATIOS)

    assert best - log(len(evalues.RATIOS)) <= evalues.log_e(yes, expected) <= best


def test_nobody_is_no_evidence():
    assert evalues.log_e(np.zeros(0, dtype=bool), np.zeros(0)) == 0.0
    assert evalues.p_of(-3.0) == 1.0
    assert evalues.p_of(log(20)) == pytest.approx(0.05)


@pytest.mark.parametrize(("ratios", "weights"), [((0.5,), (1.0,)), ((2.0, 3.0), (0.9, 0.9)), ((2.0,), (-1.0,))])
def test_a_mixture_that_is_none_is_refused(ratios, weights):
    with pytest.raises(ValueError, match="Odds ratios of an e-value"):
        evalues.log_e(np.array([True]), np.array([0.5]), ratios=ratios, weights=weights)


def test_e_bh_rejects_as_in_a_worked_example():
    # Five hypotheses at 5 %: one needs 100, two need 50 each, three 33.3 each, four 25 each, five 20 each.
    values = [log(v) for v in (60.0, 50.0, 34.0, 24.0, 1.0)]

    assert evalues.e_bh(values, alpha=0.05, hypotheses=5) == (True, True, True, False, False)
    assert evalues.e_bh(values[1:], alpha=0.05, hypotheses=5) == (False,) * 4
    assert evalues.e_bh([log(101), 0.0], alpha=0.05, hypotheses=5) == (True, False)
    assert evalues.e_bh([], alpha=0.05) == ()
    assert evalues.e_bh([-inf], alpha=0.05) == (False,)


@given(st.lists(st.floats(-5, 12), max_size=8))
def test_e_bh_rejects_no_hypothesis_while_a_better_one_stays(values):
    rejected = evalues.e_bh(values, alpha=0.05)

    lowest = min((v for v, out in zip(values, rejected, strict=True) if out), default=inf)
    assert all(out or v <= lowest for v, out in zip(values, rejected, strict=True))
    assert all(v + log(sum(rejected)) >= log(20) - 1e-9 for v, out in zip(values, rejected, strict=True) if out)


def test_false_ones_among_overlapping_rejections_stay_below_the_level():
    # Forty nested or overlapping runs of ten among 120 persons; the first two dozen persons truly say yes more often.
    rng = np.random.default_rng(5)
    begins = range(0, 110, 3)
    truth = np.where(np.arange(120) < 24, 0.65, 0.3)
    false_share = []
    for _ in range(600):
        yes = rng.random(120) < truth
        values = [evalues.log_e(yes[b : b + 10], np.full(10, 0.3)) for b in begins]

        rejected = np.array(evalues.e_bh(values, alpha=0.2, hypotheses=len(begins)))

        null = np.array([b >= 24 for b in begins])
        false_share.append((rejected & null).sum() / max(rejected.sum(), 1))

    assert np.mean(false_share) <= 0.2
    assert max(false_share) < 1.0 or np.mean(false_share) > 0


def test_a_later_finding_is_weighed_without_the_persons_of_the_earlier():
    yes = np.array([True] * 10 + [False] * 10)
    expected = np.full(20, 0.2)
    first, apart = np.arange(20) < 10, np.arange(20) >= 10

    alone, again, other = evalues.beyond_the_earlier([first, first, apart], [1.0, 1.0, 1.0], yes, expected)

    assert alone == pytest.approx(evalues.log_e(yes[:10], expected[:10]) - 1 - log(2))
    assert again == pytest.approx(-2 - 2 * log(2))
    assert other == pytest.approx(evalues.log_e(yes[10:], expected[10:]) - 1 - log(2))


def test_the_weights_of_all_that_can_be_described_sum_to_at_most_one():
    # Three values of one attribute: sets of m of them cost log(m H) + log C(3, m), any of them alone or without others.
    costs = [log(m * 1.5) + log(comb(3, m)) for m in (1, 1, 1, 2, 2, 2)]
    once = sum(exp(-c) for c in costs)

    assert once == pytest.approx(1.0)
    assert sum((once / 2) ** (1 + left_out) for left_out in range(30)) <= 1 + 1e-9
