from __future__ import annotations

import numpy as np
import pytest

from upwell.evidence import tables
from upwell.evidence.dimensions import Dimension
from upwell.evidence.scan.climbing import compiled, grids, lanes, score, steps, subset

SIZES, ORDERED = (3, 5, 6, 64, 4), (False, True, False, False, False)
PAIRS = ((0,), (1,), (2,), (3,), (0, 1), (2, 3))  # the sets that the last dimension may be restricted to


def _people(seed: int, persons: int = 3000):
    """Five dimensions, one of 64 values, one grouped, all with unknown answers; something planted in two of them."""
    rng = np.random.default_rng(seed)
    space = tuple(
        Dimension(
            f"d{j}",
            ordered,
            tuple((v,) for v in range(size)),
            rng.integers(0, size + 1, persons).astype(np.uint8),
            False,
            PAIRS if j == 4 else (),
        )
        for j, (size, ordered) in enumerate(zip(SIZES, ORDERED, strict=True))
    )
    expected = rng.uniform(0.05, 0.3, persons)
    inside = (space[0].codes == 1) & np.isin(space[4].codes, [2, 3])
    return tables.frame(space), rng.random(persons) < score.tilt(expected, 1.0) + 0.3 * inside, expected, inside


def _codes(people: tables.Frame, objective: str) -> score.Code:
    values = [int(size) - 1 for size in people.sizes]
    if objective == "description":
        return score.code(values, list(people.ordered), searches=1, families=people.families)
    return score.any_set(values, list(people.ordered), per_value=0.8, families=people.families)


def _starts(people: tables.Frame, seed: int, many: int = 6) -> np.ndarray:
    """Random restrictions of random dimensions, sets of the family where there is one."""
    rng = np.random.default_rng([seed, 7])
    starts = np.ones((many, len(people.sizes), int(people.sizes.max())), dtype=bool)
    for start in starts:
        for j in rng.choice(len(people.sizes), 2, replace=False):
            start[j, : people.sizes[j]] = False
            first = int(rng.integers(0, people.sizes[j] - 1))
            start[j, list(PAIRS[4]) if j == 4 else [first]] = True
    return starts


@pytest.mark.parametrize("objective", ["description", "any set"])
@pytest.mark.parametrize("seed", range(3))
def test_lanes_end_where_the_plain_climb_does(objective, seed):
    people, yes, expected, _ = _people(seed)
    coding, starts = _codes(people, objective), _starts(people, seed)
    side_by_side = steps.Lanes(starts, np.zeros(len(starts), dtype=np.int64))

    plain, ends = steps.climb(people, yes[None, :].astype(float), expected[None, :], side_by_side, (coding, 5))
    quick, masks = lanes.climb(people, lanes.Answers(yes, expected), starts, compiled.rule(people, coding, 5))

    assert np.allclose(plain, quick, atol=1e-9)
    assert np.array_equal(ends, masks)


@pytest.mark.parametrize("seed", range(3))
def test_reading_tables_instead_of_persons_changes_nothing(seed):
    people, yes, expected, _ = _people(seed)
    coding, starts = _codes(people, "description"), _starts(people, seed)
    rule, read = compiled.rule(people, coding, 5), tables.outcome_tables(people, yes, expected)

    counted, masks = lanes.climb(people, lanes.Answers(yes, expected), starts, rule)
    told, same = lanes.climb(people, lanes.Answers(yes, expected, read), starts, rule)

    assert np.array_equal(masks, same)
    assert np.allclose(counted, told, atol=1e-4)  # tables keep an expectation to 25 binary digits


def test_expectations_of_single_precision_give_the_same_ends():
    people, yes, expected, _ = _people(4)
    starts, rule = _starts(people, 4), compiled.rule(people, _codes(people, "description"), 5)

    double, masks = lanes.climb(people, lanes.Answers(yes, expected), starts, rule)
    single, same = lanes.climb(people, lanes.Answers(yes, expected.astype(np.float32)), starts, rule)

    assert np.array_equal(masks, same)
    assert np.allclose(double, single, atol=1e-3)


@pytest.mark.parametrize("persons", [1, 4095, 4096, 9000])
def test_members_are_those_whose_every_answer_is_allowed_and_known(persons):
    people, _, _, _ = _people(5, persons)
    allowed = np.ones((len(people.sizes), int(people.sizes.max())), dtype=bool)
    allowed[3, [0, 64]] = False  # not the first of 64 values, and nobody whose answer is unknown
    allowed[1, [0, 1, 5]] = False

    members = lanes.members(people, allowed)

    assert np.array_equal(members, np.flatnonzero(allowed[3][people.codes[3]] & allowed[1][people.codes[1]]))


