"""Crosses: the geometry that the search by boxes reads, against the system it was made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from factories import lattices
from upwell.evidence.disclosure.suppression.cross import WIDEST_STEP, cross_of


def steps_of(geometry, axis):
    """Every step along an axis, as a mapping of groups to the move."""
    numbers = np.unique(geometry.steps[axis, : geometry.first[axis].max()])
    spans = [slice(geometry.start[at], geometry.start[at + 1]) for at in numbers]
    return [dict(zip(geometry.members[each].tolist(), geometry.sign[each].tolist(), strict=True)) for each in spans]


@pytest.mark.parametrize("name", ["XS", "S", "Md"])
def test_every_cell_has_a_place_of_its_own_with_its_count(name):
    system = lattices.lattice(name, 1)

    cross = cross_of(system)

    assert len(np.unique(cross.place)) == len(system.cells)
    assert (cross.geometry.persons[cross.place] == system.values).all()


def test_a_step_moves_as_many_persons_in_as_out_unless_a_total_shows_it():
    cross = cross_of(lattices.lattice("S", 1))

    for axis in range(cross.geometry.node.shape[1]):
        for step in steps_of(cross.geometry, axis):
            assert 1 <= len(step) <= WIDEST_STEP
            assert set(step.values()) <= {-1, 1}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_box_moves_exactly_the_cells_whose_leaves_it_moves(seed):
    system = lattices.lattice("XS", 1)
    cross = cross_of(system)
    geometry, random = cross.geometry, np.random.default_rng(seed)
    sizes = geometry.node.max(axis=0) + 1
    moved = np.ones(1, dtype=np.int64)
    for axis, size in enumerate(sizes):
        steps = steps_of(geometry, axis)
        along = np.zeros(size, dtype=np.int64)
        for group, sign in steps[int(random.integers(len(steps)))].items():
            along[group] = sign
        moved = np.multiply.outer(moved, along).ravel()
    leaves = np.zeros(len(system.leaves), dtype=np.int64)
    leaves[cross.leaf[cross.leaf >= 0]] = moved[cross.leaf >= 0]

    cells = system.counts @ leaves

    assert (cells == moved[cross.place]).all()


def test_the_order_of_the_cells_changes_no_count():
    system = lattices.lattice("XS", 1)
    order = np.random.default_rng(1).permutation(len(system.cells))
    shuffled = replace(
        system,
        cells=tuple(system.cells[at] for at in order),
        values=system.values[order],
        counts=system.counts[order],
    )

    cross = cross_of(shuffled)

    assert (cross.geometry.persons[cross.place] == shuffled.values).all()


def test_a_cell_that_is_not_what_its_groups_say_is_no_cross():
    system = lattices.lattice("XS", 1)
    counts = system.counts.tolil()
    counts[3] = counts[4]

    wrong = replace(system, counts=counts.tocsr())

    assert cross_of(wrong) is None


def test_tied_tables_are_no_cross():
    system = lattices.lattice("XS", 1)
    tie = sparse.csr_matrix(np.ones((1, len(system.leaves)), dtype=np.int64))

    tied = replace(system, ties=tie, sums=np.array([system.leaves.sum()]))

    assert cross_of(tied) is None
