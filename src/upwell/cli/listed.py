"""Releases as a table for a terminal of 80 columns: rich, without a colour code where nobody watches."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from upwell.evidence.disclosure.history import ledger as chain
from upwell.evidence.disclosure.history.ledger import LedgerEntry

WIDEST, NARROWEST = 100, 80


def released(title: str, entries: Sequence[LedgerEntry]) -> str:
    """One line a release under the name of its people, then what else must be known of each. Ends with a line end."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for name in ("day", "release", "rules", "records of"):
        table.add_column(name, overflow="fold", no_wrap=name in ("day", "release"))
    table.add_column("shown", justify="right")
    for entry in entries:
        if entry.kind != chain.WITHDRAWAL:
            period = _period(*entry.period)
            table.add_row(entry.made_on, entry.release_id, entry.protection, period, f"{len(entry.shown):,}")
    return "".join([_printed(title), _printed(table), *(f"  {note}\n" for note in _notes(entries)), "\n"])


def _period(first: str, last: str) -> str:
    """ "2025" for a whole year; otherwise both days."""
    whole_year = first[:4] == last[:4] and first[4:] == "-01-01" and last[4:] == "-12-31"
    return first[:4] if whole_year else f"{first} to {last}"


def _notes(entries: Sequence[LedgerEntry]) -> list[str]:
    taken_back = chain.withdrawn(entries)
    notes: list[str] = []
    for entry in entries:
        if entry.kind == chain.WITHDRAWAL:
            notes.append(f"{entry.made_on} withdraws {entry.about}: {entry.because}")
            continue
        if entry.release_id in taken_back:
            notes.append(f"{entry.release_id} withdrawn; what it showed stays public")
        if entry.about:
            notes += [f"{entry.release_id} corrects {entry.about}: {entry.because}"]
            notes += [f"{entry.about} corrected by {entry.release_id}"]
        if entry.new_ledger:
            notes.append(f"{entry.release_id} second ledger begun here: {entry.new_ledger}")
    return notes


def _printed(what: str | Table) -> str:
    """Styled only at a terminal; elsewhere wide enough that no word is cut."""
    watched = sys.stdout.isatty()
    wide = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST) if watched else WIDEST
    text = io.StringIO()
    console = Console(file=text, width=wide, force_terminal=watched, highlight=False, markup=False, emoji=False)
    console.print(what, soft_wrap=isinstance(what, str), style="bold" if isinstance(what, str) else None)
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())
