from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from factories.people import COLUMNS, people
from upwell.evidence import expected
from upwell.evidence.errors import EvidenceError


def test_the_expectation_follows_the_truth_of_main_effects():
    made = people(20_000, seed=1, effects=0.6)

    share = expected.of(made.asked, COLUMNS, "composition", seed=1).share

    assert np.corrcoef(share, made.truth)[0, 1] > 0.97
    assert abs(share.sum() - made.asked.yes.sum()) < 0.01 * made.asked.yes.sum()


def test_place_project_and_time_are_not_adjusted_for():
    made = people(5_000, seed=2)
    shuffled = {**made.asked.codes, **{n: made.asked.codes[n][::-1].copy() for n in ("place", "project", "half")}}

    usual = expected.of(made.asked, COLUMNS, "composition", seed=1).share
    other = expected.of(replace(made.asked, codes=shuffled), COLUMNS, "composition", seed=1).share

    assert np.array_equal(usual, other)


def test_the_overall_baseline_expects_the_same_of_everybody():
    made = people(3_000, seed=3)

    share = expected.of(made.asked, COLUMNS, "overall", seed=1).share

    assert np.ptp(share) < 1e-12
    assert abs(share[0] - made.asked.yes.mean()) < 1e-3


def test_nobody_is_expected_by_the_answers_of_their_own_household():
    made = people(900, seed=4, households=3)
    asked = made.asked
    turned = asked.yes.copy()
    mine = asked.household == 17
    turned[mine] = ~turned[mine]

    before = expected.of(asked, COLUMNS, "composition", seed=1).share[mine]
    after = expected.of(replace(asked, yes=turned), COLUMNS, "composition", seed=1).share[mine]

    assert np.allclose(before, after, atol=1e-5)


def test_the_earlier_baseline_learns_only_from_the_earlier_half():
    made = people(4_000, seed=5)
    late = made.asked.month >= 18
    turned = np.where(late, ~made.asked.yes, made.asked.yes)

    usual = expected.of(made.asked, COLUMNS, "earlier", seed=1)
    other = expected.of(replace(made.asked, yes=turned), COLUMNS, "earlier", seed=1)

    assert np.array_equal(usual.compared, late)
    assert np.array_equal(usual.share, other.share)


def test_the_programme_baseline_takes_up_what_programmes_differ_in():
    made = people(20_000, seed=6, projects=0.8)
    yes, project = made.asked.yes, made.asked.codes["project"]

    plain = expected.of(made.asked, COLUMNS, "composition", seed=1).share
    own = expected.of(made.asked, COLUMNS, "programme", seed=1).share

    def misfit(share):
        return np.abs(np.bincount(project, weights=yes - share)).sum()

    assert misfit(own) < 0.3 * misfit(plain)


def test_fitting_again_to_the_same_answers_gives_the_same_expectation():
    made = people(3_000, seed=7)
    first = expected.of(made.asked, COLUMNS, "composition", seed=1)

    again = expected.refitted(first, made.asked.yes[None, :])[0]

    assert np.abs(again - first.share).max() < 1e-3


def test_fitting_again_to_other_answers_gives_what_a_fresh_fit_gives():
    made = people(3_000, seed=8)
    first = expected.of(made.asked, COLUMNS, "composition", seed=1)
    answers = np.random.default_rng(1).random(3_000) < first.fitted

    again = expected.refitted(first, answers[None, :])[0]
    fresh = expected.of(replace(made.asked, yes=answers), COLUMNS, "composition", seed=1).share

    assert np.abs(again - fresh).max() < 2e-3


def test_a_stratum_of_a_handful_is_shrunk_towards_the_others():
    made = people(2_000, seed=9, effects=0.0)
    codes = made.asked.codes["race"].copy()
    few = np.flatnonzero(codes == 7)[:4]
    codes[codes == 7] = 0
    codes[few] = 7
    yes = made.asked.yes.copy()
    yes[few] = True

    asked = replace(made.asked, yes=yes, codes={**made.asked.codes, "race": codes})
    fitted = expected.of(asked, COLUMNS, "composition", seed=1).fitted

    assert fitted[few].mean() < 0.75


def test_an_unknown_baseline_is_refused_with_the_names_of_those_there_are():
    with pytest.raises(EvidenceError, match="composition"):
        expected.of(people(100, seed=1).asked, COLUMNS, "nonsense", seed=1)


@pytest.mark.parametrize(
    ("plant", "odds"), [({"age": (2, 3), "sex": (0,)}, 6), ({"place": (1,)}, 8), ({"sex": (1,)}, 4)]
)
def test_the_likelihood_ratio_beside_the_baseline_is_that_of_a_general_optimiser(plant, odds):
    made = people(1500, seed=2, plant=plant, odds=odds)
    expectation = expected.of(made.asked, COLUMNS, "composition", seed=1)
    design, yes = expectation.design, made.asked.yes
    own = np.column_stack([design.matrix[design.stratum], made.inside])
    ridge = np.append(design.ridge, 0.0)

    def worst(start, free):
        def value(beta):
            log_odds = own[:, :free] @ beta
            slope = own[:, :free].T @ (yes - 1 / (1 + np.exp(-log_odds))) - ridge[:free] * beta
            gain = yes @ log_odds - np.logaddexp(0, log_odds).sum() - 0.5 * ridge[:free] @ beta**2
            return -gain, -slope

        return minimize(value, start, jac=True, method="BFGS").fun

    coefficients = expectation.coefficients
    general = worst(coefficients, len(coefficients)) - worst(np.append(coefficients, 0.0), len(coefficients) + 1)
    fit = expected.Likelihood(expectation, yes).apart(made.inside)

    assert fit is not None
    assert fit.gain == pytest.approx(general, abs=0.01)
