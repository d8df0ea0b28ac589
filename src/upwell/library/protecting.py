"""Protect a table of counts through the gate: a two-way table as lists, or a long one as columns."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from upwell.evidence.brief.package import WITHHELD
from upwell.evidence.brief.tabled import long
from upwell.evidence.brief.tabled.layout import Printed
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.draft import Draft
from upwell.evidence.disclosure.drafting import counts as drafting
from upwell.evidence.disclosure.history import ledger as chain
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protect import Signed, protect
from upwell.evidence.disclosure.release import Release
from upwell.library import twoway
from upwell.library.given import Frame, Given, Relation, columns_of
from upwell.library.result import Cell, Protected
from upwell.records.tables import read, sheet
from upwell.records.tables.table import CountTable, Layout

Lists = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Wish:
    """What is asked of a long table beside its columns; as the options of `upwell protect` of the same names.

    period: ISO dates, the first and last day counted: releases of the same people whose periods overlap are held
    against each other.
    """

    yes: str = ""
    amount: str = ""
    person: str = ""
    records: bool = False
    total: str | None = None
    add_up: bool = False
    tables: tuple[tuple[str, ...], ...] = ()
    percent: int | None = None
    classes: tuple[int, ...] = ()
    sensitive: tuple[str, ...] = ()
    period: tuple[str, str] = ("", "")


def protect_tables(
    counts: Lists | Given,
    *,
    rules: str = protection.DEFAULT,
    seed: int = 1,
    by: Sequence[str] | str = (),
    count: str = "",
    wish: Wish | None = None,
    ledger: Sequence[LedgerEntry] = (),
    **more: object,
) -> Protected:
    """A table of persons with its totals, as it may be shown: by itself, or beside earlier releases (`ledger`).

    counts: a two-way table as lists of persons, each once, without totals; or columns: a mapping of names to values, a
    DuckDB relation, a data frame. by: its columns, "county>tract" where one lies within the other. count: the column
    of counts. more: fields of `Wish` by name. rules: a protection's name.
    Raises RefusedError when no useful table is safe, and EvidenceError or RecordsError for what cannot be read.

    >>> protect_tables([[40, 3], [55, 61]]).rows[2][2]
    159
    """
    asked = replace(wish or Wish(), **more)  # type: ignore[arg-type]  # an unknown or ill-typed field is named by Python
    rule = protection.load(rules, date.today())
    if not isinstance(counts, Mapping | Relation | Frame):
        inside = twoway.inside_of(counts)
        signed, entry = _released(twoway.draft(inside), rule, seed, ())
        rows: tuple[tuple[Cell, ...], ...] = twoway.rows_of(signed.release, inside.shape)
        return Protected(rows, rule.words, twoway.headings(inside.shape), signed.release.loss, entry)
    table = _table(counts, by, count, asked)
    signed, entry = _released(_draft(table, asked, ledger), rule, seed, ledger)
    printed = Printed(
        columns=tuple(each.name for each in table.dimensions),
        count=table.unit,
        yes=table.yes_name,
        total=asked.total or "Total",
        decimals=asked.percent,
        classes=asked.classes,
    )
    rows = tuple(_rows(signed.release, printed))
    return Protected(rows, rule.words, long.header(printed), signed.release.loss, entry, len(ledger))


def _table(counts: Given, by: Sequence[str] | str, count: str, asked: Wish) -> CountTable:
    layout = Layout(
        by=(by,) if isinstance(by, str) else tuple(by),
        count=count,
        records=asked.records,
        yes=asked.yes,
        amount=asked.amount,
        person=asked.person,
        total=asked.total,
        add_up=asked.add_up,
    )
    return read.count_table(sheet.of_columns(columns_of(counts)), layout)


def _draft(table: CountTable, asked: Wish, ledger: Sequence[LedgerEntry]) -> Draft:
    meta = {
        "source": "",
        "source_id": ledger[0].source_id if ledger else "",
        "snapshot": table.snapshot,
        "period_from": asked.period[0],
        "period_to": asked.period[1],
    }
    return drafting.draft(table, drafting.Asked(asked.tables, asked.percent, asked.classes, asked.sensitive, meta))


def _released(
    drafted: Draft, rule: protection.Protection, seed: int, ledger: Sequence[LedgerEntry]
) -> tuple[Signed, LedgerEntry]:
    """Through the gate. A release needs a signature; this one goes nowhere."""
    lines = b""
    for entry in ledger:
        lines += chain.append(lines, entry)  # says so when the entries are no whole ledger
    return protect(
        drafted,
        rule,
        earlier=ledger,
        key=secrets.token_bytes(32),
        made_on=date.today(),
        seed=seed,
        ledger_head=chain.head(lines),
    )


def _rows(release: Release, printed: Printed) -> list[tuple[Cell, ...]]:
    """The lines of the release: words, then numbers, None where withheld."""
    words = len(printed.columns)
    whole = words + 1 + bool(printed.yes)

    def number(at: int, text: str) -> Cell:
        if text == WITHHELD:
            return None
        return int(text) if at < whole else text

    return [
        (*line[:words], *(number(at, text) for at, text in enumerate(line[words:], words)))
        for line in long.lines(release, printed)
    ]
