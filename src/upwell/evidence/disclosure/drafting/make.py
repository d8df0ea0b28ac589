"""Puts a draft together: crowds, tables, and the findings that ask to be printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftTable
from upwell.evidence.disclosure.drafting.crowds import Group, Side, group, served_group
from upwell.evidence.disclosure.drafting.frames import frames
from upwell.evidence.disclosure.drafting.patterns import pattern
from upwell.evidence.disclosure.drafting.tables import (
    Numbering,
    bears,
    by_column,
    coverage,
    finding_tables,
    headline,
    series,
    served_tables,
)
from upwell.evidence.disclosure.release import Pattern, QuestionText, Searched
from upwell.evidence.question import Finding, Search
from upwell.records.cases.table import Asked, CaseTable, Column, Question

MOST_FINDINGS = 5


@dataclass
class _Work:
    """What has been drafted so far."""

    number: Numbering = field(default_factory=Numbering)
    crowds: list[Crowd] = field(default_factory=list)
    tables: list[DraftTable] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)


def draft(
    table: CaseTable,
    answers: Sequence[Asked],
    searches: Mapping[str, Search],
    *,
    threshold: int,
    meta: Mapping[str, str],
    planted: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Draft:
    """All that the brief would like to print of these answers and searches.

    answers: one Asked for every question of the table. searches: by question name; questions without one only shape
    the crowds of those that have one. threshold: smallest count that may be shown.
    meta: Release fields that are words, by field name. planted: sentences on what was planted in invented data.
    notes: sentences that every reader must see.
    """
    work = _Work()
    served = served_group(table.served(), tabled(table.columns))
    work.crowds.append(served.crowd)
    work.tables += served_tables(served, work.number)
    best = best_findings(searches.values())
    looked_at = frames(answers, len(served.crowd.outcome))
    work.crowds += [frame.crowd for frame in looked_at]
    left_out = {name: cells for frame in looked_at for name, cells in frame.cells.items()}
    for population in dict.fromkeys(asked.question.population for asked in answers if asked.question.name in searches):
        of_population = [asked for asked in answers if asked.question.population == population]
        for crowd in group(population, of_population, table.columns):
            asked_for = [side for side in crowd.sides if side.question.name in searches]
            if asked_for:
                _draft_group(work, crowd, asked_for, table=table, best=best, left_out=left_out, threshold=threshold)
    return Draft(
        crowds=tuple(work.crowds),
        tables=tuple(work.tables),
        patterns=tuple(sorted(work.patterns, key=lambda made: made.rank)),
        questions=tuple(question_text(asked.question) for asked in answers if asked.question.name in searches),
        searched=tuple(_searched(search) for search in searches.values()),
        unanswerable=tuple((table.words(name), why) for name, why in table.unanswerable.items()),
        meta=meta,
        planted=tuple(planted),
        notes=tuple(notes),
    )


def tabled(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns that get a table of their own: what people are like and where they sought help.

    Left out: time (it has its series), what is sensitive, and who helped (no league table of agencies).
    """
    return tuple(column for column in columns if column.tabled and not column.sensitive and not _names_helpers(column))


def _names_helpers(column: Column) -> bool:
    return column.service and not column.composition and column.kind != "place"


def best_findings(searches: Iterable[Search]) -> list[tuple[Search, Finding]]:
    """The findings a brief has room for, those with a p before exploratory ones, then by surely affected persons."""
    found = [(search, finding) for search in searches for finding in search.findings]
    found.sort(key=lambda pair: (pair[1].p is None, -pair[1].excess_low))
    return found[:MOST_FINDINGS]


def question_text(question: Question) -> QuestionText:
    """The words of a question as released."""
    return QuestionText(
        name=question.name,
        words=question.words,
        people=question.people,
        happened=question.happened,
        not_happened=question.not_happened,
        asked_of=question.asked_of,
        barrier=question.barrier,
        levers=question.levers,
        deciders=question.deciders,
        cannot_tell=question.cannot_tell,
        dated=question.dated,
    )


def _draft_group(
    work: _Work,
    crowd: Group,
    sides: Sequence[Side],
    *,
    table: CaseTable,
    best: list[tuple[Search, Finding]],
    left_out: Mapping[str, Mapping[str, Cell]],
    threshold: int,
) -> None:
    work.crowds.append(crowd.crowd)
    start = table.period[0]
    for at, side in enumerate(sides):
        work.tables.append(headline(crowd, side, work.number))
        if at == 0 and left_out[side.question.name]:
            # Once a crowd: of nested questions the later windows' reasons would be differences of printed counts.
            work.tables.append(coverage(crowd, side, left_out[side.question.name], work.number))
        if side.question.whole_export_only:
            continue
        over_time = series(crowd, side, start, threshold, work.number)
        work.tables += [over_time] if over_time else []
        for column in tabled(tuple(crowd.columns.values())):
            if bears(crowd, side, column, threshold):
                work.tables.append(by_column(crowd, side, column, work.number))
        _draft_findings(work, crowd, side, best, start=start, threshold=threshold)


def _draft_findings(
    work: _Work, crowd: Group, side: Side, best: list[tuple[Search, Finding]], *, start: date, threshold: int
) -> None:
    for rank, (search, finding) in enumerate(best, start=1):
        if search.question != side.question.name:
            continue
        made = finding_tables(crowd, side, finding.where, start=start, threshold=threshold, number=work.number)
        work.tables += [one for one in made if one]
        identities = tuple(one.id if one else "" for one in made)
        work.patterns.append(
            pattern(
                finding,
                question=search.question,
                rank=rank,
                baseline=search.baseline,
                asked=search.persons,
                columns=crowd.columns,
                start=start,
                tables=(identities[0], identities[1], identities[2]),
            )
        )


def _searched(search: Search) -> Searched:
    return Searched(
        question=search.question,
        persons=None,  # filled by the gate from the headline cell, if that may be shown
        subsets=round(search.subsets_log10),
        smallest=None if search.smallest is None else round(search.smallest, 2),
        smallest_people=None if search.smallest_people is None else round(search.smallest_people, -1),
        note=search.note,
    )
