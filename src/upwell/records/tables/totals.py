"""Totals among the rows: told from their parts by a word, checked against them, then left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables.sheet import Sheet, TableError

USUAL = ("total", "all", "totals", "grand total")
_LIST_ENDS = 5

Numbers = NDArray[np.int64]


def rows_of_parts(
    sheet: Sheet, columns: Sequence[str], counts: Mapping[str, Numbers], word: str | None
) -> tuple[Numbers, tuple[str, ...]]:
    """Numbers of the rows that are no totals, and a sentence when totals were found and hold.

    columns: those that a total's word may stand in. counts: column -> what must add up, shape (rows,).
    word: the word of totals, None for USUAL. Raises TableError naming the lines whose parts do not add up.
    """
    words = USUAL if word is None else (word.casefold(),)
    marks = {name: np.array([text.casefold() in words for text in sheet.columns[name]]) for name in columns}
    total = np.logical_or.reduce(list(marks.values())) if marks else np.zeros(len(sheet.lines), dtype=bool)
    parts = np.flatnonzero(~total)
    if not total.any():
        if word is not None:
            raise TableError(f"{sheet.name} has no row with {word!r} in it, which --total names.")
        return parts, ()
    if not len(parts):
        raise TableError(f"{sheet.name} holds totals only. Give the finest counts; their totals follow from them.")
    found = next(text for name in columns for text in sheet.columns[name] if text.casefold() in words)
    wrong = _wrong(sheet, marks, counts, total)
    if wrong:
        raise TableError(_contradiction(sheet, wrong, found))
    said = f"Rows with {found or 'a blank'!r} are totals; they agree with the sums of their parts."
    return parts, (said,)


def combined(codes: Sequence[Numbers], rows: int) -> tuple[Numbers, int]:
    """One number for each combination of codes, 0 upwards, shape (rows,); and how many there are."""
    number, many = np.zeros(rows, dtype=np.int64), 1
    for each in codes:
        number = number * (int(each.max(initial=0)) + 1) + each
        different, number = np.unique(number, return_inverse=True)
        many = len(different)
    return number.astype(np.int64), many


def numbered(words: Sequence[str]) -> Numbers:
    """A number for each different text, by first appearance."""
    number: dict[str, int] = {}
    return np.array([number.setdefault(text, len(number)) for text in words], dtype=np.int64)


def _wrong(
    sheet: Sheet, marks: Mapping[str, NDArray[np.bool_]], counts: Mapping[str, Numbers], total: NDArray[np.bool_]
) -> list[int]:
    """Rows of totals that are not the sum of their parts."""
    codes = {name: numbered(sheet.columns[name]) for name in marks}
    pattern, patterns = combined([each.astype(np.int64) for each in marks.values()], len(total))
    wrong: list[int] = []
    for which in range(patterns):
        here = np.flatnonzero((pattern == which) & total)
        if not len(here):
            continue
        kept = [codes[name] for name in marks if not marks[name][here[0]]]
        key, keys = combined(kept, len(total))
        for each in counts.values():
            sums = np.bincount(key[~total], weights=each[~total], minlength=keys)
            wrong += here[sums[key[here]] != each[here]].tolist()
    return sorted(set(wrong))


def _contradiction(sheet: Sheet, wrong: Sequence[int], word: str) -> str:
    places = ", ".join(str(sheet.lines[row]) for row in wrong[:_LIST_ENDS])
    more = f" and {len(wrong) - _LIST_ENDS} more" if len(wrong) > _LIST_ENDS else ""
    return (
        f"{sheet.name}, line{'s' * (len(wrong) > 1)} {places}{more}: the parts do not add up to this total. "
        f"Correct the counts; or, if {word!r} is a value like any other, name another word with --total WORD."
    )
