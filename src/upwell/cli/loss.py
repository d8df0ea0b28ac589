"""What protection cost, to the count: for the case team alone. What readers are told is a bound (disclosure.cost)."""

from __future__ import annotations

import json
from dataclasses import asdict

from upwell.evidence.disclosure.draft import Cell, Draft, DraftTable
from upwell.evidence.disclosure.release import Release, Table
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import TooLargeError, build

ABOUT = "CASE TEAM ONLY, DO NOT SEND. What protection cost: exact here, and as readers are told it."
BEGINS = (50, 200)
"""Persons: where a size by which the loss is told begins, after the threshold."""

Place = tuple[frozenset[tuple[str, str]], str]
"""Whom a number counts: the values of its columns, and whether it is of all, or of those who said yes or no."""


def account(release: Release, draft: Draft) -> bytes:
    """inside/loss.json."""
    held = {"about": ABOUT, "exact": exact(release, draft), "told": asdict(release.loss)}
    return json.dumps(held, indent=1, ensure_ascii=False).encode() + b"\n"


def exact(release: Release, draft: Draft) -> list[dict[str, object]]:
    """Numbers asked for and shown, by size; [] for sums of amounts, and where the tables were too many to add up."""
    if any(crowd.amounts is not None for crowd in draft.crowds):
        return []
    places = {cell: place for table in draft.tables for place, cell in _places_asked(table)}
    shown = {place for table in release.tables for place in _places_shown(table)}
    try:
        persons = _persons(draft)
    except TooLargeError:
        return []
    begins = [0, release.threshold, *(size for size in BEGINS if size > release.threshold)]
    ends = [*(size - 1 for size in begins[1:]), None]
    found: list[dict[str, object]] = []
    for least, most in zip(begins, ends, strict=True):
        of_size = [cell for cell, many in persons.items() if many >= least and (most is None or many <= most)]
        many_shown = sum(places[cell] in shown for cell in of_size)
        found.append({"from": least, "to": most, "asked": len(of_size), "shown": many_shown})
    return found


def _persons(draft: Draft) -> dict[Cell, int]:
    """Persons behind every number asked for, each once. Raises TooLargeError."""
    asked = {cell for table in draft.tables for cell in cells_of(table)}
    counted: dict[Cell, int] = {}
    for crowd in draft.crowds:
        system = build(crowd, [cell for cell in asked if cell.crowd == crowd.name])
        counted |= dict(zip(system.cells, system.values.tolist(), strict=True))
    return {cell: counted[cell] for cell in sorted(asked, key=lambda cell: cell.id)}


def _places_asked(table: DraftTable) -> list[tuple[Place, Cell]]:
    return [
        ((_values(table.columns, row.values), name), cell)
        for row in table.rows
        for name, cell in (("all", row.persons), ("yes", row.yes), ("no", row.no))
        if cell is not None
    ]


def _places_shown(table: Table) -> list[Place]:
    return [
        (_values(table.columns, row.values), name)
        for row in table.rows
        for name, persons in (("all", row.persons), ("yes", row.yes), ("no", row.no))
        if persons is not None
    ]


def _values(columns: tuple[str, ...], values: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in zip(columns, values, strict=False) if value)
