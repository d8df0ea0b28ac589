from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence import tables
from upwell.evidence.engine.fill import MANY
from upwell.evidence.scan.climbing import exactly, score, steps, subset

PAIRS = np.array([1, 2, 4, 8, 0b0011, 0b0110, 0b1100], dtype=np.uint64)  # and single values


def _people(seed: int, sizes: tuple[int, ...], persons: int = 400, *, unknown: bool = True):
    """Persons of mixed expectations, some of whom have the trouble more often for what they are."""
    rng = np.random.default_rng(seed)
    codes = [rng.integers(0, size + unknown, persons).astype(np.uint8) for size in sizes]
    expected = rng.beta(1.0, 3.0, persons).clip(0.01, 0.95)
    effects = [np.append(rng.normal(0.0, 0.7, size), 0.0) for size in sizes]
    odds = np.exp(sum(effect[code] for effect, code in zip(effects, codes, strict=True)))
    yes = rng.random(persons) < expected * odds / (1 + expected * (odds - 1))
    return tables.packed(np.stack(codes), [size + 1 for size in sizes], [False] * len(sizes)), yes, expected


def _scan(people: tables.Frame, per_value: float, least: int = 1, **kinds) -> subset.Scan:
    values = [int(size) - 1 for size in people.sizes]
    ordered = kinds.get("ordered", [False] * len(values))
    families = kinds.get("families", ())
    return subset.Scan(people, score.any_set(values, ordered, per_value=per_value, families=families), least)


def _sets(people: tables.Frame, scan: subset.Scan, j: int) -> list[np.ndarray]:
    """All that one dimension may be restricted to, and leaving it alone."""
    size = int(people.sizes[j])
    prices = scan.coding.one(j)
    if len(prices.family) or prices.ordered:
        every = steps.listed(size - 1, prices)
    else:
        every = (np.arange(1, 2 ** (size - 1) - 1)[:, None] >> np.arange(size - 1) & 1).astype(bool)
    return [np.ones(size, dtype=bool), *np.pad(every, ((0, 0), (0, 1)))]


def _brute_force(scan: subset.Scan, yes: np.ndarray, expected: np.ndarray) -> float:
    """The best score of all restricted sub-populations, each scored on the records."""
    people, best = scan.people, -np.inf
    for chosen in product(*(_sets(people, scan, j) for j in range(len(people.sizes)))):
        if all(each.all() for each in chosen):
            continue
        inside = np.all([each[codes] for each, codes in zip(chosen, people.codes, strict=True)], axis=0)
        if yes[inside].sum() < scan.least or (~yes[inside]).sum() < scan.least:
            continue
        mask = np.ones((len(chosen), int(people.sizes.max())), dtype=bool)
        for j, each in enumerate(chosen):
            mask[j, : len(each)] = each
        gain, _ = score.exact_score(yes[inside], expected[inside])
        best = max(best, gain - scan.coding.length(mask, people.sizes))
    return best


def _before(scan: subset.Scan, yes: np.ndarray, expected: np.ndarray) -> float:
    """What the climbs in the binomial form alone would tell."""
    if scan.people.persons > MANY:
        ends = scan._climb_many(yes, expected)
    else:
        (ends,) = scan._climb_few(yes[None, :], expected[None, :])
    found = scan._finish(subset.Against(yes, expected), *ends, 1)
    return found[0].score if found else -np.inf


SIZES = st.lists(st.integers(2, 4), min_size=2, max_size=3).map(tuple)
PER_VALUE = st.sampled_from([0.0, 0.3, 1.0, 3.0, 10.0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), SIZES, PER_VALUE)
def test_a_search_of_any_set_never_ends_below_its_climbs_in_the_binomial_form(seed, sizes, per_value):
    people, yes, expected = _people(seed, sizes)
    scan = _scan(people, per_value)

    best = scan.best(yes, expected)

    assert best is not None
    assert best.score >= _before(scan, yes, expected) - 1e-3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), SIZES, PER_VALUE)
def test_no_search_ends_above_the_best_of_all_sets(seed, sizes, per_value):
    people, yes, expected = _people(seed, sizes, persons=150)
    scan = _scan(people, per_value)

    best = scan.best(yes, expected)

    assert best is not None
    assert best.score <= _brute_force(scan, yes, expected) + 1e-9


@pytest.mark.parametrize("per_value", [0.0, 1.0, 10.0])
def test_a_search_of_any_set_ends_at_the_best_of_all_sets_but_for_one_in_twenty(per_value):
    missed = 0
    for seed in range(20):
        people, yes, expected = _people(seed, (4, 3, 3) if seed % 2 else (4, 4))
        scan = _scan(people, per_value)
        best = scan.best(yes, expected)
        missed += best is None or best.score < _brute_force(scan, yes, expected) - 1e-3

    assert missed <= 1