def test_everybody_is_a_member_of_the_unrestricted():
    people, _, _, _ = _people(6, 5000)
    allowed = np.ones((len(people.sizes), int(people.sizes.max())), dtype=bool)

    assert len(lanes.members(people, allowed)) == 5000


@pytest.mark.parametrize("objective", ["description", "any set"])
def test_a_table_ends_in_what_its_score_says_and_in_sets_that_may_be(objective):
    people, yes, expected, _ = _people(7)
    coding = _codes(people, objective)
    read = tables.outcome_tables(people, yes, expected)

    scores, allowed = grids.scan_tables(people, read, compiled.rule(people, coding, 5))

    for t, triple in enumerate(read.triples):
        mask = np.ones((len(people.sizes), int(people.sizes.max())), dtype=bool)
        mask[triple] = allowed[t]
        inside = lanes.members(people, mask)
        parts = (np.array([part]) for part in (yes[inside].sum(), expected[inside].sum(), float(len(inside))))
        paid = coding.length(mask, people.sizes) - coding.base
        assert scores[t] == pytest.approx(score.excess_score(*parts)[0] - paid, abs=1e-4)
        held = tuple(np.flatnonzero(mask[4, :4]))
        assert mask[4, :5].all() or held in PAIRS


def _scan(people: tables.Frame, objective: str = "description") -> subset.Scan:
    return subset.Scan(people, _codes(people, objective), 11)


@pytest.mark.parametrize("objective", ["description", "any set"])
def test_a_planted_group_is_found_among_many(objective):
    people, yes, expected, inside = _people(8, 6000)

    found = _scan(people, objective).best(yes, expected)

    assert found is not None
    assert (found.inside & inside).sum() >= 0.9 * (found.inside | inside).sum()
    assert 1 <= found.agreed <= found.starts


@pytest.mark.parametrize("persons", [1500, 6000])
def test_several_are_distinct_and_the_best_of_them_comes_first(persons):
    people, yes, expected, _ = _people(9, persons)
    scan = _scan(people)

    several = scan.several(yes, expected, many=5)
    best = scan.best(yes, expected)

    assert best is not None
    assert np.array_equal(several[0].allowed, best.allowed)
    assert len({each.allowed.tobytes() for each in several}) == len(several) <= 5
    assert [each.score for each in several] == sorted((each.score for each in several), reverse=True)


@pytest.mark.parametrize("persons", [1500, 6000])
def test_the_runner_up_is_the_best_end_among_other_persons(persons):
    people, _, expected, _ = _people(9, persons)
    yes = np.random.default_rng(persons).random(persons) < expected  # nothing to find: many ends, none of them clear
    scan = _scan(people)

    best, several = scan.best(yes, expected), scan.several(yes, expected, many=4)

    assert best is not None
    others = [each.score for each in several if not np.array_equal(each.inside, best.inside)]
    assert others and best.runner_up == pytest.approx(max(others))
    assert best.standing == subset.Standing(best.score, best.agreed, best.starts, best.runner_up)


def test_the_same_persons_in_other_words_are_no_runner_up():
    people, yes, expected, _ = _people(9, 1500)
    twice = np.concatenate([people.codes, people.codes[:1]])  # one dimension stands under two names
    sizes, ordered = [*people.sizes.tolist(), int(people.sizes[0])], [*people.ordered.tolist(), False]
    doubled = tables.packed(twice, sizes, ordered)

    best = subset.Scan(doubled, score.code([n - 1 for n in sizes], ordered, searches=1), 11).best(yes, expected)

    assert best is not None
    assert best.runner_up is None or best.runner_up < best.score


@pytest.mark.parametrize("persons", [1500, 6000])
def test_the_same_search_twice_gives_the_same_to_the_bit(persons):
    people, yes, expected, _ = _people(10, persons)

    first, again = (_scan(people).best(yes, expected) for _ in range(2))

    assert first is not None
    assert again is not None
    assert (first.score, first.ratio) == (again.score, again.ratio)
    assert np.array_equal(first.inside, again.inside)


@pytest.mark.parametrize("persons", [1500, 6000])
def test_the_order_of_persons_changes_nothing(persons):
    people, yes, expected, _ = _people(11, persons)
    order = np.random.default_rng(1).permutation(persons)
    shuffled = tables.Frame(
        people.codes[:, order].copy(), people.sizes, people.ordered, people.triples, people.families
    )

    found, other = _scan(people).best(yes, expected), _scan(shuffled).best(yes[order], expected[order])

    assert found is not None
    assert other is not None
    assert np.array_equal(found.inside[order], other.inside)
    assert found.score == pytest.approx(other.score)


@pytest.mark.parametrize("answer", [False, True])
@pytest.mark.parametrize("persons", [1500, 6000])
def test_where_all_answer_alike_nothing_is_found(persons, answer):
    people, _, expected, _ = _people(12, persons)

    assert _scan(people).best(np.full(persons, answer), expected) is None
