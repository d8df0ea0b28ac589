"""A two-way table given as plain lists, as a draft and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.release import Release
from upwell.evidence.errors import EvidenceError
from upwell.library.table import name_of, rectangle
from upwell.records.tables.table import MOST_VALUES


def inside_of(counts: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Persons, shape (rows, columns). Raises EvidenceError for what is no table of counts."""
    inside = rectangle(counts)
    if (inside < 0).any():
        raise EvidenceError("Counts of persons are 0 or more.")
    if max(inside.shape) > MOST_VALUES:
        raise EvidenceError(f"A table has at most {MOST_VALUES} rows and {MOST_VALUES} columns here.")
    return inside


def draft(inside: NDArray[np.int64]) -> Draft:
    """The table as people: each person has a row and a column. Every number is a table of its own for the gate."""
    rows, columns = inside.shape
    row, column = np.divmod(np.repeat(np.arange(inside.size), inside.ravel()), columns)
    codes = {"column": column.astype(np.uint8), "row": row.astype(np.uint8)}
    crowd = Crowd("given", np.zeros(len(row), dtype=np.uint8), 1, codes, {"column": columns, "row": rows})
    everybody = DraftTable(
        "t00", "served", "Everybody", "", "", tuple(_rows([(rows, columns)], inside.shape)), split=False, priority=0
    )
    margins = [(rows, at) for at in range(columns)], [(at, columns) for at in range(rows)]
    inner = [(at, each) for at in range(rows) for each in range(columns)]
    tables = [
        DraftTable(f"t{number:02d}", "served", "", "", "given", tuple(_rows(cells, inside.shape)), split=False)
        for number, cells in enumerate([*margins, inner], start=1)
    ]
    meta = {name: "" for name in ("source", "source_id", "snapshot", "period_from", "period_to")}
    return Draft((crowd,), (everybody, *tables), (), (), (), (), meta)


def rows_of(release: Release, shape: tuple[int, ...]) -> tuple[tuple[int | None, ...], ...]:
    """The table with its totals, None where withheld."""
    shown = {row.label: row.persons for table in release.tables for row in table.rows}
    rows, columns = shape
    return tuple(
        tuple(shown.get(name_of(row, column, shape)) for column in range(columns + 1)) for row in range(rows + 1)
    )


def headings(shape: tuple[int, ...]) -> tuple[str, ...]:
    """The headings of the columns, totals last."""
    return (*(f"column {at + 1}" for at in range(shape[1])), "all columns")


def _rows(cells: Iterable[tuple[int, int]], shape: tuple[int, ...]) -> Iterable[DraftRow]:
    for row, column in cells:
        where = (("column", (column,)),) * (column < shape[1]) + (("row", (row,)),) * (row < shape[0])
        yield DraftRow(name_of(row, column, shape), Cell("given", where, (0,)))
