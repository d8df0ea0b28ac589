"""CaseTable: what an agency's records say about people, in the shape that counting needs.

Every importer of cases (HMIS first) ends here, and everything that counts begins here. A CaseTable holds no name,
no key of the source and no birth date: a person is a number that means nothing outside this object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Kind = Literal["nominal", "ordinal", "place"]
"""nominal: values without order; ordinal: values in order; place: where help was sought, without order."""


@dataclass(frozen=True)
class Value:
    """One answer of a column: a stable key and the words a reader sees."""

    key: str
    words: str
    known: bool = True  # False: refused, not collected, not asked, not applicable. Shown as a row, never searched.


@dataclass(frozen=True)
class Group:
    """Values of a column that may be told of as one: the tracts of a county, the places around a place.

    codes: of the column's values, ascending, known ones only.
    """

    words: str
    codes: tuple[int, ...]


@dataclass(frozen=True)
class Column:
    """One thing known about a person at an episode: what it means, its values in order, how it may be used.

    values: at most 64; code i in an array means values[i]. Rarer values are folded into one called "other".
    composition: part of what the people are like, so an expectation may adjust for it (place and time are not).
    programme: True for the column that names the service unit, used for the within-programme view.
    service: it tells of the service unit, not of the person: programme, agency, kind of programme, place.
    phrase: how a value is said of people, {} being its words: "in {}" for a place ("people in Marlow Bend").
    sensitive: group disclosure (0 % or 100 %) in it is itself a disclosure.
    searched: the scan may restrict it; a column that is not searched only stands in tables.
    groups: where there are any, a search may restrict the column to a single value or to one of these, nothing else.
    tabled: it gets a table of its own in a brief (unless it is sensitive or the programme). The column named "period"
    is time: each known value's key is the first month of the step ("2024-03"), and it is never tabled.
    """

    name: str
    words: str
    kind: Kind
    values: tuple[Value, ...]
    composition: bool = True
    programme: bool = False
    service: bool = False
    sensitive: bool = False
    searched: bool = True
    tabled: bool = True
    phrase: str = "{}"
    groups: tuple[Group, ...] = ()
    warning: str = ""  # e.g. "evenly spread, as random codes are": printed wherever the column is


@dataclass(frozen=True)
class Question:
    """A yes/no question put to one index episode of each person, chosen without looking at the answer.

    name: short key, also the file's name. words: the question as a person would ask it.
    people: who is asked, in words that can begin a sentence ("people who entered shelter or street outreach").
    happened: what "yes" is, as words that follow people ("came straight from jail or prison").
    not_happened: what "no" is, in the same form.
    asked_of: the denominator's rule in one sentence (who was asked, who could answer yes).
    barrier: barrier kind key (docs/glossary.md, DOMAIN 2.3), e.g. "broken-between-systems".
    levers: kinds of lever that fit, most usual first. deciders: who usually decides on such a lever.
    population: questions with the same population share their denominators person by person.
    exclusive: True when, inside the population, at most one of its questions can be yes for a person.
    nested_in: the question of the same population that is yes whenever this one is (and asked whenever that is).
    index: which eligible episode of a person counts. dated: which date places it in time
    (event: the day of the referral or of the answer itself).
    protection: "usual", or "full" (violence, substance use, minors' own data: every hidden count 0..10 stays possible).
    whole_export_only: never split by anything.
    cannot_tell: what this source cannot say about it, one sentence for the reader.
    only: "column=key" for each value that can occur by what the question asks, where not all of its column can: entries
    to shelter never are in housing, and every reader knows it. () is no limit.
    """

    name: str
    words: str
    people: str
    happened: str
    not_happened: str
    asked_of: str
    barrier: str
    levers: tuple[str, ...]
    deciders: tuple[str, ...]
    population: str
    exclusive: bool = False
    nested_in: str = ""
    index: Literal["first", "last"] = "first"
    dated: Literal["entry", "exit", "event"] = "entry"
    protection: Literal["usual", "full"] = "usual"
    whole_export_only: bool = False
    cannot_tell: str = ""
    only: tuple[str, ...] = ()

    def may_occur(self, column: str, key: str) -> bool:
        """Whether somebody who is asked can have this value, by definition."""
        limits = [each for each in self.only if each.startswith(f"{column}=")]
        return not limits or f"{column}={key}" in limits


@dataclass(frozen=True)
class Asked:
    """The answers to one question: one row a person, in the order of `person`.

    person: int64, shape (persons,), strictly increasing, meaningless outside this CaseTable.
    yes: bool, shape (persons,). codes: column name -> uint8, shape (persons,), an index into Column.values.
    month: int16, months from the first day of the CaseTable's period (0 = its first month; negative: before it).
    agency, household: int32, meaningless numbers for resampling by cluster.
    left_out: reason -> persons who are in the records but not in the denominator; each reason that there can be for
      this question, 0 included, and no other. Reasons are
      "refused or unknown", "not collected", "not asked", "not applicable", "window not over", "dates impossible".
    """

    question: Question
    person: NDArray[np.int64]
    yes: NDArray[np.bool_]
    codes: Mapping[str, NDArray[np.uint8]]
    month: NDArray[np.int16]
    agency: NDArray[np.int32]
    household: NDArray[np.int32]
    left_out: Mapping[str, int]

    @property
    def persons(self) -> int:
        """Persons asked, each once."""
        return len(self.person)


@dataclass(frozen=True)
class Served:
    """Persons served in the period, by the Annual Performance Report's question 5a, and households by 8a.

    codes: as in Asked, of each person's last episode in the period, for the table of who was served.
    """

    persons_served: int
    adults: int
    children: int
    age_unknown: int
    leavers: int
    stayers: int
    veterans: int
    households: int
    person: NDArray[np.int64]
    codes: Mapping[str, NDArray[np.uint8]]


class Sourced(Protocol):
    """Where records come from.

    source: who exported, in words fit for print. source_id: digest that names this source for the ledger (stable over
    exports of the same implementation). snapshot: digest of the whole input. period: first and last day covered.
    """

    @property
    def source(self) -> str: ...
    @property
    def source_id(self) -> str: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def period(self) -> tuple[date, date]: ...


class CaseTable(Sourced, Protocol):
    """What a reader of cases hands over.

    unanswerable: question name -> one sentence why this export cannot answer it.
    place_words: what place means here ("where help was sought").
    """

    @property
    def columns(self) -> tuple[Column, ...]: ...
    @property
    def questions(self) -> tuple[Question, ...]: ...
    @property
    def unanswerable(self) -> Mapping[str, str]: ...
    @property
    def place_words(self) -> str: ...
    def words(self, question: str) -> str:
        """A question as a person would ask it, whether or not this export can answer it."""
        ...

    def asked(self, question: str) -> Asked:
        """The answers to one question; raises RecordsError for a name that `questions` does not hold."""
        ...

    def served(self) -> Served:
        """Who was served in the period."""
        ...
