"""The tables of a search hold everybody, once, in few and in many dimensions."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from upwell.evidence import tables
from upwell.evidence.dimensions import Dimension


def _space(count: int, persons: int = 3000, seed: int = 1) -> list[Dimension]:
    rng = np.random.default_rng(seed)
    made = []
    for j in range(count):
        values = 2 + j % 5
        codes = rng.integers(0, values + 1, persons).astype(np.uint8)
        made.append(Dimension(f"d{j:02}", False, tuple((v,) for v in range(values)), codes, False))
    return made


def _outcome(persons: int, inside: np.ndarray | None = None):
    rng = np.random.default_rng(9)
    chance = np.full(persons, 0.1) if inside is None else np.where(inside, 0.4, 0.1)
    return rng.random(persons) < chance, np.full(persons, 0.1)


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_every_table_holds_everybody_once(count):
    people = tables.frame(_space(count))
    yes, expected = _outcome(people.persons)

    held = tables.outcome_tables(people, yes, expected)

    for begin, end in pairwise(held.offsets):
        assert held.persons[begin:end].sum() == people.persons
        assert held.events[begin:end].sum() == yes.sum()
        assert held.expected[begin:end].sum() == pytest.approx(expected.sum(), abs=1e-3)


@pytest.mark.parametrize("count", [3, 16])
def test_up_to_sixteen_dimensions_have_all_their_triples(count):
    people = tables.frame(_space(count, persons=50))

    assert [tuple(triple) for triple in people.triples] == list(combinations(range(count), 3))


@pytest.mark.parametrize("count", [17, 45])
def test_of_more_dimensions_those_of_the_best_pairs_have_triples(count):
    space = _space(count)
    people = tables.frame(space)
    inside = (space[4].codes < 2) & (space[count - 2].codes == 1)

    held = tables.outcome_tables(people, *_outcome(people.persons, inside))

    kept = sorted({int(j) for triple in held.triples for j in triple})
    assert len(people.triples) == 0
    assert [tuple(triple) for triple in held.triples] == list(combinations(kept, 3))
    assert len(kept) == tables.MOST_IN_TRIPLES
    assert {4, count - 2} <= set(kept)


def test_a_wide_search_of_the_same_outcome_is_the_same():
    people = tables.frame(_space(30))
    outcome = _outcome(people.persons)

    one, other = (tables.outcome_tables(people, *outcome) for _ in range(2))

    assert np.array_equal(one.triples, other.triples) and np.array_equal(one.events, other.events)


def test_codes_that_lie_in_one_piece_are_not_copied():
    codes = np.stack([dimension.codes for dimension in _space(4)])

    people = tables.packed(codes, [3, 4, 5, 6], [False] * 4)

    assert people.codes is codes


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_dimensions_are_filled_up_with_idle_ones(count):
    people = tables.frame(_space(count))

    assert people.codes.shape == (3, people.persons)
    assert people.sizes[count:].tolist() == [2] * (3 - count)
    assert not people.codes[count:].any()


def test_an_idle_dimension_has_a_family_of_its_own_where_others_have():
    one = _space(1)[0]
    grouped = Dimension(one.name, False, one.originals, one.codes, False, ((0,), (0, 1)))

    families = tables.frame([grouped]).families

    assert [family.tolist() for family in families] == [[1, 3], [], []]
