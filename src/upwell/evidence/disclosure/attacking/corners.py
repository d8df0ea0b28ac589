"""Corners: how far counts can really move, by linear programming over what narrowing left open. Part of the auditor.

The tables that agree with everything printed are a polytope. Each programme walks to one of its corners, in a direction
that moves many counts at once; whatever two corners differ in is not known. Parts that hang together in no equation are
separate programmes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from upwell.evidence.disclosure.attacking.facts import ContradictionError, Facts

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

SLACK = 1e-6

TOGETHER = 6
"""Directions in which all counts that are still narrow are moved at once, each both ways, before they go one by one."""

WORTH = 3
"""Counts that one more direction must have widened for the next to be tried: else single counts come cheaper."""

MOST_TOGETHER = 60
"""Directions at most."""

LARGE = 8_000
"""Entries of the equations, from which on a programme is solved anew faster than from the corner before."""

WORK = 60_000_000
"""Entries of the equations times programmes for single counts, at most: what is left then is said to be left."""


@dataclass(frozen=True)
class Piece:
    """Facts that hang together. rows @ sets between least and most; sets between low and high; aims @ sets + known.

    which: number of each aim among all.
    """

    rows: sparse.csr_matrix
    least: Numbers
    most: Numbers
    low: Numbers
    high: Numbers
    aims: sparse.csr_matrix
    known: Numbers
    which: Counts


def pieces(facts: Facts, wanted: Mask) -> Iterator[Piece]:
    """What is still open, cut where nothing connects it. wanted: aims to ask for."""
    free = np.flatnonzero(facts.low < facts.high)
    fixed = np.where(facts.low < facts.high, 0.0, facts.low)
    rows = facts.rows[facts.needed]
    shift = rows @ fixed
    open_rows = rows[:, free]
    touched = np.diff(open_rows.indptr) > 0
    open_rows, least, most = open_rows[touched], (facts.least[facts.needed] - shift)[touched], (
        facts.most[facts.needed] - shift
    )[touched]  # fmt: skip
    asked = np.flatnonzero(wanted)
    aims, known = facts.aims[asked][:, free], facts.aims[asked] @ fixed
    links = sparse.vstack([open_rows, aims]).tocsr()
    graph = sparse.bmat([[None, links], [links.T, None]])
    _, label = connected_components(graph, directed=False)
    row_label, set_label = label[: links.shape[0]], label[links.shape[0] :]
    of_row, of_aim = row_label[: open_rows.shape[0]], row_label[open_rows.shape[0] :]
    for part in np.unique(of_aim[np.diff(aims.indptr) > 0]):
        row, column, aim = (np.flatnonzero(each == part) for each in (of_row, set_label, of_aim))
        yield Piece(
            rows=open_rows[row][:, column].tocsr(),
            least=least[row],
            most=most[row],
            low=facts.low[free[column]],
            high=facts.high[free[column]],
            aims=aims[aim][:, column].tocsr(),
            known=known[aim],
            which=asked[aim],
        )


@dataclass
class Walk:
    """How far the aims of one piece were seen to move. low, high: reached; least, most: proved, nothing lies beyond.

    together, alone: programmes solved for many aims and for single ones. left: aims that no programme of their own was
    solved for though they are narrow.
    """

    low: Numbers
    high: Numbers
    least: Numbers
    most: Numbers
    together: int = 0
    alone: int = 0
    left: int = 0

    def narrow(self, width: int) -> Mask:
        """Aims that were seen to take fewer whole values than asked: 7.2 to 10.3 holds 8, 9 and 10 only."""
        return np.asarray(~(whole_down(self.high) - whole_up(self.low) >= width))

    def open(self, width: int) -> Mask:
        """Narrow aims that may still reach farther."""
        ended = (whole_up(self.low) <= whole_up(self.least)) & (whole_down(self.high) >= whole_down(self.most))
        return self.narrow(width) & ~ended


def whole_up(numbers: Numbers) -> Numbers:
    """The least whole number that is not smaller."""
    return np.asarray(np.ceil(numbers - SLACK))


def whole_down(numbers: Numbers) -> Numbers:
    """The greatest whole number that is not larger."""
    return np.asarray(np.floor(numbers + SLACK))


def walk(piece: Piece, least: Numbers, most: Numbers, *, width: int, random: np.random.Generator) -> Walk:
    """Move the aims of a piece as far as `width` asks. least, most: bounds of each aim that are proved already.

    Raises ContradictionError when the facts of the piece leave nothing possible.
    """
    solver = Solver(piece)
    count = len(piece.which)
    found = Walk(np.full(count, np.inf), np.full(count, -np.inf), least.copy(), most.copy())
    before = count
    for number in range(MOST_TOGETHER):
        narrow = found.open(width)
        if not narrow.any() or (number >= TOGETHER and before - narrow.sum() < WORTH):
            break
        before = int(narrow.sum())
        weights = np.where(narrow, random.normal(size=count), 0.0)
        for direction in (weights, -weights):
            _seen(found, piece, solver.corner(direction @ piece.aims))
            found.together += 1
    _one_by_one(found, piece, solver, width)
    return found


def _one_by_one(found: Walk, piece: Piece, solver: Solver, width: int) -> None:
    """The aims that are still narrow, the tightest first, as many as the work allows."""
    allowed = max(50, WORK // max(1, piece.rows.nnz * 20))
    tightest = np.argsort(found.high - found.low, kind="stable")
    for at in tightest[found.open(width)[tightest]]:
        if not found.open(width)[at]:
            continue
        if found.alone >= allowed:
            break
        alone = np.zeros(len(found.low))
        alone[at] = 1.0
        _seen(found, piece, solver.corner(alone @ piece.aims))
        found.least[at] = max(found.least[at], found.low[at])
        if found.open(width)[at]:
            _seen(found, piece, solver.corner(-alone @ piece.aims))
            found.most[at] = min(found.most[at], found.high[at])
        found.alone += 1
    found.left = int(found.open(width).sum())


def _seen(found: Walk, piece: Piece, sets: Numbers) -> None:
    counts = piece.aims @ sets + piece.known
    np.minimum(found.low, counts, out=found.low)
    np.maximum(found.high, counts, out=found.high)


class Solver:
    """One piece as a linear programme."""

    def __init__(self, piece: Piece) -> None:
        columns = piece.rows.tocsc()
        programme = highspy.HighsLp()
        programme.num_row_, programme.num_col_ = columns.shape
        programme.col_cost_ = np.zeros(columns.shape[1])
        programme.col_lower_ = piece.low
        # A ceiling far above every count stands for "no bound" and keeps each programme finite.
        finite = np.concatenate([side[np.isfinite(side)] for side in (piece.least, piece.most, piece.low, piece.high)])
        programme.col_upper_ = np.minimum(piece.high, 10.0 * np.abs(finite).sum() + 1000.0)
        programme.row_lower_, programme.row_upper_ = piece.least, piece.most
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = columns.indptr.astype(np.int32)
        programme.a_matrix_.index_ = columns.indices.astype(np.int32)
        programme.a_matrix_.value_ = columns.data.astype(np.float64)
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        self.solver.passModel(programme)
        self.is_large = columns.nnz > LARGE
        self.every = np.arange(columns.shape[1], dtype=np.int32)

    def corner(self, cost: Numbers) -> Numbers:
        """Sets at the corner of least cost. Raises ContradictionError when there is no corner."""
        self._aim(cost)
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ContradictionError
        return np.asarray(self.solver.getSolution().col_value)

    def whole(self, cost: Numbers, nodes: int) -> tuple[float, bool]:
        """The least cost in whole persons, and whether it is proved; else a bound that nothing lies below.

        Raises ContradictionError when no table in whole persons has all the shown counts.
        """
        corner = self.corner(cost)
        if np.abs(corner - np.rint(corner)).max(initial=0.0) <= SLACK:
            return float(cost @ corner), True
        self._be(highspy.HighsVarType.kInteger)
        self.solver.setOptionValue("mip_max_nodes", nodes)
        self._aim(cost)
        status, bound = self.solver.getModelStatus(), float(self.solver.getInfo().mip_dual_bound)
        self._be(highspy.HighsVarType.kContinuous)
        if status == highspy.HighsModelStatus.kInfeasible:
            raise ContradictionError
        return bound, status == highspy.HighsModelStatus.kOptimal

    def _aim(self, cost: Numbers) -> None:
        self.solver.changeColsCost(len(cost), self.every, np.asarray(cost, dtype=np.float64))
        if self.is_large:
            self.solver.clearSolver()
        self.solver.run()

    def _be(self, kind: highspy.HighsVarType) -> None:
        kinds = np.full(len(self.every), int(kind), dtype=np.uint8)
        self.solver.changeColsIntegrality(len(self.every), self.every, kinds)
