"""Joint tables hold every triple that is wanted, and stay small."""

from __future__ import annotations

from itertools import combinations
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence.engine.covering import covering, holders

ELEVEN = (2, 2, 3, 4, 5, 7, 9, 12, 20, 35, 60)


def _triples(attributes: int) -> tuple[tuple[int, ...], ...]:
    return tuple(combinations(range(attributes), 3))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 61), min_size=3, max_size=9).map(tuple), st.sampled_from([1, 64, 1000, 8192]))
def test_every_triple_is_held(sizes, most):
    triples = _triples(len(sizes))

    sets = covering(sizes, triples, most)

    held = {triple for each in sets for triple in combinations(sorted(each), 3)}
    assert held >= set(triples)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 61), min_size=3, max_size=9).map(tuple), st.sampled_from([1, 64, 1000, 8192]))
def test_only_a_triple_that_stands_alone_is_larger_than_allowed(sizes, most):
    sets = covering(sizes, _triples(len(sizes)), most)

    assert all(len(each) == 3 or prod(sizes[j] for j in each) <= most for each in sets)


def test_eleven_attributes_need_a_third_of_their_triples():
    assert len(covering(ELEVEN, _triples(11), 8192)) <= 55


def test_only_wanted_triples_are_looked_for():
    assert covering(ELEVEN, ((0, 1, 10),), 8192) == ((0, 1, 10),)


def test_a_set_is_in_the_order_of_rising_size():
    sets = covering((60, 2, 5, 3), _triples(4), 10**6)

    assert sets == ((1, 3, 2, 0),)


@pytest.mark.parametrize("most", [64, 8192, 10**6])
def test_the_holder_of_a_triple_holds_it(most):
    triples = _triples(11)
    sets = covering(ELEVEN, triples, most)

    for triple, number in zip(triples, holders(sets, triples), strict=True):
        assert set(triple) <= set(sets[number])


def test_sixty_attributes_in_pairs_are_covered():
    sizes = (*[2 + j % 30 for j in range(60)], 1)
    pairs = tuple((a, b, 60) for a, b in combinations(range(60), 2))

    sets = covering(sizes, pairs, 8192)

    assert len(sets) < len(pairs)
    assert {pair for each in sets for pair in combinations(sorted(each), 3)} >= set(pairs)
