"""Dependence: which counts follow from sums alone, however large or small anything is. Part of the auditor.

A count follows when it is a weighted sum of what is shown: then nothing that leaves every shown sum as it is moves it.
Random moves of that kind are made by projection; a count that none of them moves follows (with certainty but for chance
of measure zero and the last digits; what is printed of it elsewhere is checked in whole numbers).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import lsmr

from upwell.evidence.disclosure.attacking.facts import Facts

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

STILL = 1e-6
"""Movement, where a count that may move moves by about 1."""

MOVES = 2
"""Random moves tried. A count that may move stays still in one of them by chance less than once in 10**5 times."""

EXACT = {"atol": 1e-13, "btol": 1e-13, "conlim": 0.0}


def follows(facts: Facts, *, seed: int) -> tuple[Mask, Numbers]:
    """Which aims follow from sums alone, and for those their value (elsewhere without meaning)."""
    rows = facts.rows[facts.exact & facts.needed]
    sides = facts.least[facts.exact & facts.needed]
    known, value = _peeled(rows, sides)
    open_sets = np.flatnonzero(~known)
    core = rows[:, open_sets]
    touched = np.diff(core.indptr) > 0
    core, rest = core[touched], (sides - rows @ value)[touched]
    inside = facts.aims[:, open_sets]
    still = _still(core, inside, np.random.default_rng(seed))
    if still.any() and core.shape[0]:
        value[open_sets] = lsmr(core, rest, maxiter=_steps(core), **EXACT)[0]
    return still, facts.aims @ value


def _peeled(rows: sparse.csr_matrix, sides: Numbers) -> tuple[Mask, Numbers]:
    """Sets that are the last unknown of an equation, again and again."""
    known = np.zeros(rows.shape[1], dtype=bool)
    value = np.zeros(rows.shape[1])
    entries = rows.tocoo()
    while True:
        is_open = ~known[entries.col]
        last = np.bincount(entries.row, weights=is_open, minlength=rows.shape[0]) == 1
        found = np.flatnonzero(is_open & last[entries.row])
        if not len(found):
            return known, value
        rest = (sides - rows @ value)[entries.row[found]]
        value[entries.col[found]] = rest / entries.data[found]
        known[entries.col[found]] = True


def _still(core: sparse.csr_matrix, aims: sparse.csr_matrix, random: np.random.Generator) -> Mask:
    """Aims that no random move of the unknown sets moves, where the move keeps every equation."""
    still = np.ones(aims.shape[0], dtype=bool)
    if not core.shape[1]:
        return still
    across = core.T.tocsr()
    for _ in range(MOVES):
        move = random.normal(size=core.shape[1])
        if core.shape[0]:
            move = move - across @ lsmr(across, move, maxiter=_steps(core), **EXACT)[0]
        still &= np.abs(aims @ move) < STILL
    return still


def _steps(core: sparse.csr_matrix) -> int:
    """Most steps of the iteration: more than it needs on tables, few enough to end."""
    return 4 * int(min(core.shape)) + 200
