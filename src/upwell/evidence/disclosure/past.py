"""What earlier releases already told: counts that are public, and counts that grew or shrank by few since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.draft import Cell, Crowd, Draft
from upwell.evidence.disclosure.ledger import LedgerEntry
from upwell.evidence.disclosure.rounded import Limit


@dataclass(frozen=True)
class Before:
    """A release of an earlier snapshot. shown: Cell.id -> persons. protected: Cell.id, hidden for their own sake.

    hidden: Cell.id of everything that was withheld, the protected ones included.
    """

    shown: Mapping[str, int]
    protected: frozenset[str]
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Past:
    """Earlier releases of the same source, as far as they bear on a draft.

    public: Cell.id -> persons, shown of this very snapshot. cells: further cells of those releases by crowd; hidden
    ones too, because what is shown now must not give them away. before: releases of other snapshots whose period
    overlaps, oldest first. limits: by crowd, what else this very snapshot's releases printed of its cells.
    """

    public: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)
    before: tuple[Before, ...] = ()
    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)


def past_of(draft: Draft, earlier: Sequence[LedgerEntry]) -> Past:
    """The part of the ledger that a draft must be protected against."""
    meta = draft.meta
    same_source = [entry for entry in earlier if entry.source_id == meta["source_id"]]
    now = [entry for entry in same_source if entry.snapshot == meta["snapshot"]]
    crowds = {crowd.name: crowd for crowd in draft.crowds}
    kept: dict[str, list[Cell]] = {name: [] for name in crowds}
    for entry in now:
        same = {name for name, crowd in crowds.items() if entry.crowds.get(name) == digest(crowd)}
        for name, written in entry.cells.items():
            cell = cell_of(written, name)
            if cell.crowd in same:
                kept[cell.crowd].append(cell)
    return Past(
        public={name: persons for entry in now for name, persons in entry.shown.items()},
        cells={name: tuple(cells) for name, cells in kept.items()},
        before=tuple(
            Before(entry.shown, frozenset(entry.protected), frozenset(entry.hidden))
            for entry in same_source
            if entry not in now and _overlap(entry, meta)
        ),
        limits={
            name: tuple(limit for entry in now for limit in _limits(entry, crowd)) for name, crowd in crowds.items()
        },
    )


def _limits(entry: LedgerEntry, crowd: Crowd) -> Iterator[Limit]:
    """Shares and classes that a release printed of a crowd that is still the same."""
    if entry.crowds.get(crowd.name) != digest(crowd):
        return
    for weights, least, most in entry.bands:
        cells = tuple((cell_of(entry.cells[name], name), weight) for name, weight in weights)
        if all(cell.crowd == crowd.name for cell, _ in cells):
            yield Limit(cells, least, most)


def changed_by_few(
    names: Sequence[Sequence[str]], values: NDArray[np.int64], past: Past, few: int
) -> NDArray[np.bool_]:
    """Which cells differ from a count that an earlier snapshot showed by 1 to `few` - 1 persons, up or down.

    names: the ledger's names of each cell. values: persons now, shape (cells,).
    """
    return np.array(
        [
            any(
                0 < abs(int(value) - old.shown[name]) < few for old in past.before for name in each if name in old.shown
            )
            for each, value in zip(names, values, strict=True)
        ],
        dtype=bool,
    )


def withheld_before(
    names: Sequence[Sequence[str]], values: NDArray[np.int64], past: Past, few: int
) -> NDArray[np.bool_]:
    """Which cells an earlier release withheld that counted nearly the same people.

    When few have left since, a reader takes most counts to be what they were: shown now, a count that was hidden to
    protect another gives the other away. Nearly the same: no total that both show has changed by `few` or more.
    """
    near = [old for old in past.before if not _differ(names, values, old, few)]
    return np.array([any(name in old.hidden for old in near for name in each) for each in names], dtype=bool)


def _differ(names: Sequence[Sequence[str]], values: NDArray[np.int64], old: Before, few: int) -> bool:
    return any(
        name.split("|")[1:2] == [""] and name in old.shown and abs(int(value) - old.shown[name]) >= few
        for each, value in zip(names, values, strict=True)
        for name in each
    )


def digest(crowd: Crowd) -> str:
    """A digest of who is in a crowd and how it is told: two crowds with the same one have the same cells."""
    content = hashlib.sha256(f"{crowd.name}|{crowd.outcomes}|{sorted(crowd.sizes.items())}".encode())
    content.update(np.ascontiguousarray(crowd.outcome).tobytes())
    for name in sorted(crowd.codes):
        content.update(np.ascontiguousarray(crowd.codes[name]).tobytes())
    for more in (crowd.amounts, crowd.people):
        if more is not None:
            content.update(np.ascontiguousarray(more).tobytes())
    return content.hexdigest()


def written(cell: Cell) -> str:
    """A cell in the ledger's form: crowd|column=codes&...|outcome classes, after "not " for everyone else."""
    where = "&".join(f"{name}={','.join(map(str, values))}" for name, values in cell.where)
    return f"{cell.crowd}|{'not ' if cell.outside else ''}{where}|{','.join(map(str, cell.outcomes))}"


def cell_of(text: str, name: str) -> Cell:
    """The cell that `written` wrote. name: what the ledger calls it."""
    crowd, where, outcomes = text.rsplit("|", 2)
    outside = where.startswith("not ")
    parts = [part.rpartition("=") for part in where.removeprefix("not ").split("&") if part]
    restricted = tuple((column, _numbers(values)) for column, _, values in parts)
    return Cell(crowd, restricted, _numbers(outcomes), outside, name)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(",") if each)


def _overlap(entry: LedgerEntry, meta: Mapping[str, str]) -> bool:
    return entry.period[0] <= meta["period_to"] and meta["period_from"] <= entry.period[1]
