"""inside/cautions.md: what in the records could fool the search, for those who can look at them."""

from __future__ import annotations

from datetime import date

from upwell.evidence.scan import traps
from upwell.records.cases.table import CaseTable

ABOUT = "CASE TEAM ONLY, DO NOT SEND"


def page(table: CaseTable) -> bytes:
    """Every question that was answered, and each reason to doubt what a search of it finds; no number of people."""
    parts = [
        f"# What could fool the search\n\n{ABOUT}. Look into these before you rely on a pattern that rests on them."
    ]
    clear = []
    for question in table.questions:
        asked = table.asked(question.name)
        found = traps.cautions(asked, table.columns)
        if not found:
            clear.append(question.words)
            continue
        said = (traps.sentence(each, table.columns, lambda month: _month(table.period[0], month)) for each in found)
        parts.append("\n".join([f"## {question.words}", "", *(f"* {sentence}" for sentence in said)]))
    if clear:
        parts.append("\n".join(["## Nothing to doubt was seen", "", *(f"* {words}" for words in clear)]))
    return ("\n\n".join(parts) + "\n").encode()


def _month(first: date, after: int) -> str:
    """A month of the period as words, such as "March 2024"."""
    months = first.year * 12 + first.month - 1 + after
    return date(months // 12, months % 12 + 1, 1).strftime("%B %Y")
