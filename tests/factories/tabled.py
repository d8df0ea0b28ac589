"""Protected releases of the invented agency's table."""

from __future__ import annotations

from datetime import date

from tests.factories.served import Rows, served, summed

from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.draft import Draft
from upwell.evidence.disclosure.drafting.counts import Asked, draft
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.protect import Signed, protect
from upwell.records.tables import read, sheet
from upwell.records.tables.table import CountTable, Layout

TODAY = date(2026, 1, 1)
KEY = bytes(range(32))
META = {"source": "Hope House", "source_id": "s1", "period_from": "2025-01-01", "period_to": "2025-12-31"}


def table(rows: Rows | None = None, *by: str, yes: str = "") -> CountTable:
    """The agency's table, read; by county and age when nothing else is said."""
    rows = summed(served(), "county", "age") if rows is None else rows
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return read.count_table(sheet.of_columns(columns), Layout(by=by or ("county,age",), count="persons", yes=yes))


def drafted(found: CountTable, **asked: object) -> Draft:
    """All that it could print."""
    return draft(found, Asked(meta=META | {"snapshot": found.snapshot}, **asked))  # type: ignore[arg-type]


def made(rows: Rows | None = None, *by: str, yes: str = "", rules: str = "hmis-agency", **asked: object) -> Signed:
    """A release of it."""
    signed, _ = protect(
        drafted(table(rows, *by, yes=yes), **asked),
        protection.load(rules, TODAY),
        earlier=(),
        key=KEY,
        made_on=TODAY,
        seed=1,
        ledger_head=ledger.BEGINNING,
    )
    return signed
