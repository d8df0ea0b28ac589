"""Dimensions: what a search may restrict, packed small.

A dimension has few values, all known; an unknown answer is one code behind them and never part of a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.question import Where
from upwell.records.cases.table import Asked, Column

MOST_VALUES = 64
MOST_UNKNOWN = 0.5  # share of persons; a column that fewer answered describes the asking, not the people


@dataclass(frozen=True)
class Dimension:
    """One searchable attribute. originals: for each packed value, the codes of Column.values that it holds.

    codes: uint8, shape (persons,), 0..values; the number `values` itself is "unknown".
    family: sets of packed values of which one may be allowed (nodes of a hierarchy, neighbourhoods of places, single
    values); () where any set (nominal) or any interval (ordered) may be.
    time: the column is a step function of the month (so an onset is looked for without its restriction).
    """

    name: str
    ordered: bool
    originals: tuple[tuple[int, ...], ...]
    codes: NDArray[np.uint8]
    time: bool
    family: tuple[tuple[int, ...], ...] = ()

    @property
    def values(self) -> int:
        """How many known values there are."""
        return len(self.originals)


def dimensions(
    asked: Asked, columns: Sequence[Column], *, among: NDArray[np.bool_], least: int
) -> tuple[Dimension, ...]:
    """What can be searched, by column name: no empty, constant, mostly missing or unsearched column.

    among: bool, shape (persons,): persons who are compared. least: persons below which a nominal value is folded
    with the other rare ones, since nothing could be said about it. Beyond 64 values the rarest are folded too: steps
    of an ordinal with a neighbour, values of a grouped column with the others of their smallest group.
    """
    found = []
    for column in sorted(columns, key=lambda c: c.name):
        if not column.searched or column.name not in asked.codes:
            continue
        codes = asked.codes[column.name][among]
        packed = _packed(column, codes, asked.month[among], least)
        if packed is not None:
            found.append(packed)
    return tuple(found)


def _packed(column: Column, codes: NDArray[np.uint8], month: NDArray[np.int16], least: int) -> Dimension | None:
    persons = np.bincount(codes, minlength=len(column.values))
    known = [code for code, value in enumerate(column.values) if value.known and persons[code]]
    if sum(persons[code] for code in known) < (1 - MOST_UNKNOWN) * max(len(codes), 1):
        return None
    ordered = column.kind == "ordinal" and not column.groups
    held = _held(column, known, persons, least)
    family = _family(column, held) if column.groups else ()
    if len(held) < 2 or (column.groups and not family):
        return None
    packed = np.full(max(len(column.values), 256), len(held), dtype=np.uint8)
    for new, originals in enumerate(held):
        packed[list(originals)] = new
    time = ordered and not column.composition and _follows_month(codes, month, known)
    return Dimension(column.name, ordered, held, packed[codes], time, family)


Held = tuple[tuple[int, ...], ...]
"""For each packed value, the codes of the column that it holds."""


def _held(column: Column, known: list[int], persons: NDArray[np.int64], least: int) -> Held:
    if column.groups:
        return _folded_up(column, known, persons)
    if column.kind == "ordinal":
        return _joined(known, persons)
    by_size = sorted(known, key=lambda code: (-persons[code], code))
    common = {code for code in by_size[: MOST_VALUES - 1] if persons[code] >= least}
    rare = tuple(code for code in known if code not in common)
    return tuple((code,) for code in sorted(common)) + ((rare,) if rare else ())


def _joined(known: list[int], persons: NDArray[np.int64]) -> Held:
    """Steps of an ordinal; while there are too many, the two neighbours with the fewest persons become one."""
    steps: list[tuple[int, ...]] = [(code,) for code in known]
    while len(steps) > MOST_VALUES:
        sizes = [int(persons[list(step)].sum()) for step in steps]
        at = min(range(len(steps) - 1), key=lambda i: sizes[i] + sizes[i + 1])
        steps[at : at + 2] = [steps[at] + steps[at + 1]]
    return tuple(steps)


def _folded_up(column: Column, known: list[int], persons: NDArray[np.int64]) -> Held:
    """Values of a grouped column; while there are too many, the rarest lie with others of their smallest group."""
    by_size = sorted(known, key=lambda code: (-persons[code], code))
    smallest = {code: _smallest_group(column, code) for code in known}
    for kept in range(min(len(known), MOST_VALUES), -1, -1):
        rare: dict[int, list[int]] = {}
        for code in sorted(by_size[kept:]):
            rare.setdefault(smallest[code], []).append(code)
        if kept + len(rare) <= MOST_VALUES:
            break
    else:  # more groups than values: those of the rarest lie together
        rare = {-1: known}
    return (*((code,) for code in sorted(by_size[:kept])), *(tuple(rare[at]) for at in sorted(rare)))


def _smallest_group(column: Column, code: int) -> int:
    """Number of the group with fewest values among those that hold a value; -1: none does."""
    holding = [at for at, group in enumerate(column.groups) if code in group.codes]
    return min(holding, key=lambda at: (len(column.groups[at].codes), at), default=-1)


def _family(column: Column, held: Held) -> tuple[tuple[int, ...], ...]:
    """Single values, and the groups that whole packed values make up, short of everything; each set once."""
    seen = {code for originals in held for code in originals}
    sets: dict[tuple[int, ...], None] = {(at,): None for at, originals in enumerate(held) if len(originals) == 1}
    for group in column.groups:
        codes = seen & set(group.codes)
        members = tuple(at for at, originals in enumerate(held) if codes.issuperset(originals))
        whole = sum(len(held[at]) for at in members) == len(codes)
        if whole and 0 < len(members) < len(held):
            sets[members] = None
    return tuple(sets)


def _follows_month(codes: NDArray[np.uint8], month: NDArray[np.int16], known: list[int]) -> bool:
    spans = [(int(month[codes == code].min()), int(month[codes == code].max())) for code in known]
    return all(before[1] <= after[0] for before, after in pairwise(spans))


def where(space: Sequence[Dimension], allowed: Sequence[NDArray[np.bool_]], columns: Sequence[Column]) -> Where:
    """The sub-population that a search describes, in the codes of the columns.

    allowed: for each dimension, bool, shape (values + 1,); all True where it is not restricted.
    """
    by_name = {column.name: column for column in columns}
    parts = []
    for dimension, mask in zip(space, allowed, strict=True):
        if mask[: dimension.values + 1].all():
            continue
        chosen = sorted(c for v in np.flatnonzero(mask[: dimension.values]) for c in dimension.originals[v])
        parts.append((dimension.name, _as_read(dimension, tuple(chosen), by_name[dimension.name])))
    return tuple(sorted(parts))


def _as_read(dimension: Dimension, codes: tuple[int, ...], column: Column) -> tuple[int, ...]:
    """With the values nobody had, as far as a reader counts them in: the steps of an interval, the rest of a group."""
    if dimension.ordered:
        return tuple(c for c in range(codes[0], codes[-1] + 1) if column.values[c].known)
    if len(codes) > 1:
        seen = {c for originals in dimension.originals for c in originals}
        for group in column.groups:
            if seen.intersection(group.codes) == set(codes):
                return group.codes
    return codes


def inside(asked: Asked, place: Where) -> NDArray[np.bool_]:
    """Which persons are in a sub-population; bool, shape (persons,)."""
    members = np.ones(asked.persons, dtype=np.bool_)
    for name, codes in place:
        members &= np.isin(asked.codes[name], np.array(codes, dtype=np.uint8))
    return members
