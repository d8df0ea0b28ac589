"""From a loaded HMIS export to a CaseTable: columns, questions that this export can answer, and who was served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from upwell.records.cases.hmis.asked import ask, can_be_asked, possible_reasons, window_fits
from upwell.records.cases.hmis.columns import code_columns
from upwell.records.cases.hmis.episodes import Loaded, build_bare_episodes, build_episodes
from upwell.records.cases.hmis.rule import REASONS, Rule, rules
from upwell.records.cases.hmis.served import served
from upwell.records.cases.hmis.steps import PERIOD, period_codes, period_column
from upwell.records.cases.table import Asked, Column, Question, Served
from upwell.records.errors import RecordsError

PLACE_WORDS = "where help was sought"


@dataclass(frozen=True, eq=False)
class HmisCases:
    """The CaseTable of one HMIS export (see records.cases.table).

    codes: column name -> uint8, shape (stays,); agency, household: int32, shape (stays,); in episode order.
    """

    source: str
    source_id: str
    snapshot: str
    period: tuple[date, date]
    columns: tuple[Column, ...]
    questions: tuple[Question, ...]
    unanswerable: Mapping[str, str]
    engine: DuckDBPyConnection
    rules: Mapping[str, Rule]
    codes: Mapping[str, NDArray[np.uint8]]
    agency: NDArray[np.int32]
    household: NDArray[np.int32]
    place_words: str = PLACE_WORDS

    def words(self, question: str) -> str:
        """A question as a person would ask it, whether or not this export can answer it."""
        return next((rule.question.words for rule in rules() if rule.question.name == question), question)

    def asked(self, question: str) -> Asked:
        """The answers to one question; raises RecordsError for a name that `questions` does not hold."""
        if question not in self.rules:
            why = self.unanswerable.get(question, "There is no question of that name.")
            raise RecordsError(f"The question {question!r} cannot be asked of this export. {why}")
        rule = self.rules[question]
        index = ask(self.engine, rule, self.period)
        is_asked = index.reason == 0
        at = index.episode[is_asked]
        month = index.month[is_asked]
        left_out = np.bincount(index.reason, minlength=len(REASONS) + 1)[1:]
        return Asked(
            question=next(asked for asked in self.questions if asked.name == question),
            person=index.person[is_asked],
            yes=index.yes[is_asked],
            codes=self._codes(rule, at, month),
            month=month,
            agency=self.agency[at],
            household=self.household[at],
            left_out={reason: int(left_out[REASONS.index(reason)]) for reason in possible_reasons(rule)},
        )

    def served(self) -> Served:
        """Who was served in the period."""
        return served(self.engine, self.period, self.codes)

    def _codes(self, rule: Rule, at: NDArray[np.int32], month: NDArray[np.int16]) -> dict[str, NDArray[np.uint8]]:
        if rule.question.whole_export_only:
            return {}
        codes = {name: codes[at] for name, codes in self.codes.items() if name not in rule.unfit}
        time = next((column for column in self.columns if column.name == PERIOD), None)
        return codes if time is None else {**codes, PERIOD: period_codes(time, month)}


def case_table(loaded: Loaded) -> HmisCases:
    """The CaseTable of a loaded export. Builds temporary tables in its engine, which must stay open meanwhile."""
    engine, period = loaded.engine, loaded.period
    build_episodes(engine)
    numbers = engine.execute("SELECT agency, home FROM episode ORDER BY episode").fetchnumpy()
    active = _active(engine, period)
    coded = code_columns(engine, active)
    time = period_column(engine, period)
    unanswerable = {rule.question.name: why for rule in rules() if (why := _why_not(loaded, rule))}
    answerable = {rule.question.name: rule for rule in rules() if rule.question.name not in unanswerable}
    return HmisCases(
        source=loaded.source,
        source_id=loaded.source_id,
        snapshot=loaded.snapshot,
        period=period,
        columns=(*(column.column for column in coded), *time),
        questions=tuple(_nested_among(rule.question, answerable) for rule in answerable.values()),
        unanswerable=unanswerable,
        engine=engine,
        rules=answerable,
        codes={column.column.name: column.codes for column in coded},
        agency=np.ma.getdata(numbers["agency"]),
        household=np.ma.getdata(numbers["home"]),
    )


def served_in(loaded: Loaded) -> Served:
    """Persons and households served, without the columns of a table: what `check` reports."""
    build_bare_episodes(loaded.engine)
    return served(loaded.engine, loaded.period, {})


def _active(engine: DuckDBPyConnection, period: tuple[date, date]) -> NDArray[np.bool_]:
    """Stays with at least one day in the period; bool, shape (stays,)."""
    sql = """SELECT entry <= $until AND coalesce(exit >= $since, true) AS active FROM episode ORDER BY episode"""
    found = engine.execute(sql, {"since": period[0], "until": period[1]}).fetchnumpy()["active"]
    return np.ma.filled(found, False).astype(np.bool_)


def _why_not(loaded: Loaded, rule: Rule) -> str:
    """Why this export cannot answer, as a sentence for the reader; "" when it can."""
    absent = [f"{file}.{column}" for file, column in rule.needs if not _is_collected(loaded, file, column)]
    if absent:
        return f"This export does not hold {' and '.join(absent)}."
    if not window_fits(loaded.engine, rule, loaded.period):
        return f"The answer is known only {rule.frame.window_words} later, and this export does not reach that far."
    if not can_be_asked(loaded.engine, rule, loaded.period):
        return f"Nobody in this export can be asked. It would be asked of: {rule.question.people}."
    return ""


def _is_collected(loaded: Loaded, file: str, column: str) -> bool:
    return (file, column) in loaded.collected or (f"{file}.csv", column) in loaded.collected


def _nested_among(question: Question, answerable: Mapping[str, Rule]) -> Question:
    """The question, nested only in a question that can be asked too."""
    return question if question.nested_in in answerable else replace(question, nested_in="")
