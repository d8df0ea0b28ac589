"""Releases over time as one system: earlier shown counts fixed, and everybody counted then still counted now.

An attacker who holds last quarter's release too may reckon that nobody left: then each count is what it was plus
newcomers, never fewer. A pattern that holds against this reckoning holds without it as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.past import Before
from upwell.evidence.disclosure.system import System

MOST_RELEASES = 3
"""Earlier releases stacked, the latest ones (a year of quarters): each adds an unknown for every leaf."""


def stacked(system: System, names: Sequence[Sequence[str]], before: Sequence[Before]) -> System | None:
    """The same cells over the people of the first release and the newcomers of each later one, and cells of the past.

    names: the ledger's names of each cell. before: earlier releases, oldest first. Cells of the past are those that an
    earlier release protected, as they were then: their crowd is called "<number>:<crowd>", and their value is only one
    that they may have had.
    Returns None when people have left since (nobody can reckon with newcomers alone then), or nothing was shown before.
    """
    layers = [each for each in before if any(name in each.shown for cell in names for name in cell)][-MOST_RELEASES:]
    if not layers:
        return None
    times = len(layers) + 1
    so_far = [_so_far(system.counts, at, times) for at in range(times)]
    known = [_known(names, each) for each in layers]
    ties = sparse.vstack(
        [sparse.block_diag([system.ties] * times), *(so_far[at][rows] for at, (rows, _) in enumerate(known))]
    ).tocsr()
    sums = np.concatenate([np.tile(system.sums, times), *(persons for _, persons in known)])
    leaves = _one_solution(ties, sums, system.leaves, times)
    if leaves is None:
        return None
    past = [(at, cell) for at, each in enumerate(layers) for cell in _protected(names, each)]
    counts = sparse.vstack([so_far[-1], *(so_far[at][[cell]] for at, cell in past)]).tocsr()
    cells = tuple(replace(system.cells[cell], crowd=f"{at}:{system.crowd}", known_as="") for at, cell in past)
    return System(system.crowd, (*system.cells, *cells), counts @ leaves, leaves, counts, ties, sums)


def only(system: System, kept: NDArray[np.bool_]) -> System:
    """The same system with some of its cells."""
    cells = tuple(cell for cell, keep in zip(system.cells, kept, strict=True) if keep)
    return replace(system, cells=cells, values=system.values[kept], counts=system.counts[np.flatnonzero(kept)])


def _so_far(counts: sparse.csr_matrix, at: int, times: int) -> sparse.csr_matrix:
    """Cells as they were at a release: people of the first one and newcomers until then."""
    blank = sparse.csr_matrix(counts.shape, dtype=np.int64)
    return sparse.hstack([counts if part <= at else blank for part in range(times)]).tocsr()


def _known(names: Sequence[Sequence[str]], before: Before) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells that an earlier release showed, and their counts then."""
    found = [(at, next((before.shown[n] for n in each if n in before.shown), -1)) for at, each in enumerate(names)]
    shown = np.array([pair for pair in found if pair[1] >= 0], dtype=np.int64).reshape(-1, 2)
    return shown[:, 0], shown[:, 1]


def _protected(names: Sequence[Sequence[str]], before: Before) -> list[int]:
    return [at for at, each in enumerate(names) if any(name in before.protected for name in each)]


def _one_solution(
    ties: sparse.csr_matrix, sums: NDArray[np.int64], leaves: NDArray[np.int64], times: int
) -> NDArray[np.int64] | None:
    """Whole persons in each layer that add up to today's true leaves; None when there are none."""
    today = sparse.hstack([sparse.identity(len(leaves), dtype=np.int64)] * times)
    matrix = sparse.vstack([ties, today]).tocsc()
    sides = np.concatenate([sums, leaves]).astype(np.float64)
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = matrix.shape
    programme.col_cost_ = np.zeros(matrix.shape[1])
    programme.col_lower_ = np.zeros(matrix.shape[1])
    programme.col_upper_ = np.full(matrix.shape[1], float(leaves.max(initial=0)))
    programme.row_lower_ = programme.row_upper_ = sides
    programme.integrality_ = [highspy.HighsVarType.kInteger] * matrix.shape[1]
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    programme.a_matrix_.index_ = matrix.indices.astype(np.int32)
    programme.a_matrix_.value_ = matrix.data.astype(np.float64)
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", 500)):
        solver.setOptionValue(option, value)
    solver.passModel(programme)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    table: NDArray[np.int64] = np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
    return table
