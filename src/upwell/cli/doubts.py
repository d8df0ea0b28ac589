"""inside/cautions.md: what in the records could fool the search, for those who can look at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from upwell.evidence.disclosure.drafting.patterns import group_in_words
from upwell.evidence.question import Search
from upwell.evidence.scan import traps
from upwell.records.cases.table import CaseTable

ABOUT = "CASE TEAM ONLY, DO NOT SEND"
NO_END = (
    "Where it began, and whether it goes on, may be the season's. What is expected knows no season: one that everybody "
    "has shows here too."
)


def page(table: CaseTable, found: Mapping[str, Search]) -> bytes:
    """Every question that was answered, and each reason to doubt what a search of it finds; no number of people.

    found: the search of each question that was searched.
    """
    parts = [
        f"# What could fool the search\n\n{ABOUT}. Look into these before you rely on a pattern that rests on them."
    ]
    clear = []
    for question in table.questions:
        said = [*_of_records(table, question.name), *_of_seasons(table, found.get(question.name))]
        if said:
            parts.append("\n".join([f"## {question.words}", "", *(f"* {sentence}" for sentence in said)]))
        else:
            clear.append(question.words)
    if clear:
        parts.append("\n".join(["## Nothing to doubt was seen", "", *(f"* {words}" for words in clear)]))
    return ("\n\n".join(parts) + "\n").encode()


def _of_records(table: CaseTable, question: str) -> Iterator[str]:
    """What in the records of a question could fool a search."""
    for caution in traps.cautions(table.asked(question), table.columns):
        yield traps.sentence(caution, table.columns, lambda month: _month(table.period[0], month))


def _of_seasons(table: CaseTable, search: Search | None) -> Iterator[str]:
    """What was found that comes and goes with the year, so that nobody takes the end of a season for an end of it."""
    columns = {column.name: column for column in table.columns}
    for finding in search.findings if search else ():
        if finding.season is not None and finding.season.told == "seasonal":
            group = group_in_words(finding, columns, table.period[0])
            yield f"People {group}: {finding.season.sentence()} {NO_END}"


def _month(first: date, after: int) -> str:
    """A month of the period as words, such as "March 2024"."""
    months = first.year * 12 + first.month - 1 + after
    return date(months // 12, months % 12 + 1, 1).strftime("%B %Y")
