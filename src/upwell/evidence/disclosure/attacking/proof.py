"""Proofs: weighted sums of printed numbers that bound a hidden count from below and from above, checked exactly.

The multipliers are those of the linear programme over the printed numbers as they stand. They are made fractions and
checked unknown by unknown: the count is the weighted sum of printed numbers plus something that cannot be below (above)
zero. Only then is the bound given.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, lcm

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.attacking.attack import Public

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

LARGEST_DENOMINATOR = 1_000


@dataclass(frozen=True)
class Combination:
    """times x the count is at least (upper: at most) the sum of `terms`, because the rest cannot be below zero.

    terms: (number of a shown cell, or of a hidden one with its floor or ceiling; weight; its number), weights not 0.
    even: nothing is left over, so that the sum is the count itself.
    """

    upper: bool
    bound: int
    times: int
    terms: tuple[tuple[int, int, int], ...]
    even: bool


def combination(
    public: Public, cell: int, value: int, floors: Counts | None, ceilings: Counts | None
) -> tuple[Combination, ...]:
    """What proves that a hidden cell is `value`: one even combination, or one from below and one from above."""
    if public.ties.shape[0] and np.any(public.sums):
        return ()
    below = _bound(public, cell, floors, ceilings, upper=False)
    if below and below.even and below.bound == value:
        return (below,)
    above = _bound(public, cell, floors, ceilings, upper=True)
    if above and above.even and above.bound == value:
        return (above,)
    if below and above and below.bound == above.bound == value:
        return (below, above)
    return ()


def _bound(
    public: Public, cell: int, floors: Counts | None, ceilings: Counts | None, *, upper: bool
) -> Combination | None:
    """The best bound of one side that is proved by printed counts alone."""
    sign = -1 if upper else 1
    used, least, most = _printed(public, cell, floors, ceilings)
    aim = np.asarray(public.parts[[cell]].todense(), dtype=np.float64).ravel()
    matrix = sparse.vstack([public.parts[used], public.ties]).tocsr()
    no_side = np.zeros(public.ties.shape[0])
    weights = _multipliers(matrix, np.concatenate([least, no_side]), np.concatenate([most, no_side]), sign * aim)
    if weights is None:
        return None
    exact = [Fraction(float(each)).limit_denominator(LARGEST_DENOMINATOR) for each in weights]
    return _checked(public, cell, upper, (used, least, most), exact)


def _printed(
    public: Public, cell: int, floors: Counts | None, ceilings: Counts | None
) -> tuple[Counts, Numbers, Numbers]:
    """Cells that say something: shown ones, and hidden ones with a floor or a ceiling (not the cell itself)."""
    hidden = public.shown < 0
    least = np.where(hidden, -np.inf if floors is None else np.where(floors > 0, floors, -np.inf), public.shown)
    top = np.inf if ceilings is None else np.where(ceilings >= 0, ceilings, np.inf)
    most = np.where(hidden, top, public.shown)
    says = np.flatnonzero(np.isfinite(least) | np.isfinite(most))
    return says, least[says].astype(np.float64), most[says].astype(np.float64)


def _multipliers(matrix: sparse.csr_matrix, least: Numbers, most: Numbers, cost: Numbers) -> Numbers | None:
    """One multiplier a row at the optimum of: least cost @ unknowns, unknowns 0 or more; None when there is none."""
    columns = matrix.tocsc()
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = columns.shape
    programme.col_cost_ = cost
    programme.col_lower_ = np.zeros(columns.shape[1])
    programme.col_upper_ = np.full(columns.shape[1], highspy.kHighsInf)
    programme.row_lower_, programme.row_upper_ = least, most
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = columns.indptr.astype(np.int32)
    programme.a_matrix_.index_ = columns.indices.astype(np.int32)
    programme.a_matrix_.value_ = columns.data.astype(np.float64)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(programme)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(solver.getSolution().row_dual)


def _checked(
    public: Public, cell: int, upper: bool, printed: tuple[Counts, Numbers, Numbers], weights: list[Fraction]
) -> Combination | None:
    """The combination in whole numbers, when it holds unknown by unknown; else None.

    sign x cell = sum of weights x rows + rest, where the rest has no negative weight: so the sum bounds it from below.
    """
    used, least, most = printed
    sign = -1 if upper else 1
    rest = _rest(public, cell, sparse.vstack([public.parts[used], public.ties]).tocsr(), weights, sign)
    if any(each < 0 for each in rest.values()):
        return None
    total = Fraction(0)
    terms: list[tuple[int, Fraction, int]] = []
    for at, weight in enumerate(weights[: len(used)]):
        end = least[at] if weight > 0 else most[at]
        if weight and not np.isfinite(end):
            return None
        if weight:
            total += weight * int(end)
            terms.append((int(used[at]), weight * sign, int(end)))
    bound = floor(-total) if upper else ceil(total)
    times = lcm(*(weight.denominator for _, weight, _ in terms)) if terms else 1
    whole = tuple((number, int(weight * times), end) for number, weight, end in terms)
    even = not any(rest.values()) and all(public.shown[number] >= 0 for number, _, _ in whole)
    return Combination(upper, bound, times, whole, even)


def _rest(
    public: Public, cell: int, matrix: sparse.csr_matrix, weights: list[Fraction], sign: int
) -> dict[int, Fraction]:
    """What is left of sign x cell, unknown by unknown, once the weighted rows are taken away."""
    rest = dict.fromkeys(public.parts[[cell]].indices.tolist(), Fraction(sign))
    for row, weight in enumerate(weights):
        if weight:
            part = slice(matrix.indptr[row], matrix.indptr[row + 1])
            for unknown, times in zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True):
                rest[unknown] = rest.get(unknown, Fraction(0)) - weight * int(times)
    return rest
