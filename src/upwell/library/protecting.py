"""Protect a table of counts through the gate."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure import ledger, protection
from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.errors import EvidenceError
from upwell.library.table import name_of, rectangle


@dataclass(frozen=True, repr=False)
class Protected:
    """A table of counts as it may be shown by itself. rows: with totals, None is withheld; made by protect_tables."""

    rows: tuple[tuple[int | None, ...], ...]
    promise: str

    def __repr__(self) -> str:
        """The promise, and what it does not cover."""
        return f"Protected(by itself, in no ledger: {self.promise} Withheld: {_withheld(self.rows)} cells)"


def protect_tables(counts: Sequence[Sequence[int]], *, rules: str = protection.DEFAULT, seed: int = 1) -> Protected:
    """A table of persons with its totals, as it may be shown by itself.

    counts: persons, each once, shape (rows, columns), without totals; one row is a one-way table.
    rules: a protection's name. Raises RefusedError when not even the total can be shown.
    """
    inside = rectangle(counts)
    if (inside < 0).any():
        raise EvidenceError("Counts of persons are 0 or more.")
    made_on = date.today()
    rule = protection.load(rules, made_on)
    key = secrets.token_bytes(32)  # a release needs a signature; this one goes nowhere
    signed, _ = protect(
        _draft(inside), rule, earlier=(), key=key, made_on=made_on, seed=seed, ledger_head=ledger.BEGINNING
    )
    shown = {row.label: row.persons for table in signed.release.tables for row in table.rows}
    rows, columns = inside.shape
    return Protected(
        tuple(
            tuple(shown.get(name_of(row, column, inside.shape)) for column in range(columns + 1))
            for row in range(rows + 1)
        ),
        rule.words,
    )


def _draft(inside: NDArray[np.int64]) -> Draft:
    """The table as people: each person has a row and a column."""
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


def _rows(cells: Iterable[tuple[int, int]], shape: tuple[int, ...]) -> Iterable[DraftRow]:
    for row, column in cells:
        where = (("column", (column,)),) * (column < shape[1]) + (("row", (row,)),) * (row < shape[0])
        yield DraftRow(name_of(row, column, shape), Cell("given", where, (0,)))


def _withheld(rows: Iterable[Iterable[int | None]]) -> int:
    return sum(each is None for row in rows for each in row)
