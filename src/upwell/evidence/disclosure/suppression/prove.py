"""Proofs that the search did not find: of cells that it left open, and of what is printed beside the counts.

In a pattern that stays as it is each open cell is asked for one or two whole-number tables, by branch and bound over
what is hidden (HiGHS); tables already known that agree with everything printed count first.
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.rounded import keeps_bands
from upwell.evidence.disclosure.suppression.suppress import Demand, Hiding, suppress
from upwell.evidence.disclosure.system import UNBOUNDED, System

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

NODES = 300
"""Most nodes of one search for a whole-number table. A cell without one is taken to be unproved, which is safe."""

FEASIBLE = 2
"""HiGHS's word for a solution that keeps every row."""

MOST_APART = 40
"""Unproved cells that are searched for apart from the others."""

TURNS = 3
"""Times that cells without a proof are searched for apart from the others."""

SWEEPS = 3
"""Searches that move all open cells at once, before they are asked for one by one."""


def prove(system: System, demand: Demand, hiding: Hiding, *, seed: int) -> Hiding:
    """The same cells hidden, with witnesses that agree with every interval row of the system as well.

    Cells without them are marked as unproved. Same seed, same answer.
    """
    pool = _Pool(system, demand, hiding)
    if pool.open().any():
        search = _Tables(system, hiding.hidden)
        chance = np.random.default_rng(seed)
        for _ in range(SWEEPS):
            weights = chance.choice([-1.0, 1.0], size=len(system.values))
            for sign in (1.0, -1.0):
                pool.add(search.farthest(np.where(pool.open(), sign * weights, 0.0), demand))
        for at in np.flatnonzero(pool.open()):
            for sign in (1.0, -1.0):
                if pool.open()[at]:
                    pool.add(search.farthest(np.where(np.arange(len(system.values)) == at, sign, 0.0), demand))
    return pool.close()


def proved_apart(system: System, demand: Demand, hiding: Hiding, *, seed: int) -> Hiding:
    """The same pattern with a little more hidden, so that cells that the search left unproved are proved as well.

    A few cells alone often find the company that they did not find among hundreds of others. What proves the others
    still does: hiding more takes no witness away. Where more than MOST_APART are open there is no way out.
    """
    for turn in range(TURNS):
        if not 0 < hiding.unproved.sum() <= MOST_APART:
            break
        rest = replace(demand, primary=hiding.unproved, silent=demand.silent | hiding.hidden)
        more = suppress(system, rest, seed=seed + 1 + turn, thorough=False)
        witnesses = np.concatenate([hiding.witnesses, more.witnesses])
        hiding = _Pool(system, demand, replace(more, witnesses=witnesses)).close()
    return hiding


class _Pool:
    """Whole-number tables that agree with everything printed, the true one first."""

    def __init__(self, system: System, demand: Demand, hiding: Hiding) -> None:
        self._system, self._demand, self._hiding = system, demand, hiding
        self._tables = [system.leaves, *(table for table in hiding.witnesses if keeps_bands(system, table))]
        self._cells = [system.counts @ table for table in self._tables]

    def add(self, table: Counts | None) -> None:
        if table is None:
            return
        cells = self._system.counts @ table
        shown = ~self._hiding.hidden
        whole = (table >= 0).all() and (self._system.ties @ table == self._system.sums).all()
        if whole and keeps_bands(self._system, table) and (cells[shown] == self._system.values[shown]).all():
            self._tables.append(table)
            self._cells.append(cells)

    def open(self) -> Mask:
        """Primary cells that are not proved."""
        cells, demand = np.array(self._cells), self._demand
        low, high = cells.min(axis=0), cells.max(axis=0)
        proved = (high - low >= demand.width) & (low <= demand.low) & (high >= demand.high)
        return np.asarray(demand.primary & ~proved)

    def close(self) -> Hiding:
        cells = np.array(self._cells)
        lowest, highest = cells.argmin(axis=0), cells.argmax(axis=0)
        kept = np.unique(np.concatenate([[0], lowest, highest]))
        number = np.zeros(len(cells), dtype=np.int64)
        number[kept] = np.arange(len(kept))
        return Hiding(
            hidden=self._hiding.hidden,
            unproved=self.open(),
            witnesses=np.array(self._tables)[kept],
            lowest=number[lowest],
            highest=number[highest],
            solved=self._hiding.solved + len(self._tables),
        )


class _Tables:
    """Whole-number tables that agree with what is shown, as one programme asked again and again.

    Unknowns: the leaves, then the hidden cells, each of which may move as far as is asked of it.
    """

    def __init__(self, system: System, hidden: Mask) -> None:
        self._system, self._hidden = system, np.flatnonzero(hidden)
        self._solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_max_nodes", NODES)):
            self._solver.setOptionValue(option, value)
        self._solver.passModel(_programme(system, hidden))

    def farthest(self, weights: NDArray[np.float64], demand: Demand) -> Counts | None:
        """A table in which the weighted cells move as far as is asked of them, as many as can; None if none is found.

        weights: shape (cells,), positive is up, negative down.
        """
        hidden, wanted, values = self._hidden, weights[self._hidden], self._system.values[self._hidden]
        up = np.maximum(demand.high[hidden], values + demand.width[hidden])
        down = np.maximum(0, np.minimum(demand.low[hidden], values - demand.width[hidden]))
        columns = np.arange(len(hidden), dtype=np.int32) + len(self._system.leaves)
        most = np.where(wanted > 0, up, highspy.kHighsInf)
        self._solver.changeColsBounds(len(columns), columns, np.where(wanted < 0, down, 0.0), most)
        self._solver.changeColsCost(len(columns), columns, -wanted)
        self._solver.run()
        if self._solver.getInfo().primal_solution_status != FEASIBLE:
            return None
        leaves = np.asarray(self._solver.getSolution().col_value)[: len(self._system.leaves)]
        return np.asarray(np.rint(leaves), dtype=np.int64)


def _programme(system: System, hidden: Mask) -> highspy.HighsLp:
    """Leaves in whole numbers: shown cells and ties as they are, bands held, each hidden cell the sum of its leaves."""
    fixed = sparse.vstack([system.counts[np.flatnonzero(~hidden)], system.ties])
    bands = system.bands if system.bands.shape[0] else sparse.csr_matrix((0, len(system.leaves)), dtype=np.int64)
    moving, count = system.counts[np.flatnonzero(hidden)], int(hidden.sum())
    nothing = sparse.csr_matrix((fixed.shape[0] + bands.shape[0], count))
    matrix = sparse.bmat([[sparse.vstack([fixed, bands]), nothing], [moving, -sparse.identity(count)]]).tocsc()
    far, zero = highspy.kHighsInf, np.zeros(count)
    kept = np.concatenate([system.values[~hidden], system.sums])
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = matrix.shape
    programme.col_cost_ = np.zeros(matrix.shape[1])
    programme.col_lower_, programme.col_upper_ = np.zeros(matrix.shape[1]), np.full(matrix.shape[1], far)
    programme.row_lower_ = np.concatenate([kept, np.where(system.least <= -UNBOUNDED, -far, system.least), zero])
    programme.row_upper_ = np.concatenate([kept, np.where(system.most >= UNBOUNDED, far, system.most), zero])
    whole, any_number = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    programme.integrality_ = [whole] * len(system.leaves) + [any_number] * count
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    programme.a_matrix_.index_ = matrix.indices.astype(np.int32)
    programme.a_matrix_.value_ = matrix.data.astype(np.float64)
    return programme
