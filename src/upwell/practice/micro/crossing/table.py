"""The agency's caseload as a CaseTable: who may be counted, what is known of them, what was coded in their cases.

Nobody is in it without a consent to be counted that holds at this moment, and nothing of them either. The index date of
a person is the day on which the first case that was open in the period began (the period's first day for older ones):
it is fixed before anything is known of the answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from django.conf.locale import LANG_INFO
from numpy.typing import NDArray

from upwell.evidence.disclosure import protection
from upwell.practice.accounts.models import Agency
from upwell.practice.micro.crossing import columns, queries
from upwell.practice.micro.crossing.columns import Coded
from upwell.practice.micro.crossing.questions import Coding, barrier_questions, coding_of, policy_questions
from upwell.records.cases.table import Asked, Column, Question, Served
from upwell.records.errors import RecordsError

MONTHS = 24
MOST_POLICIES = 20
TOO_MANY = "More rules bear on these places than are asked about at once."


@dataclass(frozen=True, eq=False)
class CountedCases:
    """The CaseTable of an agency (see records.cases.table). A person is a number that means nothing outside it.

    yes: question name -> bool, shape (persons,). codes: column name -> uint8, shape (persons,). month: int16.
    """

    source: str
    source_id: str
    snapshot: str
    period: tuple[date, date]
    columns: tuple[Column, ...]
    questions: tuple[Question, ...]
    yes: Mapping[str, NDArray[np.bool_]]
    codes: Mapping[str, NDArray[np.uint8]]
    month: NDArray[np.int16]
    household: NDArray[np.int32]
    ages: NDArray[np.uint8]
    unanswerable: Mapping[str, str] = field(default_factory=dict)
    place_words: str = "the town people live in"

    @property
    def persons(self) -> int:
        """People counted, each once."""
        return len(self.month)

    def words(self, question: str) -> str:
        """A question as a person would ask it."""
        return next(
            (each.words for each in self.questions if each.name == question), self.unanswerable.get(question, "")
        )

    def asked(self, question: str) -> Asked:
        """The answers to one question; raises RecordsError for a name that `questions` does not hold."""
        if question not in self.yes:
            raise RecordsError(f"The question {question!r} is not asked of this caseload.")
        return Asked(
            question=next(each for each in self.questions if each.name == question),
            person=np.arange(self.persons, dtype=np.int64),
            yes=self.yes[question],
            codes=self.codes,
            month=self.month,
            agency=np.zeros(self.persons, np.int32),
            household=self.household,
            left_out={},
        )

    def served(self) -> Served:
        """Who is counted. Without columns: these are the people of every question, and one count of them is enough."""
        adults = int(((self.ages > 0) & (self.ages < len(columns.AGES))).sum())
        children = int((self.ages == 0).sum())
        return Served(
            persons_served=self.persons,
            adults=adults,
            children=children,
            age_unknown=self.persons - adults - children,
            leavers=0,
            stayers=self.persons,
            veterans=0,
            households=len(np.unique(self.household)),
            person=np.arange(self.persons, dtype=np.int64),
            codes={},
        )


@dataclass(frozen=True)
class People:
    """Who may be counted, in an order that means nothing, and what is known of each. number: person -> place in it."""

    index: tuple[queries.PersonCase, ...]
    number: Mapping[UUID, int]
    household: NDArray[np.int32]

    def on(self, start: date) -> list[date]:
        """Index dates: when the case began, at the earliest the period's first day."""
        return [max(each.opened_on, start) for each in self.index]


