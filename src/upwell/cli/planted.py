"""Was a planted issue found? By how far the people it was planted among and the people a pattern names are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.release import Pattern
from upwell.records.cases.synthetic.plants import Plant
from upwell.records.cases.table import Asked, CaseTable, Column

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
    by_words = {column.words: column for column in table.columns}
    named = {by_words[words].name: values for words, values in pattern.where if words in by_words}
    return jaccard(planted(plant, asked, table), _inside(asked, table.columns, named, by="words"))


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
        if column.name in where and column.name in asked.codes:
            codes = [code for code, value in enumerate(column.values) if getattr(value, by) in where[column.name]]
            inside &= np.isin(asked.codes[column.name], codes)
    return inside


def _month(iso: str, first: date) -> int:
    day = date.fromisoformat(iso)
    return (day.year - first.year) * 12 + day.month - first.month
