"""Nets: a system in cells, and the whole moves that keep it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from factories import drafts, lattices
from factories.nets import two_by_two
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.suppression.net import FAR, bands_of, circuit_of, circuits_of, net_of
from upwell.evidence.disclosure.system import UNBOUNDED, build


def of_a_draft(seed):
    draft = drafts.random_draft(seed)
    crowd = draft.crowds[0]
    rows = [row for table in draft.tables for row in table.rows if row.persons.crowd == crowd.name]
    return build(crowd, [cell for row in rows for cell in (row.persons, row.yes, row.no) if cell is not None])


@pytest.mark.parametrize("seed", range(4))
def test_the_true_counts_keep_every_row(seed):
    net = net_of(of_a_draft(seed))

    assert not (net.rows @ net.persons).any()
    assert (net.least == 0).all()
    assert (net.most == 0).all()


def test_a_cell_is_the_sum_of_the_fewest_largest_cells_within_it():
    net = net_of(lattices.lattice("S", 1))

    terms = np.diff(net.rows.tocsr().indptr)
    assert terms.max() <= 1 + 6
    assert net.rows.shape[1] == 924


def test_a_leaf_that_no_cell_prints_is_a_node_of_its_own():
    system = two_by_two(printed=False)

    net = net_of(system)

    assert len(net.persons) == net.cells + 4
    assert net.persons[net.leaf].tolist() == system.leaves.tolist()


def test_equal_cells_move_together():
    system = two_by_two()
    twice = replace(
        system,
        cells=(*system.cells, Cell("c", (("a", (1,)),), (0,))),
        values=np.append(system.values, system.values[1]),
        counts=sparse.vstack([system.counts, system.counts[[1]]]).tocsr(),
    )

    net = net_of(twice)
    alone, both = np.zeros((2, len(net.persons)))
    alone[1] = both[1] = both[-1] = 1.0
    tie = [row for row in net.rows.toarray() if sorted(np.flatnonzero(row)) == [1, 9]]

    assert len(tie) == 1
    assert tie[0] @ alone != 0
    assert tie[0] @ both == 0


@pytest.mark.parametrize("seed", range(3))
def test_whoever_keeps_the_rows_keeps_the_system(seed):
    system = of_a_draft(seed)
    net = net_of(system)
    random = np.random.default_rng(seed)
    leaves = random.integers(0, 9, len(system.leaves))
    nodes = np.zeros(len(net.persons))
    nodes[net.leaf] = leaves
    nodes[: net.cells] = system.counts @ leaves

    broken = (net.rows @ nodes != 0).any()

    assert broken == (system.ties @ leaves != 0).any()


def test_a_move_falls_into_its_parts():
    net = net_of(two_by_two())
    one, other = np.zeros(9), np.zeros(9)
    one[5:] = [0.5, -0.5, -0.5, 0.5]

    (circuit,) = circuits_of(net, one)
    nothing = list(circuits_of(net, other))

    assert circuit.nodes.tolist() == [5, 6, 7, 8]
    assert circuit.gains.tolist() == [1, -1, -1, 1]
    assert nothing == []


def test_a_part_that_no_small_multiple_makes_whole_is_left_out():
    net = net_of(two_by_two())
    move = np.zeros(9)
    move[5:] = np.array([1, -1, -1, 1]) * 0.2371

    assert list(circuits_of(net, move)) == []


def test_a_circuit_may_be_made_until_somebody_would_be_below_zero():
    net = net_of(two_by_two((5, 20, 30, 40)))

    circuit = circuit_of(net, np.arange(5, 9), np.array([1, -1, -1, 1]))

    assert (circuit.forth, circuit.back) == (20, 5)


def test_a_circuit_that_takes_nobody_away_is_still_bounded():
    net = net_of(two_by_two())

    circuit = circuit_of(net, np.array([0, 1, 3, 5]), np.array([1, 1, 1, 1]))

    assert (circuit.forth, circuit.back) == (FAR, 5)


def test_a_circuit_stays_within_the_bands():
    system = two_by_two()
    banded = replace(
        system,
        bands=sparse.csr_matrix(np.array([[2, 0, 0, 0]], dtype=np.int64)),
        least=np.array([7]),
        most=np.array([16]),
    )
    net = net_of(banded)

    circuit = circuit_of(net, np.arange(5, 9), np.array([1, -1, -1, 1]))

    assert (circuit.forth, circuit.back) == (3, 1)


def test_an_open_end_of_a_band_binds_nobody():
    system = two_by_two()
    banded = replace(
        system,
        bands=sparse.csr_matrix(np.array([[1, 0, 0, 0]], dtype=np.int64)),
        least=np.array([-UNBOUNDED]),
        most=np.array([8]),
    )

    net = net_of(banded)

    circuit = circuit_of(net, np.arange(5, 9), np.array([1, -1, -1, 1]))
    assert np.isinf(net.least[-1])
    assert (circuit.forth, circuit.back) == (3, 5)


def test_a_system_without_bands_has_none():
    assert bands_of(two_by_two()).shape == (0, 4)


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.integers(-3, 3).filter(bool))
def test_a_circuit_made_as_often_as_it_may_be_is_a_table(counts, times):
    system = two_by_two(counts)
    net = net_of(system)

    circuit = circuit_of(net, np.arange(5, 9), times * np.array([1, -1, -1, 1]))

    for often in (circuit.forth, -circuit.back):
        table = system.leaves + often * circuit.gains
        assert (table >= 0).all()
        assert ((system.counts @ table)[:5] == system.values[:5]).all()
