"""Counts as people type them: whole, 0 or more, with or without separators of thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables.sheet import Sheet, TableError

MOST = 10**12
"""More than this in one cell is no count of anything here."""

_PLAIN = re.compile(r"\d+(?:\.0+)?")
_POINT = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
"""1.204 is a thousand in one country and hardly more than one in another: it is asked, never guessed."""
_GROUPED = re.compile(r"\d{1,3}(?:[,' \u00a0\u202f]\d{3})+")
_NUMBER = re.compile(r"[-+]?[\d,' \u00a0\u202f]*[.,]?\d+(?:[eE][-+]?\d+)?%?")
_LIST_ENDS = 5


def whole_numbers(sheet: Sheet, column: str) -> NDArray[np.int64]:
    """The counts of a column, int64, shape (rows,). Raises TableError naming the lines that hold none."""
    words = sheet.columns[column]
    wrong = [row for row, text in enumerate(words) if not _is_whole(text)]
    if wrong:
        raise TableError(_what_is_wrong(sheet, column, words, wrong))
    return np.array([_value(text) for text in words], dtype=np.int64)


def is_numeric(words: Sequence[str]) -> bool:
    """Whether every cell of a column is a number of any kind: then it holds counts, or is meant to."""
    return all(_NUMBER.fullmatch(text) for text in words)


def _is_whole(text: str) -> bool:
    if _POINT.fullmatch(text):
        return False
    return bool(_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)) and _value(text) <= MOST


def _value(text: str) -> int:
    return int(re.sub(r"[,' \u00a0\u202f]", "", text).split(".")[0])


def _what_is_wrong(sheet: Sheet, column: str, words: Sequence[str], wrong: Sequence[int]) -> str:
    kinds = {row: _kind(words[row]) for row in wrong}
    kind = kinds[wrong[0]]
    same = [row for row in wrong if kinds[row] == kind]
    places = ", ".join(str(sheet.lines[row]) for row in same[:_LIST_ENDS])
    more = f" and {len(same) - _LIST_ENDS} more" if len(same) > _LIST_ENDS else ""
    line = "line" if len(same) == 1 else "lines"
    return f"{sheet.name}, column {column!r}, {line} {places}{more}: {_ADVICE[kind]}"


def _kind(text: str) -> str:
    if not text:
        return "blank"
    if not _NUMBER.fullmatch(text):
        return "text"
    if text.startswith("-"):
        return "negative"
    if _POINT.fullmatch(text):
        return "point"
    return "large" if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text) else "fraction"


_ADVICE = {
    "blank": "blank. Write 0 where nobody is counted, and the true count everywhere else, also where it is small.",
    "text": (
        "no number. The true counts are needed, also the small ones: what may not be shown is withheld afterwards. "
        "(A table that is already withheld in parts can be tested with `upwell attack`.)"
    ),
    "point": "not a whole number as it stands; if the point parts thousands, write 1204 or 1,204.",
    "negative": "a count below 0.",
    "fraction": "not a whole number. Persons are counted whole; give money in cents.",
    "large": "larger than any count can be.",
}
