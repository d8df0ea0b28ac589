"""Two-way tables as plain lists: what both halves of the door read and print."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError

Table = Sequence[Sequence[int | None]]
"""A two-way table with its totals: the last row and the last column are sums. None is withheld."""


def rectangle(table: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    if not table or not table[0] or len({len(row) for row in table}) != 1:
        raise EvidenceError("A table has rows of equal length, at least one.")
    return np.asarray(table, dtype=np.int64)


def name_of(row: int, column: int, shape: tuple[int, ...]) -> str:
    across = "all rows" if row == shape[0] else f"row {row + 1}"
    return f"{across}, {'all columns' if column == shape[1] else f'column {column + 1}'}"
