"""From a finding (exact, case-side) to a pattern as it may be printed: rounded, in words, tied to its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import floor, log10

from upwell.evidence.disclosure.drafting.steps import PERIOD, span, words
from upwell.evidence.disclosure.release import Interval, Pattern
from upwell.evidence.question import Finding
from upwell.records.cases.table import Column

LARGE = 100_000  # persons asked; below, the size of a finding is probably overstated by the search


def pattern(
    finding: Finding,
    *,
    question: str,
    rank: int,
    baseline: str,
    asked: int,
    columns: Mapping[str, Column],
    start: date,
    tables: tuple[str, str, str],
) -> Pattern:
    """The printable form of a finding. tables: ids of its own table, its series and its places ("" where none).

    asked: persons asked the question. start: first day of the period.
    """
    share = finding.yes / finding.persons
    expected_share = round(finding.expected / finding.persons, 2)
    made = Pattern(
        question=question,
        rank=rank,
        where=where_in_words(finding, columns, start),
        group=group_in_words(finding, columns, start),
        when=_when(finding, columns, start),
        table=tables[0],
        series=tables[1],
        place=tables[2],
        baseline=baseline,
        expected_share=expected_share,
        expected=round(finding.expected),
        excess=Interval(round(finding.excess), round(finding.excess_low), round(finding.excess_high)),
        ratio=round(share / max(finding.expected / finding.persons, 0.005), 1),
        p=one_digit(finding.p),
        p_from=finding.p_from,
        overstated=asked < LARGE,
        within_programme=None if finding.within_programme is None else round(finding.within_programme, 2),
        agrees=finding.agrees,
        persists=finding.persists,
        leave_one_out=finding.leave_one_out,
    )
    return _with_onset(made, finding, start)


def _with_onset(made: Pattern, finding: Finding, start: date) -> Pattern:
    return replace(
        made,
        always=finding.onset is None and not made.when,
        onset=_month(finding.onset, start),
        onset_low=_month(finding.onset_low, start),
        onset_high=_month(finding.onset_high, start),
        onset_month=_or_unknown(finding.onset),
        onset_low_month=_or_unknown(finding.onset_low),
        onset_high_month=_or_unknown(finding.onset_high),
    )


def where_in_words(
    finding: Finding, columns: Mapping[str, Column], start: date
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The restricted columns in words, in the order in which the CaseTable holds its columns; time as one span."""
    restricted = dict(finding.where)
    return tuple(
        (column.words, (_when(finding, columns, start),) if name == PERIOD else _said(column, restricted[name]))
        for name, column in columns.items()
        if name in restricted
    )


def group_in_words(finding: Finding, columns: Mapping[str, Column], start: date) -> str:
    """The sub-population as words that follow "people": what they are like, then the service, the place, the time.

    "aged 25 to 34 in emergency shelter in Marlow Bend since Apr 2024"
    """
    restricted = dict(finding.where)
    parts = [(_order(column), column.phrase.format(_either(_said(column, restricted[name]))))
             for name, column in columns.items() if name in restricted and name != PERIOD]  # fmt: skip
    said = [words for _, words in sorted(parts, key=lambda part: part[0])]
    return " ".join([*said, _when(finding, columns, start)]).strip()


def _order(column: Column) -> int:
    return 2 if column.kind == "place" else 1 if column.service else 0


def _said(column: Column, values: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(column.values[value].words for value in values)


def _either(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _when(finding: Finding, columns: Mapping[str, Column], start: date) -> str:
    """The steps of time that a finding is bound to, as one span; "" when it is bound to none."""
    values = dict(finding.where).get(PERIOD, ())
    if not values:
        return ""
    column = columns[PERIOD]
    dated = [at for at, value in enumerate(column.values) if value.known]
    first = span(column, values[:1], start)[0]
    if values[-1] == dated[-1]:
        return f"since {first}"
    last = span(column, values[-1:], start)[1]
    if values[0] == dated[0]:
        return f"until {last}"
    return f"in {first}" if first == last else f"from {first} to {last}"


def one_digit(p: float | None) -> float | None:
    """A p-value to one significant digit; None stays None. 0.0437 -> 0.04."""
    if p is None or p <= 0:
        return p
    return round(p, -floor(log10(p)))


def _month(month: int | None, start: date) -> str:
    return "" if month is None else words(month, start)


def _or_unknown(month: int | None) -> int:
    return -1 if month is None else month
