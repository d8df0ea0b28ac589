"""From a protected plan to the Release and its ledger entry. Reads shown cells only, apart from the ledger's hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np

from upwell.evidence.disclosure.draft import Cell, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.history.past import digest, written
from upwell.evidence.disclosure.history.retell import names_of
from upwell.evidence.disclosure.loss import loss_of
from upwell.evidence.disclosure.plan import Plan, Side
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Gap, Interval, Pattern, Release, Row, Searched, Table
from upwell.evidence.disclosure.rounded import Limit, Rounded
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.sealed import sealed
from upwell.evidence.disparity import rates
from upwell.evidence.disparity.gaps import gaps
from upwell.evidence.disparity.rates import Group


@dataclass(frozen=True)
class Occasion:
    """When, by which rules, and after which releases this one is made. ledger_head: the ledger's head before it.

    key: the agency's private key: what is hidden leaves no digest without it (see disclosure.sealed).
    """

    protection: Protection
    made_on: date
    seed: int
    ledger_head: str
    earlier: tuple[LedgerEntry, ...]
    key: bytes = field(repr=False)


def release_of(draft: Draft, plan: Plan, occasion: Occasion) -> Release:
    """The Release, without its id."""
    meta = draft.meta
    protection, shown = occasion.protection, plan.shown()
    rounded = {(each.table, each.row, bool(each.percent)): each for side in plan.done.values() for each in side.rounded}
    tables = tuple(_table(table, shown, rounded) for table in plan.tables)
    looks = [e for e in occasion.earlier if e.source_id == meta["source_id"] and e.snapshot == meta["snapshot"]]
    return Release(
        version="1",
        software=f"upwell {version('upwell')}",
        id="",
        source=meta["source"],
        source_id=meta["source_id"],
        snapshot=sealed(occasion.key, "snapshot", meta["snapshot"]),
        period=(meta["period_from"], meta["period_to"]),
        made_on=occasion.made_on.isoformat(),
        basis=meta.get("basis", ""),
        place_words=meta.get("place_words", ""),
        protection=protection.name,
        protection_words=protection.words,
        protection_source=protection.source,
        threshold=protection.threshold,
        baseline=meta.get("baseline", ""),
        seed=occasion.seed,
        ledger_head=occasion.ledger_head,
        earlier_looks=len(looks),
        new_ledger=meta.get("new_ledger", ""),
        questions=draft.questions,
        unanswerable=draft.unanswerable,
        tables=tables,
        patterns=_patterns(draft.patterns, tables),
        gaps=_gaps(tables),
        searched=tuple(_searched(each, tables) for each in draft.searched),
        loss=loss_of(plan, protection),
        notes=draft.notes,
        planted=draft.planted,
        width=protection.width,
    )


def _table(table: DraftTable, shown: Mapping[Cell, int], rounded: Mapping[tuple[str, int, bool], Rounded]) -> Table:
    rows = tuple(
        _row(row, shown, rounded.get((table.id, at, True)), rounded.get((table.id, at, False)))
        for at, row in enumerate(table.rows)
    )
    return Table(
        id=table.id,
        kind=table.kind,
        title=table.title,
        question=table.question,
        column=table.column,
        rows=rows,
        split=table.split,
        warning=table.warning,
        steps=table.steps,
        columns=table.columns,
        unit=table.unit,
    )


def _row(row: DraftRow, shown: Mapping[Cell, int], share: Rounded | None, classed: Rounded | None) -> Row:
    return Row(
        label=row.label,
        persons=shown.get(row.persons),
        yes=None if row.yes is None else shown.get(row.yes),
        no=None if row.no is None else shown.get(row.no),
        known=row.known,
        month=row.month,
        values=row.values,
        percent="" if share is None else share.percent,
        between=None if classed is None else classed.between,
    )


def _patterns(patterns: Sequence[Pattern], tables: Sequence[Table]) -> tuple[Pattern, ...]:
    """Patterns whose table is shown whole, ranked anew; ids of tables that went are emptied."""
    whole = {table.id for table in tables if all(_is_whole(row) for row in table.rows)}
    there = {table.id: table for table in tables}
    kept = sorted((each for each in patterns if each.table in whole), key=lambda each: each.rank)
    return tuple(_pattern(each, rank, there, whole) for rank, each in enumerate(kept, 1))


def _pattern(pattern: Pattern, rank: int, there: Mapping[str, Table], whole: set[str]) -> Pattern:
    series = pattern.series if pattern.series in there else ""
    place = pattern.place if pattern.place in there else ""
    pattern = replace(pattern, rank=rank, series=series, place=place)
    if series in whole:
        return _onset_in_steps(pattern, there[series].rows)
    # Onset and persistence are read off the months: where one may not be shown, neither may they.
    return replace(pattern, persists=None, always=False, **NO_ONSET)


NO_ONSET: Mapping[str, Any] = {  # Any: words and months, by the names of the fields
    **{"onset": "", "onset_low": "", "onset_high": ""},
    **{"onset_month": -1, "onset_low_month": -1, "onset_high_month": -1},
}


def _onset_in_steps(pattern: Pattern, rows: Sequence[Row]) -> Pattern:
    """The onset as the step of the shown series it lies in: a finer month would tell of counts that no table shows."""
    if pattern.onset_month < 0:
        return replace(pattern, **NO_ONSET)
    begins, low, high = (
        _step_of(month if month >= 0 else pattern.onset_month, rows)
        for month in (pattern.onset_month, pattern.onset_low_month, pattern.onset_high_month)
    )
    known = low is not high
    return replace(
        pattern,
        onset=begins.label,
        onset_low=low.label if known else "",
        onset_high=high.label if known else "",
        onset_month=_month_of(begins),
        onset_low_month=_month_of(low) if known else -1,
        onset_high_month=_month_of(high) if known else -1,
    )


def _month_of(step: Row) -> int:
    return -1 if step.month is None else step.month


def _step_of(month: int, rows: Sequence[Row]) -> Row:
    """The last step that begins no later than a month; the first one for a month before all."""
    return next((row for row in reversed(rows) if row.month is not None and row.month <= month), rows[0])


def _is_whole(row: Row) -> bool:
    return row.persons is not None and row.yes is not None and row.no is not None


def _searched(searched: Searched, tables: Sequence[Table]) -> Searched:
    """With the persons asked, if shown; the smallest effect only beside a whole headline: it follows from the rate."""
    headline = next((t for t in tables if t.kind == "headline" and t.question == searched.question), None)
    persons = headline.rows[0].persons if headline else None
    if headline and _is_whole(headline.rows[0]):
        return replace(searched, persons=persons)
    return replace(searched, persons=persons, smallest=None, smallest_people=None, note="")


def _gaps(tables: Sequence[Table]) -> tuple[Gap, ...]:
    """Gaps between the groups of each "by" table, from rows that are shown whole and nothing else."""
    groups = {table.id: [_group(row) for row in table.rows] for table in tables if table.kind == "by"}
    return tuple(
        Gap(
            table=gap.table,
            group=gap.group,
            reference=gap.reference,
            why=gap.why,
            ratio=_interval(gap.ratio),
            difference=_interval(gap.difference),
            q=gap.q,
            holds=gap.holds,
        )
        for gap in gaps(groups)
    )


def _group(row: Row) -> Group:
    whole = _is_whole(row)
    return Group(row.label, row.yes if whole else None, row.persons if whole else None, row.known)


def _interval(interval: rates.Interval) -> Interval:
    return Interval(interval.value, interval.low, interval.high)


def entry_of(release: Release, draft: Draft, plan: Plan, key: bytes) -> LedgerEntry:
    """What the ledger keeps: what was shown, what was hidden (never its count), and the digest of the proof."""
    sides = plan.done
    return LedgerEntry(
        release_id=release.id,
        source_id=release.source_id,
        snapshot=draft.meta["snapshot"],
        period=release.period,
        protection=release.protection,
        method="suppression",
        seed=release.seed,
        software=release.software,
        solver=f"highspy {version('highspy')}",
        **_told(draft, plan),
        crowds={crowd.name: digest(crowd) for crowd in draft.crowds if crowd.name in sides},
        witnesses=_digest_of(sides),
        request=request_digest(draft, release.protection, release.seed),
        made_on=release.made_on,
        basis=release.basis,
        new_ledger=release.new_ledger,
        previous=release.ledger_head,
        about=draft.meta.get("corrects", ""),
        because=draft.meta.get("because", ""),
        values=names_of([crowd for crowd in draft.crowds if crowd.name in sides]),
        bands=tuple(_band(limit) for side in sides.values() for each in side.rounded for limit in each.limits),
        seal=sealed(key, "ledger line", f"{release.ledger_head}|{release.id}"),
    )


def _told(draft: Draft, plan: Plan) -> dict[str, Any]:  # Any: fields of LedgerEntry, by name
    """Which cells were shown with what count, which were hidden, and which of those for their own sake."""
    shown: dict[str, int] = {}
    hidden: list[str] = []
    protected: list[str] = []
    cells: dict[str, str] = {}
    presumed = {cell for crowd in draft.crowds for cell in crowd.presumed}
    for side in plan.done.values():
        for at, names in enumerate(side.names):
            if side.system.cells[at] in presumed:
                continue  # taken to be known, which is not to say that it was printed
            cells |= {name: written(side.system.cells[at]) for name in names}
            if side.hiding.hidden[at]:
                hidden += names
                protected += names if side.demand.primary[at] else ()
            else:
                shown |= {name: int(side.system.values[at]) for name in names}
    return {
        "shown": shown,
        "hidden": tuple(sorted(hidden)),
        "protected": tuple(sorted(protected)),
        "cells": cells,
    }


def _band(limit: Limit) -> tuple[tuple[tuple[str, int], ...], int, int]:
    return tuple((cell.id, weight) for cell, weight in limit.weights), limit.least, limit.most


def request_digest(draft: Draft, protection: str, seed: int) -> str:
    """Digest of what was asked: tables and words, not counts. 64 hexadecimal digits."""
    asked = [[table.id, table.title, [cell.id for cell in cells_of(table)]] for table in draft.tables]
    content = json.dumps([asked, protection, seed, sorted(draft.meta.items())], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _digest_of(sides: Mapping[str, Side]) -> str:
    content = hashlib.sha256()
    for name in sorted(sides):
        content.update(np.ascontiguousarray(sides[name].hiding.witnesses).tobytes())
    return content.hexdigest()
