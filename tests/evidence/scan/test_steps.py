from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.people import COLUMNS, people
from upwell.evidence import dimensions, expected, tables
from upwell.evidence.scan import compiled, score, steps, subset


def _scan(persons: int, seed: int, **kinds):
    asked = people(persons, seed=seed, **kinds).asked
    expectation = expected.of(asked, COLUMNS, "composition", seed=1)
    space = dimensions.dimensions(asked, COLUMNS, among=expectation.compared, least=11)
    coding = score.code([d.values for d in space], [d.ordered for d in space], searches=1)
    return asked, expectation, subset.Scan(tables.frame(space), coding, 11)


def _tally(seed: int, values: int) -> steps.Tally:
    rng = np.random.default_rng(seed)
    persons = rng.integers(20, 200, values + 1).astype(float)
    expected = persons * rng.uniform(0.1, 0.3, values + 1)
    yes = np.floor(np.minimum(persons, expected * rng.uniform(0.5, 2.0, values + 1)))
    return steps.Tally(yes[None, :], expected[None, :], persons[None, :])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9))
def test_the_best_interval_is_the_best_of_all_intervals(seed, values):
    tally = _tally(seed, values)
    cost = score.code([values], [True], searches=1).cost[0]

    best, chosen = steps.best_set(tally, ordered=True, cost=cost, least=0)
    every = [
        _score(tally, range(a, b), cost, ordered=True)
        for a in range(values)
        for b in range(a + 1, values + 1)
        if b - a < values
    ]

    assert best[0] == pytest.approx(max(every))
    assert best[0] == -np.inf or best[0] == pytest.approx(_score(tally, np.flatnonzero(chosen[0]), cost, ordered=True))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8))
def test_the_best_set_is_nearly_always_the_best_of_all_sets(seed, values):
    tally = _tally(seed, values)
    cost = score.code([values], [False], searches=1).cost[0]

    best, chosen = steps.best_set(tally, ordered=False, cost=cost, least=0)
    every = [_score(tally, held, cost) for m in range(1, values) for held in combinations(range(values), m)]

    assert best[0] == -np.inf or best[0] == pytest.approx(_score(tally, np.flatnonzero(chosen[0]), cost))
    assert best[0] >= max(every) - 1.0  # two orders of values are tried, not all


def _score(tally, held, cost, *, ordered=False):
    held = list(held)
    values = tally.yes.shape[1] - 1
    reaches = ordered and (0 in held or values - 1 in held)
    yes, told, persons = (part[0, list(held)].sum() for part in tally.parts())
    gain = float(score.excess_score(np.array([yes]), np.array([told]), np.array([persons]))[0])
    return gain - cost[0 if reaches else len(held)] if yes > told else -np.inf


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_climb_ends_where_the_plain_one_does(seed):
    asked, expectation, scan = _scan(1500, seed, plant={"place": (1,), "sex": (0,)}, odds=4)
    rule = compiled.rule(scan.people, scan.coding, scan.least)
    starts = scan._pair_starts(asked.yes[None, :].astype(float), expectation.share[None, :])[0]
    lanes = steps.Lanes(starts, np.zeros(len(starts), dtype=np.int64))
    outcome = (asked.yes[None, :].astype(float), expectation.share[None, :])

    plain, _ = steps.climb(scan.people, *outcome, lanes, (scan.coding, scan.least))
    quick, _ = compiled.climb(scan.people, asked.yes, expectation.share, starts, rule)

    assert np.allclose(plain, quick, atol=1e-9)


def test_a_climb_never_ends_below_where_a_single_restriction_stands():
    asked, expectation, scan = _scan(1500, 9)
    found = scan.best(asked.yes, expectation.share)

    singles = []
    for j, dimension_codes in enumerate(scan.people.codes):
        hot = (dimension_codes[:, None] == np.arange(scan.people.sizes[j])).astype(float)
        parts = [asked.yes @ hot, expectation.share @ hot, hot.sum(axis=0)]
        tally = steps.Tally(*(part[None, :] for part in parts))
        best, _ = steps.best_set(
            tally, ordered=bool(scan.people.ordered[j]), cost=scan.coding.cost[j], least=scan.least
        )
        singles.append(best[0] - scan.coding.base)

    assert found is not None
    assert found.score >= max(singles) - 1e-9


def test_no_candidate_has_fewer_persons_with_or_without_the_trouble_than_may_be_told():
    for seed in range(6):
        asked, expectation, scan = _scan(400, seed)
        found = scan.best(asked.yes, expectation.share)

        assert found is not None
        assert asked.yes[found.inside].sum() >= 11
        assert (~asked.yes[found.inside]).sum() >= 11


def test_at_most_five_dimensions_are_restricted():
    asked, expectation, scan = _scan(
        8000,
        3,
        plant={"age": (0, 1), "sex": (0, 1), "race": (0, 1, 2), "place": (0, 1, 2, 3), "stay": (0, 1), "income": (0,)},
        odds=40,
    )
    found = scan.best(asked.yes, expectation.share)

    assert found is not None
    assert 1 <= sum(not found.allowed[j, :size].all() for j, size in enumerate(scan.people.sizes)) <= 5


def test_a_set_is_let_go_of_what_it_kept_only_while_it_hid_in_the_main_effects():
    # The whole of a place is worse off by far; the baseline takes much of that for the people who go there.
    made = people(6000, seed=21, plant={"place": (1, 2)}, odds=5, effects=0.6)
    expectation = expected.of(made.asked, COLUMNS, "composition", seed=1)
    space = dimensions.dimensions(made.asked, COLUMNS, among=expectation.compared, least=11)
    coding = score.code([d.values for d in space], [d.ordered for d in space], searches=1)
    scan = subset.Scan(tables.frame(space), coding, 11)
    exact = subset.Beside(
        expected.Likelihood(expectation, made.asked.yes), made.asked.yes, expectation.share, expectation.compared
    )

    found = scan.best(made.asked.yes, expectation.share, exact)

    assert found is not None
    assert np.array_equal(found.inside, made.inside)


def test_a_set_beside_the_baseline_scores_as_a_fit_with_its_own_level_does():
    made = people(3000, seed=22, plant={"age": (2, 3), "sex": (0,)}, odds=3)
    expectation = expected.of(made.asked, COLUMNS, "composition", seed=1)
    fit = expected.Likelihood(expectation, made.asked.yes).apart(made.inside)
    alone, _ = score.exact_score(made.asked.yes[made.inside], expectation.fitted[made.inside])

    told = expected.set_apart(expectation, made.asked.yes, made.inside).share[made.inside].sum()
    odds = made.truth / (1 - made.truth) / np.where(made.inside, 3, 1)

    assert fit is not None
    assert fit.gain > alone
    assert told == pytest.approx((odds / (1 + odds))[made.inside].sum(), rel=0.15)


def test_a_main_effect_of_composition_is_no_finding_beside_composition():
    made = people(5000, seed=23, plant={"sex": (1,)}, odds=4)
    expectation = expected.of(made.asked, COLUMNS, "composition", seed=1)

    fit = expected.Likelihood(expectation, made.asked.yes).apart(made.inside)

    assert fit is not None
    assert fit.gain < 2
