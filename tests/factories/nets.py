"""The smallest system with a circuit: a table of two columns and two rows with its margins."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.system import System


def two_by_two(counts=(5, 20, 30, 40), *, printed=True):
    """A table of two columns with its margins; where not printed, its leaves are no cells."""
    margins = [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
    rows = sparse.csr_matrix(np.array([*margins, *(np.eye(4) if printed else [])], dtype=np.int64))
    leaves = np.array(counts, dtype=np.int64)
    cells = tuple(Cell("c", (), (at,)) for at in range(rows.shape[0]))
    nothing = np.zeros(0, dtype=np.int64)
    return System("c", cells, rows @ leaves, leaves, rows, sparse.csr_matrix((0, 4), dtype=np.int64), nothing)
