"""The auditor: tries to work out hidden counts from what everybody can see. Shares no code with the suppression.

It knows the shown counts, how counts add up, and that nobody is counted below zero. It does not know the threshold.
By linear programming (how far may each hidden count move?), then by linear algebra (which follow from sums alone?).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

ROUNDS = 4
"""Linear programmes that move many hidden cells at once, up and down, before cells are taken one by one."""

SLACK = 1e-6


@dataclass(frozen=True)
class Public:
    """Counts as printed and how they add up.

    names: one a cell. shown: int64 persons, shape (cells,), -1 where hidden.
    parts: shape (cells, unknowns): a cell is this sum of unknowns, each 0 or more.
    ties: shape (ties, unknowns); ties @ unknowns = sums.
    bands: shape (bands, unknowns); least <= bands @ unknowns <= most: rounded shares, classes on a map. An end of 2**53
    or beyond, either way, is open.
    """

    names: tuple[str, ...]
    shown: Counts
    parts: sparse.csr_matrix
    ties: sparse.csr_matrix
    sums: Counts
    bands: sparse.csr_matrix = field(default_factory=lambda: sparse.csr_matrix((0, 0), dtype=np.int64))
    least: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    most: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class AttackReport:
    """What the attack could tell of each hidden cell.

    names: hidden cells. low, high: whole persons, the least and greatest count that may be; where these lie at least
    as far apart as was asked, the true bounds may lie farther out. sums: those that follow by adding and subtracting
    alone, without the floor of zero.
    """

    names: tuple[str, ...]
    low: Counts
    high: Counts
    sums: tuple[str, ...] = ()

    @property
    def exact(self) -> tuple[str, ...]:
        """Hidden cells whose count follows from what is shown."""
        return tuple(name for name, low, high in zip(self.names, self.low, self.high, strict=True) if low >= high)

    def narrower_than(self, width: int) -> tuple[str, ...]:
        """Hidden cells whose possible counts lie less than `width` persons apart."""
        apart = self.high - self.low
        return tuple(name for name, each in zip(self.names, apart, strict=True) if each < width)


def attack(public: Public, *, width: int, seed: int) -> AttackReport:
    """How far every hidden count could be narrowed. width: persons; wider intervals are not measured to their ends.

    Raises ValueError when the shown counts contradict each other (then something is misprinted).
    """
    hidden = np.flatnonzero(public.shown < 0)
    names = tuple(public.names[at] for at in hidden)
    if not len(hidden):
        return AttackReport(names, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    known = np.flatnonzero(public.shown >= 0)
    equations = sparse.vstack([public.parts[known], public.ties]).tocsr()
    sides = np.concatenate([public.shown[known], public.sums]).astype(np.float64)
    aims = public.parts[hidden]
    low, high = _programme(equations, sides, aims, width, np.random.default_rng(seed))
    low, high = np.ceil(low - SLACK), np.floor(high + SLACK)
    tight = np.flatnonzero(high - low < 1)
    follows = tight[_follows(equations.toarray(), aims[tight].toarray())] if len(tight) else tight
    low[follows] = high[follows] = np.rint((low[follows] + high[follows]) / 2)
    return AttackReport(names, low.astype(np.int64), high.astype(np.int64), tuple(names[at] for at in follows))


def _follows(equations: Numbers, aims: Numbers) -> NDArray[np.bool_]:
    """Which aims are linear combinations of the equations: those that nothing in the null space moves."""
    sizes, directions = np.linalg.eigh(equations.T @ equations)
    free = directions[:, sizes < 1e-9 * max(1.0, sizes.max())]
    return np.asarray(np.abs(aims @ free).max(axis=1, initial=0.0) < 1e-6)


def _programme(
    equations: sparse.csr_matrix, sides: Numbers, aims: sparse.csr_matrix, width: int, random: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Bounds of each aim over unknowns >= 0 that solve the equations."""
    solver = _solver(equations, sides)
    low, high = np.full(aims.shape[0], np.inf), np.full(aims.shape[0], -np.inf)

    def push(weights: Numbers) -> None:
        counts = aims @ _extreme(solver, weights @ aims)
        np.minimum(low, counts, out=low)
        np.maximum(high, counts, out=high)

    for _ in range(ROUNDS):
        narrow = _is_narrow(low, high, width)
        if not narrow.any():
            return low, high
        weights = np.where(narrow, random.normal(size=len(low)), 0.0)
        push(weights)
        push(-weights)
    for at in np.flatnonzero(_is_narrow(low, high, width)):
        if _is_narrow(low[at], high[at], width):
            alone = (np.arange(len(low)) == at).astype(np.float64)
            push(alone)
            push(-alone)
    return low, high


def _is_narrow(low: Numbers, high: Numbers, width: int) -> NDArray[np.bool_]:
    """Whether fewer whole counts than asked are known to be possible: 7.2 to 10.3 holds 8, 9 and 10 only."""
    return np.asarray(~(np.floor(high + SLACK) - np.ceil(low - SLACK) >= width))


def _solver(equations: sparse.csr_matrix, sides: Numbers) -> highspy.Highs:
    columns = equations.tocsc()
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = columns.shape
    programme.col_cost_ = np.zeros(columns.shape[1])
    programme.col_lower_ = np.zeros(columns.shape[1])
    # A ceiling far above every count stands for "no bound" and keeps each programme finite.
    programme.col_upper_ = np.full(columns.shape[1], 10.0 * sides.sum() + 1000.0)
    programme.row_lower_ = programme.row_upper_ = sides
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = columns.indptr.astype(np.int32)
    programme.a_matrix_.index_ = columns.indices.astype(np.int32)
    programme.a_matrix_.value_ = columns.data.astype(np.float64)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(programme)
    return solver


def _extreme(solver: highspy.Highs, cost: Numbers) -> Numbers:
    every = np.arange(len(cost), dtype=np.int32)
    solver.changeColsCost(len(cost), every, np.asarray(cost, dtype=np.float64))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ValueError("The shown counts contradict each other: no table of people has them all.")
    return np.asarray(solver.getSolution().col_value)
