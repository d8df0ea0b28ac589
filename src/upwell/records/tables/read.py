"""From a sheet to a CountTable: which column counts, which rows are totals, what lies within what."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables import payments, persons
from upwell.records.tables.axes import Told, told
from upwell.records.tables.marks import printed
from upwell.records.tables.numbers import is_numeric, whole_numbers
from upwell.records.tables.sheet import Sheet, TableError
from upwell.records.tables.table import MOST_VALUES, CountTable, Layout
from upwell.records.tables.totals import combined, numbered, rows_of_parts
from upwell.records.tables.trees import Wanted, known, wanted

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class _Measured:
    """What the rows count, before combinations are made one: shape (rows,) each; said: guesses as sentences."""

    unit: str
    persons: Numbers
    yes: Numbers | None
    used: frozenset[str]
    said: tuple[str, ...]


def count_table(sheet: Sheet, layout: Layout) -> CountTable:
    """The counts of a sheet, read as a layout says. Raises TableError, a sentence, for anything that does not fit."""
    measured = _measured(sheet, layout)
    asked = wanted(layout.by or _other_columns(sheet, measured), tuple(sheet.columns), sheet.name)
    _check_apart(asked, measured)
    beside = () if layout.records else _beside(sheet, asked, measured)
    _check_no_blank(sheet, asked.names, layout.total)
    counts = {"": measured.persons} | ({"yes": measured.yes} if measured.yes is not None else {})
    rows = np.arange(len(sheet.lines))
    if not layout.records:
        rows, said = rows_of_parts(sheet, (*asked.names, *beside), counts, layout.total)
        measured = replace(measured, said=measured.said + said)
    columns = told(sheet, asked, rows, beside)
    if layout.amount:
        return payments.table(sheet, layout, columns, rows, snapshot=snapshot(sheet))
    if layout.person:
        rows, columns = persons.one_row_each(sheet, layout, columns, rows)
    if not layout.records and not layout.add_up:
        _check_once(sheet, asked, columns, rows, measured)
    return _summed(sheet, layout, measured, columns, rows)


def snapshot(sheet: Sheet) -> str:
    """A digest of what a sheet says, whatever the order of its rows and columns; 64 hexadecimal digits."""
    names = sorted(sheet.columns)
    rows = Counter(zip(*(sheet.columns[name] for name in names), strict=True))  # of a million, few are different
    content = hashlib.sha256(repr(names).encode())
    for row, times in sorted(rows.items()):
        content.update("\x1f".join((*row, str(times))).encode() + b"\x1e")
    return content.hexdigest()


def _measured(sheet: Sheet, layout: Layout) -> _Measured:
    names = tuple(sheet.columns)
    used = {known(name, names, sheet.name) for name in (layout.yes, layout.amount, layout.person) if name}
    one = np.ones(len(sheet.lines), dtype=np.int64)
    if layout.records:
        if layout.count:
            raise TableError("With --records each row is one person, so there is no --count.")
        yes = persons.said_yes(sheet, known(layout.yes, names, sheet.name)) if layout.yes else None
        return _Measured(layout.amount or "persons", one, yes, frozenset(used), ())
    if layout.amount or layout.person:
        raise TableError("--amount and --person are for rows that are payments or persons: add --records.")
    count, said = _count_column(sheet, layout, used)
    counted = whole_numbers(sheet, count)
    yes = _yes(sheet, known(layout.yes, names, sheet.name), count, counted) if layout.yes else None
    return _Measured(count, counted, yes, frozenset({*used, count}), said)


def _count_column(sheet: Sheet, layout: Layout, used: set[str]) -> tuple[str, tuple[str, ...]]:
    """The column of counts, and a sentence when it was found and not given."""
    names = tuple(sheet.columns)
    if layout.count:
        return known(layout.count, names, sheet.name), ()
    by = wanted(layout.by, names, sheet.name).names if layout.by else ()
    left = [name for name in names if name not in {*by, *used}]
    numeric = [name for name in left if is_numeric(sheet.columns[name])]
    if len(numeric) == 1:
        return numeric[0], (f"The counts are taken from the column {numeric[0]!r}.",)
    if len(numeric) > 1:
        raise TableError(
            f"{sheet.name} has several columns of numbers: say which one counts, --count {numeric[0]!r}. If each "
            "of them is a group of its own, make the table a list first: one row a combination, one column of counts."
        )
    likely = [name for name in left if _mostly_numeric(sheet.columns[name])]
    if len(likely) == 1 or (likely := [name for name in left if _has_marks(sheet.columns[name])][-1:]):
        whole_numbers(sheet, likely[0])  # says what is wrong with it
    raise TableError(
        f"No column of {sheet.name} holds counts. Name one with --count; or, if each row is one person, say --records."
    )


def _has_marks(words: Sequence[str]) -> bool:
    """Whether a column holds numbers and marks of what is withheld, and nothing else: it was protected before."""
    return any(is_numeric([text]) for text in words) and all(printed(text) is not None for text in words)


def _mostly_numeric(words: Sequence[str]) -> bool:
    return 2 * sum(is_numeric([text]) for text in words) > len(words)


def _yes(sheet: Sheet, column: str, count: str, counted: Numbers) -> Numbers:
    yes = whole_numbers(sheet, column)
    over = np.flatnonzero(yes > counted)
    if len(over):
        raise TableError(f"{sheet.place(int(over[0]))}: {column!r} is larger than {count!r}, of which it is a part.")
    return yes


def _other_columns(sheet: Sheet, measured: _Measured) -> tuple[str, ...]:
    """Without --by: every column that is no number."""
    names = [n for n in sheet.columns if n not in measured.used and not is_numeric(sheet.columns[n])]
    return tuple(names)


def _check_apart(asked: Wanted, measured: _Measured) -> None:
    both = [name for name in asked.names if name in measured.used]
    if both:
        raise TableError(f"The column {both[0]!r} cannot be counted by and counted at once.")


def _beside(sheet: Sheet, asked: Wanted, measured: _Measured) -> tuple[str, ...]:
    """Further columns that sort people: not asked for now, but perhaps before, and then held against it.

    Not those of records: they may hold names of people, and the ledger keeps the values of columns.
    """
    left = [name for name in sheet.columns if name not in {*asked.names, *measured.used}]
    words = [name for name in left if not is_numeric(sheet.columns[name])]
    return tuple(name for name in words if len(set(sheet.columns[name])) <= MOST_VALUES)


def _check_no_blank(sheet: Sheet, names: Sequence[str], total: str | None) -> None:
    if total == "":
        return
    for name in names:
        for row, text in enumerate(sheet.columns[name]):
            if not text:
                raise TableError(
                    f"{sheet.place(row)}: the column {name!r} is blank. Write what it means ('Unknown'; or the value "
                    "above it, where a merged cell stood), or say --total '' if blank marks totals."
                )


def _check_once(sheet: Sheet, asked: Wanted, columns: Told, rows: Numbers, measured: _Measured) -> None:
    """Raises TableError when two rows count the same combination."""
    key, many = combined([numbered([sheet.columns[n][row] for row in rows]) for n in asked.names], len(rows))
    if many == len(rows):
        return
    order = np.argsort(key, kind="stable")
    first = int(np.flatnonzero(key[order][1:] == key[order][:-1])[0])
    one, two = (int(rows[order[at]]) for at in (first, first + 1))
    apart = [n for n in sheet.columns if n not in measured.used and sheet.columns[n][one] != sheet.columns[n][two]]
    lines = f"{sheet.name}, lines {sheet.lines[one]} and {sheet.lines[two]} count the same combination"
    if apart:
        raise TableError(
            f"{lines}: only {apart[0]!r} tells them apart. Add it to --by; or, if nobody stands in both, say --add-up."
        )
    raise TableError(f"{lines}. Remove one; or, if nobody stands in both, say --add-up.")


def _summed(sheet: Sheet, layout: Layout, measured: _Measured, columns: Told, rows: Numbers) -> CountTable:
    """One row a combination, in the order of the codes."""
    codes = list(columns.codes.values())
    key, many = combined([each.astype(np.int64) for each in codes], len(rows))
    first = np.unique(key, return_index=True)[1]

    def total(counts: Numbers) -> Numbers:
        return np.bincount(key, weights=counts[rows], minlength=many).astype(np.int64)

    return CountTable(
        name=sheet.name,
        unit=measured.unit,
        dimensions=columns.dimensions,
        codes={name: each[first] for name, each in columns.codes.items()},
        names=columns.names,
        wider=columns.wider,
        loose=columns.loose,
        persons=total(measured.persons),
        snapshot=snapshot(sheet),
        yes=None if measured.yes is None else total(measured.yes),
        yes_name=layout.yes,
        said=measured.said,
    )
