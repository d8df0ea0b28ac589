"""Cases as a protection lets them be told: without names out of the records, and without places finer than it allows.

A column that would print such a name is left out before anything is searched or counted by it, so that no finding,
table or word of a release can hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.protection import Protection
from upwell.records.cases.table import Asked, CaseTable, Column, Question, Served

SOURCE = "A provider that is not named"
PLACE_WORDS = "that help was given, and not where"
"""Follows "the records say": a release without places says so where others say what place means."""


@dataclass(frozen=True, eq=False)
class Unnamed:
    """A CaseTable of which only some columns may be told (see records.cases.table)."""

    table: CaseTable
    source: str
    columns: tuple[Column, ...]
    place_words: str

    @property
    def source_id(self) -> str:
        """Digest that names the source for the ledger."""
        return self.table.source_id

    @property
    def snapshot(self) -> str:
        """Digest of the whole input."""
        return self.table.snapshot

    @property
    def period(self) -> tuple[date, date]:
        """First and last day covered."""
        return self.table.period

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question that can be asked."""
        return self.table.questions

    @property
    def unanswerable(self) -> Mapping[str, str]:
        """Question name -> why it cannot be asked."""
        return self.table.unanswerable

    def words(self, question: str) -> str:
        """A question as a person would ask it."""
        return self.table.words(question)

    def asked(self, question: str) -> Asked:
        """The answers to one question, by the columns that may be told."""
        answers = self.table.asked(question)
        return replace(answers, codes=self._told(answers.codes))

    def served(self) -> Served:
        """Who was served, by the columns that may be told."""
        served = self.table.served()
        return replace(served, codes=self._told(served.codes))

    def _told(self, codes: Mapping[str, NDArray[np.uint8]]) -> Mapping[str, NDArray[np.uint8]]:
        kept = {column.name for column in self.columns}
        return {name: values for name, values in codes.items() if name in kept}


def as_may_be_told(table: CaseTable, protection: Protection) -> CaseTable:
    """The cases without what the protection does not let be told; the same table where it lets everything be told."""
    if protection.free_text and not protection.coarsest_place:
        return table
    columns = tuple(column for column in table.columns if not _is_withheld(column, protection))
    placed = any(column.kind == "place" for column in columns)
    return Unnamed(
        table=table,
        source=table.source if protection.free_text else SOURCE,
        columns=columns,
        place_words=table.place_words if placed else PLACE_WORDS,
    )


def _is_withheld(column: Column, protection: Protection) -> bool:
    """Whether a column's values are places (every reader of cases tells towns or sites), or names out of records."""
    names_somebody = column.programme or (column.service and not column.composition)
    if column.kind == "place":
        return bool(protection.coarsest_place) or not protection.free_text
    return names_somebody and not protection.free_text
