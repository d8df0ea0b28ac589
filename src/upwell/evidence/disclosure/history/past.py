"""What earlier releases already told: counts that are public, and counts that grew or shrank by few since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.draft import Cell, Crowd, Draft
from upwell.evidence.disclosure.history.ledger import RELEASE, SUPPRESSION, LedgerEntry
from upwell.evidence.disclosure.history.retell import Retold, retold
from upwell.evidence.disclosure.rounded import Limit
from upwell.evidence.errors import RefusedError


@dataclass(frozen=True)
class Before:
    """A release of an earlier snapshot. shown: Cell.id -> persons. protected: Cell.id, hidden for their own sake.

    hidden: Cell.id of everything that was withheld, the protected ones included. bands: what else was printed, as in
    LedgerEntry.bands.
    """

    shown: Mapping[str, int]
    protected: frozenset[str]
    hidden: frozenset[str] = frozenset()
    bands: tuple[tuple[tuple[tuple[str, int], ...], int, int], ...] = ()


@dataclass(frozen=True)
class Past:
    """Earlier releases of the same source, as far as they bear on a draft.

    public: Cell.id -> persons, shown of this very snapshot. cells: further cells of earlier releases by crowd, in
    today's codes; hidden ones too, because what is shown now must not give them away. before: releases of other
    snapshots whose period overlaps, oldest first. limits: by crowd, what else this very snapshot's releases printed
    of its cells. untold: by crowd, counts that were shown of groups that cannot be told today. cause: why these tables
    may have to be refused, "" when nothing in the ledger says so.
    """

    public: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)
    before: tuple[Before, ...] = ()
    limits: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    untold: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    cause: str = ""


def past_of(draft: Draft, earlier: Sequence[LedgerEntry], *, method: str = SUPPRESSION) -> Past:
    """The part of the ledger that a draft must be protected against.

    Raises RefusedError when another method told of these people, or a release of the same records told of groups that
    nothing here can be held against.
    """
    meta = draft.meta
    crowds = {crowd.name: crowd for crowd in draft.crowds}
    bearing = [entry for entry in earlier if _bears(entry, meta)]
    _check_method(bearing, crowds, method)
    now = [entry for entry in bearing if entry.snapshot == meta["snapshot"]]
    own = {cell.id for table in draft.tables for row in table.rows for cell in (row.persons, row.yes, row.no) if cell}
    kept: dict[str, list[Cell]] = {name: [] for name in crowds}
    untold: dict[str, list[int]] = {name: [] for name in crowds}
    before: list[Before] = []
    for entry in bearing:
        called: dict[str, str] = {}
        for name, crowd in crowds.items():
            found = _retold(entry, crowd, is_now=entry in now)
            matters = entry.shown.keys() | set(entry.protected)
            kept[name] += [c for was, c in found.cells.items() if entry in now or (was in matters and c.id not in own)]
            lost = [was for was in found.untold if was not in own or entry.cells[was] == was]
            untold[name] += [entry.shown[was] for was in lost if was in entry.shown]
            called |= {was: cell.id for was, cell in found.cells.items()}
        if entry not in now:
            before.append(_before(entry, called))
    return Past(
        public={name: persons for entry in now for name, persons in entry.shown.items()},
        cells={name: tuple(cells) for name, cells in kept.items()},
        before=tuple(before),
        untold={name: tuple(persons) for name, persons in untold.items()},
        cause=_cause(bearing, now),
        limits={
            name: tuple(limit for entry in now for limit in _limits(entry, crowd)) for name, crowd in crowds.items()
        },
    )


def _bears(entry: LedgerEntry, meta: Mapping[str, str]) -> bool:
    """Whether an entry is a release of this source that may tell of the same people."""
    if entry.kind != RELEASE or entry.source_id != meta["source_id"]:
        return False
    return entry.snapshot == meta["snapshot"] or _overlap(entry, meta)


def _check_method(bearing: Sequence[LedgerEntry], crowds: Mapping[str, Crowd], method: str) -> None:
    """One method a population: a total told exactly would take the noise off its parts, and the other way round."""
    for entry in bearing:
        if entry.method != method and entry.crowds.keys() & crowds.keys():
            raise RefusedError(
                f"The same people were released with another method ({entry.method}) on {entry.made_on}; with "
                f"{method} beside it, both could be worked out. Ask for the same method, or for another period."
            )


def _retold(entry: LedgerEntry, crowd: Crowd, *, is_now: bool) -> Retold:
    """An entry's cells of a crowd, in today's codes.

    A cell that the ledger calls by its codes is called by today's codes from here on; the others keep their names.
    """
    if crowd.name not in entry.crowds:
        return Retold()
    parts = {name: text for name, text in entry.cells.items() if text.startswith(f"{crowd.name}|")}
    if is_now and entry.crowds[crowd.name] == digest(crowd):
        return Retold({name: cell_of(text, name) for name, text in parts.items()})
    found = retold(entry, crowd, {name: cell_of(text, "" if name == text else name) for name, text in parts.items()})
    if is_now and set(found.untold) & set(entry.protected):
        raise RefusedError(
            "An earlier release of the same records told of groups that these tables cannot be held against. "
            "Ask for tables with the same columns as before, or wait for new records."
        )
    return found


def _before(entry: LedgerEntry, called: Mapping[str, str]) -> Before:
    """An entry as a release of the past, its cells called as today. Codes that mean nothing are left."""
    by_code = {name for name, text in entry.cells.items() if name == text}

    def name_of(name: str) -> str:
        return called.get(name, "" if name in by_code else name)

    return Before(
        {name_of(name): persons for name, persons in entry.shown.items() if name_of(name)},
        frozenset(name_of(name) for name in entry.protected) - {""},
        frozenset(name_of(name) for name in entry.hidden) - {""},
        tuple(
            (tuple((name_of(name), weight) for name, weight in weights), least, most)
            for weights, least, most in entry.bands
        ),
    )


def _cause(bearing: Sequence[LedgerEntry], now: Sequence[LedgerEntry]) -> str:
    """Why an old export may not be released again, "" when there is no newer one."""
    if not now or bearing[-1] in now:
        return ""
    return (
        f"A release of {bearing[-1].made_on} counted the same people from newer records: where somebody left since, "
        "the older records would show who. Use the newest export."
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

    A count of a group that cannot be told today may have been of nearly anybody: every cell of its crowd is held
    against it. names: the ledger's names of each cell. values: persons now, shape (cells,).
    """

    def is_near(name: str, persons: int) -> bool:
        then = [old.shown[name] for old in past.before if name in old.shown]
        return any(0 < abs(persons - each) < few for each in (*then, *past.untold.get(name.partition("|")[0], ())))

    return np.array(
        [any(is_near(name, int(value)) for name in each) for each, value in zip(names, values, strict=True)],
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
    if crowd.wider or crowd.loose:
        content.update(repr((sorted(crowd.wider.items()), crowd.loose)).encode())
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
