"""Rows that are persons: each counted once, with a yes or a no."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables.axes import Told
from upwell.records.tables.sheet import Sheet, TableError
from upwell.records.tables.table import Layout
from upwell.records.tables.totals import numbered
from upwell.records.tables.trees import known

YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")

Numbers = NDArray[np.int64]


def said_yes(sheet: Sheet, column: str) -> Numbers:
    """1 for each row that says yes, else 0. Raises TableError for anything that is neither."""
    words = [text.casefold() for text in sheet.columns[column]]
    for row, text in enumerate(words):
        if text not in YES and text not in NO:
            raise TableError(f"{sheet.place(row)}: the column {column!r} says neither yes nor no.")
    return np.array([text in YES for text in words], dtype=np.int64)


def one_row_each(sheet: Sheet, layout: Layout, columns: Told, rows: Numbers) -> tuple[Numbers, Told]:
    """The first row of each person. Raises TableError when two rows of one person disagree on what is counted by."""
    who = numbered([sheet.columns[known(layout.person, tuple(sheet.columns), sheet.name)][row] for row in rows])
    first = np.unique(who, return_index=True)[1]
    asked = {axis for each in columns.dimensions for axis in (each.axis,)}
    for name in sorted(asked):
        other = np.flatnonzero(columns.codes[name] != columns.codes[name][first][who])
        if len(other):
            raise TableError(
                f"{sheet.place(int(rows[other[0]]))}: this person stands elsewhere with another value of {name!r}. "
                "Each person is counted once: keep one row a person."
            )
    kept = np.sort(first)
    return rows[kept], columns.at(kept)
