"""What the case team gets and nobody else: the account of every row, with its place and never its value."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from upwell.cli import doubts
from upwell.cli.output import Stage
from upwell.evidence.question import Search
from upwell.records.cases import quality
from upwell.records.cases.problems import Quality
from upwell.records.cases.table import CaseTable

ABOUT = "CASE TEAM ONLY, DO NOT SEND"
_ROWS_A_CHUNK = 5000


def put(stage: Stage, account: Quality, table: CaseTable, found: Mapping[str, Search]) -> None:
    """Write inside/quality.html, inside/quality.csv and inside/cautions.md. found: the search of each question."""
    stage.put({"cautions.md": doubts.page(table, found)}, under="inside")
    stage.put({"quality.html": quality.page(account, unanswerable=_why_not(table))}, under="inside")
    stage.stream("inside/quality.csv", _csv(account))


def _csv(account: Quality) -> Iterator[bytes]:
    """The rows as CSV, a few thousand at a time: a bad export can have millions."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["file", "line", "column", "rule", ABOUT])
    for number, row in enumerate(quality.rows(account)):
        writer.writerow([row.file, row.line, row.column, row.rule, ""])
        if number % _ROWS_A_CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _why_not(table: CaseTable) -> dict[str, str]:
    return {table.words(name): why for name, why in table.unanswerable.items()}
