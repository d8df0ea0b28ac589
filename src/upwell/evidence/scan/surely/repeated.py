"""One row a person: repeated rows are no evidence, and dependence is what makes false alarms.

Each person (or household, where that is the unit) gives one index episode, chosen without looking at the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError

Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Keys = NDArray[Any]  # Any: numbers, words or dates, whatever sorts

REPEATED = (
    "Some people stand in more than one row, and repeated rows are no evidence: a search would take them for a pattern."
    " Name the column that tells people apart (person=), and one row of each is taken without looking at the answer."
)
MOST_SPREAD = 8  # times as many numbers as rows: beyond, numbers are packed first


def repeats(unit: Keys) -> bool:
    """Whether anybody stands in more than one row. unit: one value a row."""
    if len(unit) < 2:
        return False
    if (unit[1:] > unit[:-1]).all():  # as every reader of records hands them over; spares the sort
        return False
    ordered = np.sort(unit)
    return bool((ordered[1:] == ordered[:-1]).any())


def refuse(unit: Keys) -> None:
    """Raises EvidenceError when anybody stands in more than one row."""
    if repeats(unit):
        raise EvidenceError(REPEATED)


@dataclass(frozen=True)
class Index:
    """The rows that are kept, one a person, ascending; and a sentence that says how they were chosen, "" if all are."""

    rows: Numbers
    said: str


def index(
    person: Keys,
    *,
    month: NDArray[np.int16] | None = None,
    which: Literal["first", "last"] = "first",
    eligible: Bools | None = None,
) -> Index:
    """One row of each person: the first or last eligible one in time, by the order of rows where time is equal.

    person: one value a row, any type that sorts. month: time of each row, any numbers; None: rows are in order of time.
    eligible: rows that may be taken, by what is known before the answer; None: all. Persons without any have no row.
    """
    number = _numbered(person)
    rows = np.arange(len(number)) if month is None else np.argsort(month, kind="stable")
    if eligible is not None:
        rows = rows[eligible[rows]]
    taken = rows[::-1] if which == "first" else rows
    kept = np.full(int(number.max(initial=-1)) + 1, -1, dtype=np.int64)
    kept[number[taken]] = taken  # of several assignments to one place the last one holds
    chosen = np.sort(kept[kept >= 0])
    if len(chosen) == len(rows):
        return Index(chosen, "")
    return Index(chosen, f"One row a person: the {which} one {'in time' if month is not None else 'given'}.")


def _numbered(person: Keys) -> Numbers:
    """Whole numbers from 0 for persons, not many more than rows."""
    if np.issubdtype(person.dtype, np.integer) and len(person):
        low, high = int(person.min()), int(person.max())
        if high - low < MOST_SPREAD * len(person):
            return (person.astype(np.int64) - low).astype(np.int64)
    return np.unique(person, return_inverse=True)[1].astype(np.int64)


def drawn_again(rng: np.random.Generator, unit: Numbers) -> Numbers:
    """Rows of a bootstrap in which whole units (persons, households, clusters) are drawn with replacement.

    unit: whole numbers from 0, one a row. Returns rows, repeated as often as their unit was drawn.
    """
    units = int(unit.max(initial=-1)) + 1
    times = np.bincount(rng.integers(0, max(units, 1), units), minlength=units)
    rows: Numbers = np.repeat(np.arange(len(unit)), times[unit])
    return rows
