"""Which counts are sums of which others is found from what they count, and nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from factories.lattices import lattice
from upwell.evidence.disclosure.attacking.sums import board_of

ROWS = st.lists(st.lists(st.integers(-2, 2), min_size=5, max_size=5), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS, people=st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_every_equation_is_true_of_every_table(rows, people):
    board = board_of(sparse.csr_matrix(np.array(rows)))

    sets = board.sets @ np.array(people)

    assert not (board.rows @ sets).any()
    assert (board.told @ sets == np.array(rows) @ people).all()
    assert (sets[board.leaf_set] == people).all()


@settings(max_examples=80, deadline=None)
@given(rows=ROWS)
def test_the_equations_that_are_needed_say_everything(rows):
    board = board_of(sparse.csr_matrix(np.array(rows)))

    free = board.sets.shape[0] - np.linalg.matrix_rank(board.rows[board.needed].toarray())

    assert free == 5  # as many as there are unknowns: each set is told by them


def test_a_total_is_told_by_each_dimension_and_not_by_its_finest_cells():
    system = lattice("XS", 1)  # two counties of two tracts, by age and race

    board = board_of(system.counts)

    whole = int(board.told[0].indices[0])
    ways = [row for row in range(board.rows.shape[0]) if board.rows[row, whole] == 1]
    assert sorted(board.rows[row].nnz - 1 for row in ways) == [2, 4, 5]
