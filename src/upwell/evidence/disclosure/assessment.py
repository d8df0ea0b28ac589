"""The assessment record: which table of a release met which trigger of a protocol that asks for a person's judgement.

Public Health Scotland's protocol lets a person score tables with small counts, with rows dominated by 0 or 100 %, or
about a small population. The gate decides without a score; the record says what there was to be judged, read off the
release alone, so that it tells nothing that the release hides. It is for the case team.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Release, Row, Table

DOMINATED = 0.5
"""Share of a table's shown rows from which 0 and 100 % are said to dominate it."""


@dataclass(frozen=True)
class Met:
    """One trigger that one table met. found: what was seen. done: what the gate did about it."""

    table: str
    title: str
    trigger: Literal["small counts", "dominated by 0 or 100 %", "small population", "made coarser"]
    found: str
    done: str


def assess(release: Release, protection: Protection) -> tuple[Met, ...]:
    """What the triggers of a protection found, table by table; () for a protection without an assessment."""
    if protection.small_population is None:
        return ()
    met = tuple(each for table in release.tables for each in _of(table, protection, protection.small_population))
    given_up = (Met("", told, "made coarser", told, "see there") for told in release.loss.coarsened)
    return (*met, *given_up)


def _of(table: Table, protection: Protection, small: int) -> Iterator[Met]:
    counts = [count for row in table.rows for count in _counts(row, table)]
    withheld = sum(count is None for count in counts)
    if withheld:
        found = f"{withheld} of {len(counts)} counts: 0 to {protection.threshold - 1}, or hidden to protect another."
        yield Met(table.id, table.title, "small counts", found, "withheld, and attacked in vain")
    whole = [row for row in table.rows if table.split and row.persons and row.yes is not None and row.no is not None]
    flat = sum(row.yes == 0 or row.no == 0 for row in whole)
    if whole and flat > DOMINATED * len(whole):
        found = f"{flat} of {len(whole)} shown rows are 0 or 100 %."
        yield Met(table.id, table.title, "dominated by 0 or 100 %", found, "shown: judge whether it tells of each one")
    shown = [row.persons for row in table.rows if row.persons is not None]
    if not shown or sum(shown) < small:
        found = f"The shown rows hold fewer than {small:,} persons."
        yield Met(table.id, table.title, "small population", found, "shown as far as the counts may be")


def _counts(row: Row, table: Table) -> tuple[int | None, ...]:
    return (row.persons, row.yes, row.no) if table.split else (row.persons,)
