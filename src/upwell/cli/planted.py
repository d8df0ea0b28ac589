"""Was a planted issue found? By how far the people it was planted among and the people a pattern names are the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.drafting.steps import MONTHS, PERIOD
from upwell.evidence.disclosure.release import Pattern
from upwell.records.cases.synthetic.plants import Plant
from upwell.records.cases.table import Asked, CaseTable, Column

FOREVER = 10_000  # months

Members = NDArray[np.bool_]


def jaccard(one: Members, other: Members) -> float:
    """Persons in both over persons in either, 0..1; 0 when nobody is in either."""
    either = int(np.count_nonzero(one | other))
    return int(np.count_nonzero(one & other)) / either if either else 0.0


def overlap(plant: Plant, pattern: Pattern, table: CaseTable) -> float:
    """Jaccard over the persons asked of a plant and a released pattern; 0 when they are of different questions."""
    if plant.question != pattern.question:
        return 0.0
    asked = table.asked(plant.question)
    by_words = {column.words: column.name for column in table.columns}
    named = {by_words[words]: values for words, values in pattern.where}
    inside = _inside(asked, table.columns, named, by="words")
    if PERIOD in named:
        first, last = _span(named[PERIOD][0], table.period[0])
        inside &= (asked.month >= first) & (asked.month <= last)
    return jaccard(planted(plant, asked, table), inside)


def planted(plant: Plant, asked: Asked, table: CaseTable) -> Members:
    """Which of the asked persons the issue was planted among; bool, shape (persons,). Time to the month."""
    inside = _inside(asked, table.columns, plant.where, by="key")
    if plant.since:
        inside &= asked.month >= _month(plant.since, table.period[0])
    if plant.until:
        inside &= asked.month <= _month(plant.until, table.period[0])
    return inside


def _inside(asked: Asked, columns: Sequence[Column], where: Mapping[str, Sequence[str]], *, by: str) -> Members:
    inside = np.ones(asked.persons, dtype=np.bool_)
    for column in columns:
        if column.name in where and column.name in asked.codes and column.name != PERIOD:
            codes = [code for code, value in enumerate(column.values) if getattr(value, by) in where[column.name]]
            inside &= np.isin(asked.codes[column.name], codes)
    return inside


def _span(words: str, first: date) -> tuple[int, int]:
    """First and last month, counted from the period's first, of "since Apr 2024", "until", "in" or "from ... to"."""
    named = re.findall(r"([A-Z][a-z]{2}) (\d{4})", words)
    months = [_month(f"{year}-{MONTHS.index(month) + 1:02d}-01", first) for month, year in named]
    start = -FOREVER if words.startswith("until") else months[0]
    return start, FOREVER if words.startswith("since") else months[-1]


def _month(iso: str, first: date) -> int:
    day = date.fromisoformat(iso)
    return (day.year - first.year) * 12 + day.month - first.month
