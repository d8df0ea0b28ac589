"""From an agency's own count table to a Draft: every combination of its columns, with all totals at every level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from urllib.parse import quote

import numpy as np

from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import Where
from upwell.records.tables.table import CountTable, Dimension

MOST_CELLS = 20_000
"""Numbers that one release may ask for: what the gate protects in about a minute."""

MOST_PERSONS = 20_000_000
"""Persons that are held one by one."""

NO, YES = 0, 1


@dataclass(frozen=True)
class Asked:
    """What somebody would like to print of a count table.

    tables: each a set of columns, printed with all its totals; () is every combination of all columns.
    percent: decimals of the share that said yes, where a count behind it is withheld; None prints no such share.
    classes: breaks of a map, rising from 0. sensitive: columns in which 0 % or 100 % is a disclosure by itself.
    """

    tables: tuple[tuple[str, ...], ...] = ()
    percent: int | None = None
    classes: tuple[int, ...] = ()
    sensitive: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Group:
    """One combination of values: its words by column, and the codes of each axis that it holds."""

    words: Mapping[str, str]
    where: Where


def draft(table: CountTable, asked: Asked) -> Draft:
    """The tables asked for, as one crowd with everything that adds up.

    Raises EvidenceError for columns that are not there, and for more than MOST_CELLS cells.
    """
    _check(table, asked)
    choices = _combinations(table, asked.tables)
    _check_size(table, choices)
    crowd = crowd_of(table, asked.sensitive)
    tables = tuple(_table(table, crowd, names, number, asked) for number, names in enumerate(choices))
    return Draft((crowd,), tables, (), (), (), (), asked.meta)


def crowd_of(table: CountTable, sensitive: Iterable[str] = ()) -> Crowd:
    """The people behind the counts, one by one, in the order of their codes."""
    persons = int(table.persons.sum())
    if persons > MOST_PERSONS:
        raise EvidenceError(f"{table.name} counts more than {MOST_PERSONS:,} persons: count a part of them at a time.")
    parts = [table.persons] if table.yes is None else [table.persons - table.yes, table.yes]
    answers = ("all",) if table.yes is None else (f"{_key(table.yes_name)}:no", f"{_key(table.yes_name)}:yes")
    return Crowd(
        name=_key(table.unit),
        outcome=np.repeat(np.arange(len(parts), dtype=np.uint8), [int(part.sum()) for part in parts]),
        outcomes=len(parts),
        codes={
            _key(name): np.concatenate([np.repeat(each, part) for part in parts]) for name, each in table.codes.items()
        },
        sizes={_key(name): len(values) for name, values in table.names.items()},
        sensitive=tuple(dict.fromkeys(_key(table.dimension(name).axis) for name in sensitive)),
        amounts=table.amounts,
        people=table.people,
        wider={_key(name): (_key(axis), within) for name, (axis, within) in table.wider.items()},
        loose=tuple(map(_key, table.loose)),
        names={_key(name): tuple(map(_key, values)) for name, values in table.names.items()} | {"": answers},
    )


def _check(table: CountTable, asked: Asked) -> None:
    names = [each.name for each in table.dimensions]
    for name in (*asked.sensitive, *(name for columns in asked.tables for name in columns)):
        if name not in names:
            raise EvidenceError(f"{name!r} is not counted by. The columns counted by are {', '.join(names)}.")
    if asked.percent is not None and table.yes is None:
        raise EvidenceError("A percentage is a share of persons: name the column of those who said yes, --yes.")
    if asked.classes and (
        asked.classes[0] != 0 or any(a >= b for a, b in zip(asked.classes, asked.classes[1:], strict=False))
    ):
        raise EvidenceError("The breaks of classes begin with 0 and rise: --classes 0,11,50,100")


def _combinations(table: CountTable, wanted: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """The sets of columns that get a table, each with the columns that contain its own: fewest columns first."""
    order = [each.name for each in table.dimensions]
    found: dict[tuple[str, ...], None] = {}
    for columns in wanted or [order]:
        closed = {wide for name in columns for wide in (name, *table.dimension(name).wider)}
        by_axis: dict[str, list[Dimension]] = {}
        for name in order:
            if name in closed:
                by_axis.setdefault(table.dimension(name).axis, []).append(table.dimension(name))
        levels = [[(), *((*each.wider, each.name) for each in dimensions)] for dimensions in by_axis.values()]
        chosen = [{name for level in each for name in level} for each in product(*levels)]
        if wanted:
            chosen.append(closed)
        found |= {tuple(name for name in order if name in each): None for each in chosen}
    place = {name: at for at, name in enumerate(order)}
    return sorted(found, key=lambda names: (len(names), [place[name] for name in names]))


def _check_size(table: CountTable, choices: Sequence[Sequence[str]]) -> None:
    many = sum(prod(len(_places(dimensions)) for dimensions in _by_axis(table, names)) for names in choices)
    if many > MOST_CELLS:
        raise EvidenceError(
            f"All combinations of these columns are {many:,} numbers, and {MOST_CELLS:,} can be protected at once. "
            'Name fewer columns with --by, or the tables you need with --tables "county*age".'
        )


def _table(table: CountTable, crowd: Crowd, names: tuple[str, ...], number: int, asked: Asked) -> DraftTable:
    rows = tuple(_row(table, crowd, names, group) for group in _groups(table, names))
    words = _words([name for name in names if not _is_implied(table, name, names)])
    unit = table.unit[:1].upper() + table.unit[1:]
    return DraftTable(
        id=f"t{number:02d}",
        kind="counts",
        title=f"{unit}, by {words}" if words else f"{unit}, all together",
        question="",
        column=words,
        rows=rows,
        split=table.yes is not None,
        priority=len(names) + bool(names),
        decimals=asked.percent,
        classes=asked.classes,
        columns=names,
        unit=table.unit,
    )


def _row(table: CountTable, crowd: Crowd, names: tuple[str, ...], group: _Group) -> DraftRow:
    told = sorted(name for name in names if not _is_implied(table, name, names))
    named = "&".join(f"{_key(name)}={_key(group.words[name])}" for name in told)

    def cell(outcomes: tuple[int, ...], asked: str) -> Cell:
        return Cell(crowd.name, group.where, outcomes, known_as=f"{crowd.name}|{named}|{asked}")

    everyone = cell(tuple(range(crowd.outcomes)), "all")
    values = tuple(group.words[name] for name in names)
    label = ", ".join(group.words[name] for name in names if name in told) or "All together"
    if table.yes is None:
        return DraftRow(label, everyone, values=values)
    name = _key(table.yes_name)
    return DraftRow(label, everyone, cell((YES,), f"{name}:yes"), cell((NO,), f"{name}:no"), values=values)


def _groups(table: CountTable, names: Sequence[str]) -> Iterator[_Group]:
    """Every combination of values of some columns, those that nobody has included."""
    axes = _by_axis(table, names)
    for places in product(*(_places(dimensions).items() for dimensions in axes)):
        words: dict[str, str] = {}
        where = []
        for dimensions, (values, codes) in zip(axes, places, strict=True):
            words |= {each.name: each.values[value] for each, value in zip(dimensions, values, strict=True)}
            where.append((_key(dimensions[0].axis), codes))
        yield _Group(words, tuple(sorted(where)))


def _by_axis(table: CountTable, names: Sequence[str]) -> list[list[Dimension]]:
    """The columns of a table, those told in one axis together."""
    found: dict[str, list[Dimension]] = {}
    for name in names:
        found.setdefault(table.dimension(name).axis, []).append(table.dimension(name))
    return list(found.values())


def _places(dimensions: Sequence[Dimension]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Values of columns of one axis that occur together, with the codes of the axis that have them."""
    found: dict[tuple[int, ...], list[int]] = {}
    for code, values in enumerate(zip(*(each.within for each in dimensions), strict=True)):
        found.setdefault(values, []).append(code)
    return {values: tuple(found[values]) for values in sorted(found)}


def _is_implied(table: CountTable, name: str, names: Iterable[str]) -> bool:
    """Whether another column of the same table lies within this one, and so tells it."""
    return any(name in table.dimension(other).wider for other in names)


def _words(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def _key(name: str) -> str:
    """A name as it stands in the ledger: no sign in it that parts names there."""
    return quote(" ".join(name.casefold().split()), safe=" ()'/.<")
