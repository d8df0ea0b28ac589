"""The pool: what circuits prove of a pattern, and the witness tables that stand for it."""

from __future__ import annotations

import numpy as np
import pytest

from factories.nets import two_by_two
from upwell.evidence.disclosure.suppression.net import circuit_of, net_of
from upwell.evidence.disclosure.suppression.witnesses import Pool

INSIDE = np.arange(9) >= 5


@pytest.fixture
def net():
    return net_of(two_by_two())


def square(net, times=1):
    return circuit_of(net, np.arange(5, 9), times * np.array([1, -1, -1, 1]))


def test_a_circuit_proves_nothing_while_it_moves_a_shown_cell(net):
    pool = Pool(net, np.array([5]))
    pool.add(square(net))

    low, high = pool.bounds(np.arange(9) == 5)

    assert low.tolist() == high.tolist() == [0]


def test_a_circuit_reaches_as_far_as_it_may_be_made_both_ways(net):
    pool = Pool(net, np.array([5, 6]))
    pool.add(square(net))

    low, high = pool.bounds(INSIDE)

    assert low.tolist() == [-5, -20]
    assert high.tolist() == [20, 5]


def test_a_circuit_and_its_mirror_are_one(net):
    pool = Pool(net, np.array([5]))

    assert pool.add(square(net))
    assert not pool.add(square(net, -1))
    assert len(pool.circuits) == 1


def test_a_circuit_that_cannot_be_made_is_not_kept():
    net = net_of(two_by_two((0, 0, 30, 40)))

    assert not Pool(net, np.array([5])).add(circuit_of(net, np.arange(5, 9), np.array([1, -1, -1, 1])))


def test_the_pool_grows_beyond_its_first_room(net):
    pool = Pool(net, np.array([5]))

    for times in range(1, 101):
        pool.add(circuit_of(net, np.array([5, 6]), np.array([times, -1])))

    assert len(pool.circuits) == len(pool.valid(INSIDE))
    assert len(pool.circuits) > 64


def test_the_witnesses_reach_what_the_bounds_say(net):
    system = two_by_two()
    pool = Pool(net, np.array([5, 6]))
    pool.add(square(net))

    moves, lowest, highest = pool.proofs(INSIDE)

    tables = system.leaves + moves.toarray()
    low, high = pool.bounds(INSIDE)
    assert (tables[0] == system.leaves).all()
    for place, cell in enumerate((5, 6)):
        counts = system.counts[[cell]] @ tables.T
        assert counts[0, lowest[cell]] == system.values[cell] + low[place]
        assert counts[0, highest[cell]] == system.values[cell] + high[place]


def test_without_circuits_the_truth_is_the_only_witness(net):
    moves, lowest, highest = Pool(net, np.array([5])).proofs(INSIDE)

    assert moves.shape == (1, 4)
    assert moves.nnz == 0
    assert not lowest.any()
    assert not highest.any()