def period_before(today: date) -> tuple[date, date]:
    """The last 24 whole months: first and last day."""
    until = today.replace(day=1) - timedelta(days=1)
    first = until.year * 12 + until.month - MONTHS
    return date(first // 12, first % 12 + 1, 1), until


def case_table(agency: Agency, *, today: date) -> CountedCases:
    """The caseload of an agency as it may be counted today."""
    period = period_before(today)
    people = people_of(agency, period, today)
    towns = {each.place for each in people.index if each.place is not None}
    around = queries.policies_around(towns)
    full = is_full(agency)
    asked = (*barrier_questions(full=full), *policy_questions(around[:MOST_POLICIES], full=full))
    month = np.array([columns.months_between(period[0], on) for on in people.on(period[0])], np.int16)
    coded = (*coded_columns(people, period[0]), columns.months(*period, month))
    kept = tuple(each for each in coded if each.tells)
    yes = answers(agency, people, asked, period)
    ages = next(each.codes for each in coded if each.column.name == "age")
    return CountedCases(
        source=agency.name,
        source_id=source_id(agency),
        snapshot=digest(period, kept, yes),
        period=period,
        columns=tuple(each.column for each in kept),
        questions=asked,
        yes=yes,
        codes={each.column.name: each.codes for each in kept},
        month=month,
        household=people.household,
        ages=ages,
        unanswerable={Coding(policy=policy.id).name: TOO_MANY for policy in around[MOST_POLICIES:]},
    )


def source_id(agency: Agency) -> str:
    """What names an agency's caseload in its ledger, the same for ever: 32 hexadecimal digits."""
    return hashlib.sha256(f"upwell caseload {agency.pk}".encode()).hexdigest()[:32]


def is_full(agency: Agency) -> bool:
    """Whether every hidden count must stay anything from 0 up: agencies of victim services and of substance use."""
    return protection.load(agency.protection, date.max).full


def people_of(agency: Agency, period: tuple[date, date], today: date) -> People:
    """Everybody with a case in the period who agrees today to be counted, by the first such case."""
    first: dict[UUID, queries.PersonCase] = {}
    for case in queries.cases_to_count(agency, *period, today):
        first.setdefault(case.person, case)
    number = {person: at for at, person in enumerate(first)}
    homes = queries.households(agency)
    home_of = [homes.get(person, person) for person in first]
    known = {home: at for at, home in enumerate(dict.fromkeys(home_of))}
    household = np.fromiter((known[home] for home in home_of), np.int32, len(home_of))
    return People(tuple(first.values()), number, household)


def coded_columns(people: People, start: date) -> tuple[Coded, ...]:
    """Town, programme, language and age of each person at the index case."""
    index = people.index
    towns: dict[Hashable, str] = {}
    towns.update(queries.places_named({each.place for each in index if each.place is not None}).items())
    programmes: dict[Hashable, str] = {each.programme: each.programme for each in index if each.programme}
    languages: dict[Hashable, str] = {
        each.language: str(LANG_INFO.get(each.language, {}).get("name", each.language)) for each in index
    }
    return (
        columns.named(columns.PLACE, [each.place for each in index], towns),
        columns.named(columns.PROGRAMME, [each.programme for each in index], programmes),
        columns.named(columns.LANGUAGE, [each.language or None for each in index], languages),
        columns.ages([each.birth_date for each in index], people.on(start)),
    )


def answers(
    agency: Agency, people: People, asked: Sequence[Question], period: tuple[date, date]
) -> dict[str, NDArray[np.bool_]]:
    """Question -> who has at least one concern or entry that was coded so in the period; bool, shape (persons,)."""
    codes = {question.name: coding_of(question.name) for question in asked}
    barrier = {coding.barrier: name for name, coding in codes.items() if coding and coding.barrier}
    policy = {coding.policy: name for name, coding in codes.items() if coding and coding.policy}
    yes = {question.name: np.zeros(len(people.index), np.bool_) for question in asked}
    for person, _, kind, rule in queries.codings(agency, *period):
        at = people.number.get(person)
        if at is None:
            continue
        if kind in barrier:
            yes[barrier[kind]][at] = True
        if rule in policy:
            yes[policy[rule]][at] = True
    return yes


def digest(period: tuple[date, date], coded: Sequence[Coded], yes: Mapping[str, NDArray[np.bool_]]) -> str:
    """Digest of everything that is counted, 64 hexadecimal digits. It holds no name and no key of anybody."""
    content = hashlib.sha256(repr(period).encode())
    for each in coded:
        content.update(repr((each.column.name, [value.key for value in each.column.values])).encode())
        content.update(each.codes.tobytes())
    for name in sorted(yes):
        content.update(name.encode() + np.packbits(yes[name]).tobytes())
    return content.hexdigest()
