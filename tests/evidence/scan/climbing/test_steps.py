from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.people import COLUMNS, people
from upwell.evidence import dimensions, expected, tables
from upwell.evidence.scan.climbing import compiled, lanes, score, steps, subset


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


def _family(rng: np.random.Generator, values: int) -> np.ndarray:
    """Single values and some groups, as bits."""
    groups = {1 << v for v in range(values)} | {int(g) for g in rng.integers(1, 2**values - 1, 3)}
    return np.array(sorted(groups), dtype=np.uint64)


def _code(kind: str, objective: str, values: int, seed: int) -> score.Code:
    rng = np.random.default_rng([seed, 1])
    families = (_family(rng, values),) if kind == "grouped" else ()
    if objective == "description":
        return score.code([values], [kind == "ordered"], searches=1, families=families)
    per_value = float(rng.choice([0.0, 0.3, 1.0, 10.0]))
    return score.any_set([values], [kind == "ordered"], per_value=per_value, families=families)


def _every(kind: str, prices: score.Prices, values: int) -> np.ndarray:
    """All sets that a dimension may be restricted to; bool, shape (sets, values)."""
    if kind != "nominal":
        return steps.listed(values, prices)
    return (np.arange(1, 2**values - 1)[:, None] >> np.arange(values) & 1).astype(bool)


def _scores(tally: steps.Tally, every: np.ndarray, coding: score.Code) -> np.ndarray:
    parts = [part[0, :-1] @ every.T for part in tally.parts()]
    gain = score.excess_score(*parts) - coding.price(0, every)
    return np.where(parts[0] > parts[1], gain, -np.inf)


KINDS = [(kind, objective) for kind in ("nominal", "ordered", "grouped") for objective in ("description", "any set")]


@pytest.mark.parametrize(("kind", "objective"), KINDS)
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9))
def test_a_step_is_the_best_of_all_sets_that_may_be(kind, objective, seed, values):
    tally, coding = _tally(seed, values), _code(kind, objective, values, seed)
    every = _every(kind, coding.one(0), values)

    best, chosen = steps.best_set(tally, coding.one(0), least=0)
    scores = _scores(tally, every, coding)

    # Of any set at most a few tangents are tried (see steps.best_set); intervals and families one by one.
    assert best[0] >= scores.max() - (0.1 if kind == "nominal" else 1e-9)
    assert best[0] == -np.inf or best[0] == pytest.approx(scores[(every == chosen[0, :-1]).all(axis=1)][0])
    assert best[0] == -np.inf or not chosen[0, -1]


@pytest.mark.parametrize("objective", ["description", "any set"])
def test_a_step_to_any_set_is_the_very_best_but_for_one_in_a_hundred(objective):
    missed = 0
    for seed in range(400):
        tally, coding = _tally(seed, 2 + seed % 8), _code("nominal", objective, 2 + seed % 8, seed)
        best, _ = steps.best_set(tally, coding.one(0), least=0)
        missed += best[0] < _scores(tally, _every("nominal", coding.one(0), 2 + seed % 8), coding).max() - 1e-9

    assert missed <= 4


@pytest.mark.parametrize(("kind", "objective"), KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_the_compiled_step_is_the_plain_one(kind, objective, seed):
    values = 2 + seed
    tally, coding = _tally(seed, values), _code(kind, objective, values, seed)
    one = compiled.one(coding, 0, values, least=5)
    out = np.zeros(values + 1, dtype=bool)

    best, chosen = steps.best_set(tally, coding.one(0), least=5)
    quick = compiled._best_set(np.concatenate(tally.parts()), one, out)

    assert quick == pytest.approx(best[0])
    assert best[0] == -np.inf or np.array_equal(out, chosen[0])


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_climb_ends_where_the_plain_one_does(seed):
    asked, expectation, scan = _scan(1500, seed, plant={"place": (1,), "sex": (0,)}, odds=4)
    rule = compiled.rule(scan.people, scan.coding, scan.least)
    starts = scan._pair_starts(asked.yes[None, :].astype(float), expectation.share[None, :])[0]
    side_by_side = steps.Lanes(starts, np.zeros(len(starts), dtype=np.int64))
    outcome = (asked.yes[None, :].astype(float), expectation.share[None, :])

    plain, _ = steps.climb(scan.people, *outcome, side_by_side, (scan.coding, scan.least))
    quick, _ = lanes.climb(scan.people, lanes.Answers(asked.yes, expectation.share), starts, rule)

    assert np.allclose(plain, quick, atol=1e-9)


def test_a_climb_never_ends_below_where_a_single_restriction_stands():
    asked, expectation, scan = _scan(1500, 9)
    found = scan.best(asked.yes, expectation.share)

    singles = []
    for j, dimension_codes in enumerate(scan.people.codes):
        hot = (dimension_codes[:, None] == np.arange(scan.people.sizes[j])).astype(float)
        parts = [asked.yes @ hot, expectation.share @ hot, hot.sum(axis=0)]
        tally = steps.Tally(*(part[None, :] for part in parts))
        best, _ = steps.best_set(tally, scan.coding.one(j), least=scan.least)
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