def test_intervals_and_groups_stay_what_they_are():
    none = np.zeros(0, dtype=np.uint64)
    for seed in range(10):
        people, yes, expected = _people(seed, (4, 4, 3))
        people = tables.packed(people.codes, list(people.sizes), [True, False, False], (none, PAIRS, none))
        scan = _scan(people, 0.3, ordered=[True, False, False], families=(none, PAIRS, none))

        best = scan.best(yes, expected)

        assert best is not None
        assert best.score == pytest.approx(_brute_force(scan, yes, expected), abs=1.5)
        for j in (0, 1):
            assert any(np.array_equal(best.allowed[j, : people.sizes[j]], each) for each in _sets(people, scan, j))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), PER_VALUE)
def test_a_step_is_the_best_of_all_sets_of_its_dimension(seed, values, per_value):
    people, yes, expected = _people(seed, (values, 2))
    prices = _scan(people, per_value).coding.one(0)
    answers = exactly.outcome(yes, expected)
    counts = exactly.told(answers, people.codes[0], values + 1, np.arange(len(yes)))

    best, chosen = exactly.best_set(counts, answers.knots, prices, least=1)

    every = _sets(people, _scan(people, per_value), 0)[1:]
    held = [each[people.codes[0]] for each in every]
    scores = [
        score.exact_score(yes[inside], expected[inside])[0] - per_value * each.sum() if yes[inside].any() else -np.inf
        for each, inside in zip(every, held, strict=True)
    ]
    # Its odds ratios lie a fifth apart: between two of them a set may hide that is hardly better.
    assert best >= max(scores) - 0.05
    assert best == pytest.approx(scores[[np.array_equal(each, chosen) for each in every].index(True)], abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3000))
def test_a_set_is_scored_as_on_the_records(seed, persons):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(0.01, 0.7, persons)
    yes = rng.random(persons) < score.tilt(expected, 2.0)
    answers = exactly.outcome(yes, expected)
    counts = exactly.told(answers, np.zeros(persons, dtype=np.uint8), 1, np.arange(persons))

    gain, log_ratio = exactly.own_ratio(float(yes.sum()), counts.shares[0], answers.knots)
    plain, ratio = score.exact_score(yes, expected)

    assert gain == pytest.approx(plain, abs=0.01)
    assert yes.all() or np.exp(log_ratio) == pytest.approx(ratio, rel=0.01)


def test_persons_are_divided_between_knots_without_loss():
    rng = np.random.default_rng(1)
    codes, expected = rng.integers(0, 5, 5000).astype(np.uint8), rng.uniform(0.001, 0.999, 5000)
    answers = exactly.outcome(expected > 0.5, expected)

    counts = exactly.told(answers, codes, 5, np.arange(5000))

    assert counts.shares.sum(axis=1) == pytest.approx(counts.persons)
    assert counts.shares @ answers.knots == pytest.approx(np.bincount(codes, weights=expected))
    assert counts.shares.min() >= -1e-9


def test_one_expectation_for_all_is_scored_too():
    people, yes, _ = _people(3, (4, 3))
    scan = _scan(people, 0.5)

    best = scan.best(yes, np.full(len(yes), 0.2))

    assert best is not None
    assert best.score == pytest.approx(_brute_force(scan, yes, np.full(len(yes), 0.2)), abs=1e-6)


def test_nobody_is_told_of_whom_there_are_too_few():
    for seed in range(6):
        people, yes, expected = _people(seed, (4, 4, 3), persons=150)
        best = _scan(people, 0.0, least=11).best(yes, expected)

        assert best is None or yes[best.inside].sum() >= 11
        assert best is None or (~yes[best.inside]).sum() >= 11


def test_everybody_is_no_finding_even_where_every_value_costs_more_than_it_brings():
    people, yes, expected = _people(2, (4, 4))
    yes = yes | (np.random.default_rng(1).random(len(yes)) < 0.3)

    best = _scan(people, 50.0).best(yes, expected)

    assert best is not None
    assert not best.inside.all()


def test_the_same_answers_end_at_the_same_set_alone_and_among_replicates():
    people, yes, expected = _people(5, (4, 4, 3))
    scan = _scan(people, 1.0)
    exact = subset.Against(yes, expected)

    first, again = scan.best(yes, expected), scan.best(yes, expected)
    among = scan.best_each(np.stack([~yes, yes]), np.stack([expected, expected]), [exact, exact])[1]

    assert first is not None
    assert again is not None
    assert among is not None
    assert first.allowed.tobytes() == again.allowed.tobytes() == among.allowed.tobytes()
    assert first.score == again.score == among.score


def test_many_persons_end_no_lower_than_before_either():
    for seed in range(3):
        people, yes, expected = _people(seed, (4, 6, 5, 9), persons=4000)
        scan = _scan(people, 0.5)

        best = scan.best(yes, expected)

        assert best is not None
        assert best.score >= _before(scan, yes, expected) - 1e-3


def test_a_search_for_descriptions_climbs_as_it_did():
    people, yes, expected = _people(7, (4, 4, 3))
    scan = subset.Scan(people, score.code([4, 4, 3], [False] * 3, searches=1), 11)

    best = scan.best(yes, expected)

    assert not scan.coding.exactly
    assert best is not None
    assert best.score == _before(scan, yes, expected)
