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
    """What can be searched, by column name: no constant, mostly missing or unsearched column.

    among: bool, shape (persons,): persons who are compared. least: persons below which a nominal value is folded
    with the other rare ones, since nothing could be said about it.
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
    ordered = column.kind == "ordinal"
    groups = [(code,) for code in known] if ordered else _folded(known, persons, least)
    if len(groups) < 2 or len(groups) > MOST_VALUES:
        return None
    packed = np.full(max(len(column.values), 256), len(groups), dtype=np.uint8)
    for new, group in enumerate(groups):
        packed[list(group)] = new
    time = ordered and not column.composition and _follows_month(codes, month, known)
    return Dimension(column.name, ordered, tuple(groups), packed[codes], time)


def _folded(known: list[int], persons: NDArray[np.int64], least: int) -> list[tuple[int, ...]]:
    common: list[tuple[int, ...]] = [(code,) for code in known if persons[code] >= least]
    rare = tuple(code for code in known if persons[code] < least)
    return [*common, rare] if rare else common


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
        codes = sorted(c for v in np.flatnonzero(mask[: dimension.values]) for c in dimension.originals[v])
        if dimension.ordered:  # steps nobody stood on belong to the interval as a reader understands it
            column = by_name[dimension.name]
            codes = [c for c in range(codes[0], codes[-1] + 1) if column.values[c].known]
        parts.append((dimension.name, tuple(codes)))
    return tuple(sorted(parts))


def inside(asked: Asked, place: Where) -> NDArray[np.bool_]:
    """Which persons are in a sub-population; bool, shape (persons,)."""
    members = np.ones(asked.persons, dtype=np.bool_)
    for name, codes in place:
        members &= np.isin(asked.codes[name], np.array(codes, dtype=np.uint8))
    return members
