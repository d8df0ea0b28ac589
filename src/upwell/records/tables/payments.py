"""Rows that are payments (or nights, or visits): amounts to be added up, each with whom it belongs to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables.axes import Told
from upwell.records.tables.numbers import whole_numbers
from upwell.records.tables.sheet import Sheet, TableError
from upwell.records.tables.table import CountTable, Layout
from upwell.records.tables.totals import numbered
from upwell.records.tables.trees import known

Numbers = NDArray[np.int64]


def table(sheet: Sheet, layout: Layout, columns: Told, rows: Numbers, *, snapshot: str) -> CountTable:
    """One row a payment, in canonical order. Raises TableError for amounts that are not whole and 0 or more."""
    if layout.yes:
        raise TableError("--yes counts persons and --amount adds amounts up: ask for one at a time.")
    names = tuple(sheet.columns)
    amounts = whole_numbers(sheet, known(layout.amount, names, sheet.name))[rows]
    people = np.arange(len(rows))
    if layout.person:
        people = numbered([sheet.columns[known(layout.person, names, sheet.name)][row] for row in rows])
    keys = [each.astype(np.int64) for each in columns.codes.values()]
    order = np.lexsort([amounts, *reversed(keys)])
    return CountTable(
        name=sheet.name,
        unit=layout.amount,
        dimensions=columns.dimensions,
        codes={name: each[order] for name, each in columns.codes.items()},
        names=columns.names,
        wider=columns.wider,
        loose=columns.loose,
        persons=np.ones(len(rows), dtype=np.int64),
        snapshot=snapshot,
        amounts=amounts[order],
        people=numbered([str(each) for each in people[order]]) if layout.person else None,
    )
