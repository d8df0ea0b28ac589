"""A reader who holds what was printed, and works out what he can: tables, totals, rounded shares, classes on a map.

He knows how counts add up and nothing of who is counted. What a release prints is read from its signed form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import numpy as np
from scipy import sparse

from factories import drafts
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.attacking.attack import Public, attack
from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protect import Signed, protect
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.disclosure.release import Row
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import build
from upwell.evidence.question import Where

DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)
WIDTH = USUAL.width
FAR = 2**40
"""No end of an interval row."""


@dataclass(frozen=True)
class Between:
    """Something printed that is no count: the sum of weight x count of some cells lies from least to most."""

    weights: Mapping[Cell, int]
    least: int
    most: int = FAR


@dataclass
class Printed:
    """What a reader holds. shown: counts. between: rounded shares and classes."""

    shown: dict[Cell, int] = field(default_factory=dict)
    between: list[Between] = field(default_factory=list)


def cross(name: str, counts: np.ndarray, columns: Sequence[str], **more: object) -> Crowd:
    """A crowd with so many people in each combination of the columns, and no question."""
    kinds = np.argwhere(counts >= 0).astype(np.uint8)
    codes = np.repeat(kinds, counts.ravel(), axis=0)
    return Crowd(
        name,
        np.zeros(len(codes), np.uint8),
        1,
        {column: codes[:, at] for at, column in enumerate(columns)},
        dict(zip(columns, counts.shape, strict=True)),
        **more,  # type: ignore[arg-type]
    )


def asked(name: str, counts: Sequence[tuple[int, int]], **more: object) -> Crowd:
    """A crowd in one column "a" from (yes, no) of each value."""
    whole = np.array(counts)
    codes = np.repeat(np.arange(len(whole)), whole.sum(axis=1)).astype(np.uint8)
    outcome = np.concatenate([np.repeat([1, 0], pair) for pair in whole.tolist()]).astype(np.uint8)
    return Crowd(name, outcome, 2, {"a": codes}, {"a": len(whole)}, **more)  # type: ignore[arg-type]


def table(crowd: Crowd, number: str, wheres: Iterable[Where], **more: object) -> DraftTable:
    """One row a group, without a question."""
    rows = tuple(DraftRow(str(where), Cell(crowd.name, where, (0,))) for where in wheres)
    return DraftTable(number, "served", number, "", "group", rows, split=False, **more)  # type: ignore[arg-type]


def lattice(crowd: Crowd, columns: Sequence[str]) -> list[Where]:
    """Every combination of values of the columns, with their totals."""
    values = [[None, *range(crowd.sizes[column])] for column in columns]
    return [
        tuple(sorted((column, (value,)) for column, value in zip(columns, each, strict=True) if value is not None))
        for each in product(*values)
    ]


def wanted(draft: Draft, crowd: str) -> list[Cell]:
    """Every cell of a crowd that a draft asks for."""
    return [cell for table in draft.tables for cell in cells_of(table) if cell.crowd == crowd]


def truth(crowd: Crowd, cells: Iterable[Cell]) -> dict[Cell, int]:
    """The true counts: only a test may look."""
    system = build(crowd, list(cells))
    return {cell: int(persons) for cell, persons in zip(system.cells, system.values, strict=True)}


def small_hidden(crowd: Crowd, cells: Iterable[Cell]) -> Printed:
    """The naive release: counts of 1 to 10 are hidden, and nothing else."""
    return Printed({cell: persons for cell, persons in truth(crowd, cells).items() if not 0 < persons < 11})


def gated(
    draft: Draft, rules: Protection = USUAL, *, earlier: Sequence[LedgerEntry] = ()
) -> tuple[Printed, LedgerEntry, Signed]:
    """The release of the gate, read as anybody may."""
    signed, entry = protect(
        draft, rules, earlier=earlier, key=bytes(32), made_on=DAY, seed=1, ledger_head=ledger.BEGINNING
    )
    return read(draft, signed), entry, signed


def read(draft: Draft, signed: Signed) -> Printed:
    """Counts, shares and classes of a release, by the cells that its rows speak of."""
    drafted = {(each.id, len(each.rows)): each for each in draft.tables}
    printed = Printed()
    for table in signed.release.tables:
        for row, drawn in zip(table.rows, drafted[table.id, len(table.rows)].rows, strict=True):
            pairs = ((drawn.persons, row.persons), (drawn.yes, row.yes), (drawn.no, row.no))
            printed.shown |= {cell: persons for cell, persons in pairs if cell is not None and persons is not None}
            printed.between += told_by(row, drawn)
    return printed


def told_by(row: Row, drawn: DraftRow) -> list[Between]:
    """What a row says without a count."""
    found = []
    if row.percent and drawn.yes is not None:
        found += share(row.percent, drawn.yes, drawn.persons)
    if row.between is not None:
        least, behind = row.between
        found.append(Between({drawn.persons: 1}, least, FAR if behind < 0 else behind - 1))
    return found


def share(percent: str, part: Cell, whole: Cell) -> list[Between]:
    """What "12.5" percent says of two counts, rounded half up: 12.45 <= 100 part / whole < 12.55."""
    decimals = len(percent.partition(".")[2])
    ends = 2 * int(percent.replace(".", ""))
    scale = 200 * 10**decimals
    return [Between({part: scale, whole: 1 - ends}, 0), Between({part: -scale, whole: ends + 1}, 1)]


def percent_of(part: int, whole: int, decimals: int) -> str:
    """A share as a percentage, rounded half up."""
    scaled = (200 * 10**decimals * part + whole) // (2 * whole)
    text = str(scaled).rjust(decimals + 1, "0")
    return f"{text[:-decimals]}.{text[-decimals:]}" if decimals else text


def worked_out(
    crowd: Crowd, cells: Iterable[Cell], printed: Printed, *, floor: int = 0, ceiling: int = -1, seed: int = 4_242
) -> dict[Cell, tuple[int, int]]:
    """Least and greatest count of each hidden cell, as far as the reader can tell.

    floor, ceiling: what the marks promise of every hidden count (ceiling -1: nothing).
    """
    about = {cell for each in printed.between for cell in each.weights}
    system = build(crowd, [*cells, *printed.shown, *about])
    number = {cell: at for at, cell in enumerate(system.cells)}
    bands = np.zeros((len(printed.between), len(system.cells)), dtype=np.int64)
    for at, each in enumerate(printed.between):
        for cell, weight in each.weights.items():
            bands[at, number[cell]] = weight
    public = Public(
        names=tuple(cell.id for cell in system.cells),
        shown=np.array([printed.shown.get(cell, -1) for cell in system.cells], dtype=np.int64),
        parts=system.counts,
        ties=system.ties,
        sums=system.sums,
        bands=sparse.csr_matrix(bands) @ system.counts,
        least=np.array([each.least for each in printed.between], dtype=np.int64),
        most=np.array([each.most for each in printed.between], dtype=np.int64),
    )
    every = np.ones(len(system.cells), dtype=np.int64)
    report = attack(public, width=WIDTH, seed=seed, floor=floor * every, ceiling=ceiling * every)
    by_name = dict(zip(report.names, zip(report.low.tolist(), report.high.tolist(), strict=True), strict=True))
    return {cell: by_name[cell.id] for cell in system.cells if cell.id in by_name}


def exact(found: Mapping[Cell, tuple[int, int]]) -> set[Cell]:
    """Cells of which the reader knows the count."""
    return {cell for cell, (low, high) in found.items() if low == high}


def too_close(crowd: Crowd, found: Mapping[Cell, tuple[int, int]], *, width: int = WIDTH) -> set[Cell]:
    """Small counts (1 to 10) that the reader knows more closely than was promised."""
    true = truth(crowd, found)
    return {cell for cell, (low, high) in found.items() if 0 < true[cell] < 11 and high - low < width}


def draft_of(crowd: Crowd, tables: Sequence[DraftTable], **more: object) -> Draft:
    """A draft of one crowd."""
    return drafts.draft_of([crowd], tables, **more)
