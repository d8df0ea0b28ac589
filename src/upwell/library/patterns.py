"""Find patterns in any yes/no about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import Search
from upwell.evidence.scan.find import find
from upwell.records.cases.table import Asked, Column, Question, Value

MOST_VALUES = 64


@dataclass(frozen=True, repr=False)
class Patterns:
    """What a search found, with exact counts."""

    search: Search

    def __repr__(self) -> str:
        """How many, and that nothing in it may be shown outside."""
        found = len(self.search.findings)
        return f"Patterns(NOT PROTECTED: exact counts, for the case team alone; {found} findings)"


def find_patterns(
    columns: Mapping[str, Sequence[str]], yes: Sequence[bool], *, seed: int = 1, baseline: str = "composition"
) -> Patterns:
    """Sub-populations in which "yes" is more frequent than the baseline expects.

    columns: name -> one value a person, at most 64 different ones each; "" is unknown. yes: one answer a person.
    baseline: "composition" adjusts for main effects of every column; "overall" compares with everybody.
    One row must be one person: repeated rows are no evidence. Raises EvidenceError when lengths differ.
    """
    if baseline not in ("composition", "overall"):
        raise EvidenceError("Without programmes and dates the baseline is 'composition' or 'overall'.")
    persons = len(yes)
    if any(len(values) != persons for values in columns.values()):
        raise EvidenceError(f"Every column needs one value a person: {persons} of them.")
    coded = [_coded(name, values) for name, values in columns.items()]
    zeros = np.zeros(persons, dtype=np.int32)
    asked = Asked(
        question=_question(),
        person=np.arange(persons, dtype=np.int64),
        yes=np.asarray(yes, dtype=np.bool_),
        codes={column.name: codes for column, codes in coded},
        month=zeros.astype(np.int16),
        agency=zeros,
        household=np.arange(persons, dtype=np.int32),
        left_out={},
    )
    return Patterns(find(asked, [column for column, _ in coded], baseline=baseline, seed=seed, searches=1))


def _question() -> Question:
    return Question(
        name="yes", words="", people="people", happened="yes", not_happened="no", asked_of="everybody given",
        barrier="", levers=(), deciders=(), population="given",
    )  # fmt: skip


def _coded(name: str, values: Sequence[str]) -> tuple[Column, NDArray[np.uint8]]:
    different = sorted(set(values))
    if len(different) > MOST_VALUES:
        raise EvidenceError(f"The column {name!r} has more than {MOST_VALUES} different values; fold the rare ones.")
    numbers = {value: number for number, value in enumerate(different)}
    column = Column(name, name, "nominal", tuple(Value(value, value or "unknown", bool(value)) for value in different))
    return column, np.array([numbers[value] for value in values], dtype=np.uint8)
