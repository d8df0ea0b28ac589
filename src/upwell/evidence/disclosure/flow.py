"""Flows: other tables that agree with what is shown, found by linear programming (HiGHS), many cells moved at once.

Only suppress.py uses this; the auditor (attack.py) writes its own programme.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.system import System

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

NEAR_WHOLE = 1e-6
BRANCHES = 50
"""Most nodes of the search for a whole-number table, when the linear optimum is not one."""


@dataclass(frozen=True)
class Wish:
    """What a flow should do, one entry a cell of the system.

    up, down: persons, the farthest a cell may move; 0 and 0 keeps it as it is (it is shown).
    up_cost, down_cost: cost of each person moved; negative is a reward.
    """

    up: Numbers
    down: Numbers
    up_cost: Numbers
    down_cost: Numbers


class Flow:
    """One crowd's system as a linear programme: leaves >= 0, each cell its true count + up - down."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._cells, self._leaves = system.counts.shape
        self.solved = 0
        self._solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_max_nodes", BRANCHES)):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(_programme(system))
        self._moves = np.arange(self._leaves, self._leaves + 2 * self._cells, dtype=np.int32)

    def move(self, wish: Wish, *, branch: bool = False) -> Counts | None:
        """Leaves of the cheapest table that the wish allows, int64 persons; None when it is not in whole persons.

        branch: search for a whole-number table where the optimum is not one (slow).
        """
        upper = np.concatenate([wish.up, wish.down])
        cost = np.concatenate([wish.up_cost, wish.down_cost])
        count = 2 * self._cells
        self._solver.changeColsBounds(count, self._moves, np.zeros(count), upper)
        self._solver.changeColsCost(count, self._moves, cost)
        return self._whole(self._solve(), branch)

    def _solve(self) -> Numbers | None:
        self.solved += 1
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()  # a stale basis would follow into the next question
            return None
        return np.asarray(self._solver.getSolution().col_value)[: self._leaves]

    def _whole(self, leaves: Numbers | None, branch: bool) -> Counts | None:
        """The same table in whole persons: as it is, moved twice as far (corners lie at halves), or by branching."""
        if leaves is not None and not _is_whole(leaves):
            twice = 2 * leaves - self._system.leaves
            leaves = twice if twice.min() >= 0 and _is_whole(twice) else self._branch() if branch else None
        if leaves is None:
            return None
        whole = np.rint(leaves).astype(np.int64)
        return whole if agrees(self._system, whole) else None

    def _branch(self) -> Numbers | None:
        every = np.arange(self._leaves, dtype=np.int32)
        kinds = np.full(self._leaves, int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._solver.changeColsIntegrality(self._leaves, every, kinds)
        self._solver.run()
        self.solved += 1
        status = self._solver.getModelStatus()
        found = np.asarray(self._solver.getSolution().col_value)[: self._leaves]
        feasible = self._solver.getInfo().primal_solution_status == 2
        kinds[:] = int(highspy.HighsVarType.kContinuous)
        self._solver.changeColsIntegrality(self._leaves, every, kinds)
        stopped = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit)
        return found if feasible and status in stopped else None


def _is_whole(leaves: Numbers) -> bool:
    return bool(np.abs(leaves - np.rint(leaves)).max(initial=0.0) <= NEAR_WHOLE)


def agrees(system: System, leaves: Counts) -> bool:
    """Whether a table is possible at all: nobody negative, every tie kept. Cells are compared by the caller."""
    return bool((leaves >= 0).all() and (system.ties @ leaves == system.sums).all())


def _programme(system: System) -> highspy.HighsLp:
    cells, leaves = system.counts.shape
    one = sparse.identity(cells, dtype=np.float64, format="csr")
    blank = sparse.csr_matrix((system.ties.shape[0], 2 * cells))
    top = sparse.hstack([system.counts, -one, one])
    matrix = sparse.vstack([top, sparse.hstack([system.ties, blank])]).tocsc()
    programme = highspy.HighsLp()
    programme.num_col_ = leaves + 2 * cells
    programme.num_row_ = matrix.shape[0]
    programme.col_cost_ = np.zeros(leaves + 2 * cells)
    programme.col_lower_ = np.zeros(leaves + 2 * cells)
    programme.col_upper_ = np.concatenate([np.full(leaves, highspy.kHighsInf), np.zeros(2 * cells)])
    sides = np.concatenate([system.values, system.sums]).astype(np.float64)
    programme.row_lower_ = sides
    programme.row_upper_ = sides
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    programme.a_matrix_.index_ = matrix.indices.astype(np.int32)
    programme.a_matrix_.value_ = matrix.data.astype(np.float64)
    return programme
