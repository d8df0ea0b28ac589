"""Facts: everything that printed tables say of what they hide, and how far arithmetic alone narrows each count.

Part of the auditor. Each fact is a row: a weighted sum of sets lies between two numbers. Narrowing asks of one row
after the other what it leaves to each of its sets, in whole persons, until nothing moves: "60 less 20 and 33 is 7".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.attacking.sums import Board, board_of

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

ROUNDS = 200
"""Most passes over all facts; a chain of more steps is left to the linear programme."""

ENDS = 2.0**52
"""Persons; wider bounds are none."""


class ContradictionError(ValueError):
    """No table of people has all the shown counts."""

    def __init__(self) -> None:
        super().__init__("The shown counts contradict each other: no table of people has them all.")


@dataclass(frozen=True)
class Facts:
    """Rows over sets: least <= rows @ sets <= most; each set lies between low and high (whole, -inf or inf).

    aims: what is asked for, rows over sets. needed: rows that say everything; the others shorten reasoning.
    exact: rows that are equations between sums, so that no knowledge of floors is in them.
    """

    board: Board
    rows: sparse.csr_matrix
    least: Numbers
    most: Numbers
    needed: Mask
    low: Numbers
    high: Numbers
    aims: sparse.csr_matrix

    @property
    def exact(self) -> Mask:
        """Rows that are equations."""
        return np.asarray(self.least == self.most)


@dataclass(frozen=True)
class Told:
    """What is known of rows over unknowns: least <= rows @ unknowns <= most; -inf and inf where nothing is."""

    rows: sparse.csr_matrix
    least: Numbers
    most: Numbers


def facts_of(told: Told, aims: sparse.csr_matrix) -> Facts:
    """Facts about sets, from what is told and that no unknown is below zero. aims: rows over unknowns, asked for."""
    board = board_of(sparse.vstack([told.rows, aims]))
    given, asked = board.told[: told.rows.shape[0]], board.told[told.rows.shape[0] :]
    known = np.flatnonzero((told.least > -ENDS) | (told.most < ENDS))
    sides = np.zeros(board.rows.shape[0])
    sets = board.sets.shape[0]
    return Facts(
        board=board,
        rows=sparse.vstack([board.rows, given[known]]).tocsr().astype(np.float64),
        least=np.concatenate([sides, told.least[known]]),
        most=np.concatenate([sides, told.most[known]]),
        needed=np.concatenate([board.needed, np.ones(len(known), dtype=bool)]),
        low=np.zeros(sets),
        high=np.full(sets, np.inf),
        aims=asked.tocsr().astype(np.float64),
    )


def narrowed(facts: Facts) -> Facts:
    """The same facts with each set's bounds as narrow as row after row makes them.

    Raises ContradictionError when a set can be nothing at all.
    """
    entries = facts.rows.tocoo()
    low, high = facts.low.copy(), facts.high.copy()
    for _ in range(ROUNDS):
        before = low.copy(), high.copy()
        _pass(entries, facts, low, high)
        if (low > high).any():
            raise ContradictionError
        if (low == before[0]).all() and (high == before[1]).all():
            break
    return replace(facts, low=low, high=high)


def _pass(entries: sparse.coo_matrix, facts: Facts, low: Numbers, high: Numbers) -> None:
    """Narrow each set by each row, once, in place."""
    row, column, weight = entries.row, entries.col, entries.data
    up = weight > 0
    smallest = weight * np.where(up, low[column], high[column])
    largest = weight * np.where(up, high[column], low[column])
    rest_least = _without_itself(smallest, row, facts.rows.shape[0], -np.inf)
    rest_most = _without_itself(largest, row, facts.rows.shape[0], np.inf)
    top = (facts.most[row] - rest_least) / weight
    bottom = (facts.least[row] - rest_most) / weight
    np.minimum.at(high, column, np.floor(np.where(up, top, bottom) + 1e-9))
    np.maximum.at(low, column, np.ceil(np.where(up, bottom, top) - 1e-9))


def _without_itself(parts: Numbers, row: Counts, rows: int, end: float) -> Numbers:
    """For each entry the sum of the other entries of its row; `end` where one of those has no end."""
    endless = ~np.isfinite(parts)
    finite = np.where(endless, 0.0, parts)
    sums = np.bincount(row, weights=finite, minlength=rows)
    ends = np.bincount(row, weights=endless, minlength=rows)
    return np.where(ends[row] - endless > 0, end, sums[row] - finite)


def reach(aims: sparse.csr_matrix, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Least and greatest value of each aim over the box of its sets."""
    entries = aims.tocoo()
    up = entries.data > 0
    smallest = entries.data * np.where(up, low[entries.col], high[entries.col])
    largest = entries.data * np.where(up, high[entries.col], low[entries.col])
    return (
        np.bincount(entries.row, weights=smallest, minlength=aims.shape[0]).astype(np.float64),
        np.bincount(entries.row, weights=largest, minlength=aims.shape[0]).astype(np.float64),
    )
