"""The columns asked for, told in codes: columns that contain one another are told in the finest of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables.nests import Columns, joined
from upwell.records.tables.order import ordered
from upwell.records.tables.sheet import Sheet, TableError
from upwell.records.tables.table import MOST_VALUES, Dimension
from upwell.records.tables.totals import combined
from upwell.records.tables.trees import Wanted, groups, parents

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class Told:
    """Dimensions, and the code columns behind them over the rows that were kept, with the name of each code.

    wider, loose: as in CountTable.
    """

    dimensions: tuple[Dimension, ...]
    codes: Mapping[str, Codes]
    names: Mapping[str, tuple[str, ...]]
    wider: Mapping[str, tuple[str, tuple[int, ...]]]
    loose: tuple[str, ...]

    def at(self, rows: NDArray[np.int64]) -> Told:
        """The same columns over some of the rows."""
        return replace(self, codes={name: each[rows] for name, each in self.codes.items()})


def told(sheet: Sheet, asked: Wanted, rows: NDArray[np.int64], beside: Sequence[str] = ()) -> Told:
    """The columns asked for over some rows of a sheet. beside: further columns, coded each by itself.

    Raises TableError where a column has too many values, or does not lie within the one it was said to lie in, or
    lies within another that it was not said to lie in.
    """
    values: dict[str, tuple[str, ...]] = {}
    codes: dict[str, Codes] = {}
    for name in (*asked.names, *beside):
        values[name], codes[name] = _coded(sheet, name, rows)
    _check_nested(sheet, asked, values, codes)
    _check_nothing_else_nested(asked, values, codes)
    together, loose = joined(groups(asked), beside, Columns(values, codes))
    dimensions: dict[str, Dimension] = {}
    wider: dict[str, tuple[str, tuple[int, ...]]] = {}
    for group, near in zip(groups(asked), together, strict=True):
        axis, left = _axis(group, near, values, codes)
        loose = (*loose, *left)
        for name in group:
            dimensions[name] = Dimension(name, values[name], axis, _within(codes[axis], codes[name]), asked.wider(name))
        wider |= {name: (axis, _within(codes[axis], codes[name])) for name in near if name not in (axis, *left)}
    return Told(
        dimensions=tuple(dimensions[name] for name in asked.names),
        codes=dict(sorted(codes.items())),
        names=values,
        wider=wider,
        loose=tuple(sorted({*loose, *_free(asked, Columns(values, codes))})),
    )


def _free(asked: Wanted, columns: Columns) -> list[str]:
    """Columns that lie within another that they were said to cross freely."""
    pairs = [tuple(sorted(pair)) for pair in asked.free]
    tied = [(narrow, wide) for one, two in pairs for narrow, wide in ((one, two), (two, one))]
    return [narrow for narrow, wide in tied if not _tied(asked, narrow, wide) and columns.lies_within(narrow, wide)]


def _coded(sheet: Sheet, name: str, rows: NDArray[np.int64]) -> tuple[tuple[str, ...], Codes]:
    words = sheet.columns[name]
    values = ordered(words[row] for row in rows)
    if len(values) > MOST_VALUES:
        raise TableError(
            f"The column {name!r} of {sheet.name} has {len(values):,} different values, and {MOST_VALUES} can be told "
            "apart. Put rare values together, or count by a coarser column."
        )
    folded: dict[str, str] = {}
    for value in values:
        twin = folded.setdefault(" ".join(value.casefold().split()), value)
        if twin != value:
            raise TableError(
                f"{sheet.name}, column {name!r}: {twin!r} and {value!r} differ in capitals or spaces alone."
            )
    number = {value: at for at, value in enumerate(values)}
    return values, np.array([number[words[row]] for row in rows], dtype=np.uint8)


def _check_nested(
    sheet: Sheet, asked: Wanted, values: Mapping[str, tuple[str, ...]], codes: Mapping[str, Codes]
) -> None:
    for wide, narrow in asked.within:
        found = parents(codes[narrow], codes[wide], (len(values[narrow]), len(values[wide])))
        if isinstance(found, int):
            where = sorted({values[wide][at] for at in codes[wide][codes[narrow] == found].tolist()})
            raise TableError(
                f"{sheet.name}: {narrow} {values[narrow][found]!r} lies in more than one {wide} "
                f"({' and '.join(where[:3])}). Give it a name of its own in each, or part the columns by a comma."
            )


def _check_nothing_else_nested(
    asked: Wanted, values: Mapping[str, tuple[str, ...]], codes: Mapping[str, Codes]
) -> None:
    """Who knows that a tract lies in one county knows more than two columns that cross: it has to be said."""
    for one, two in combinations(asked.names, 2):
        wide, narrow = (one, two) if len(values[one]) <= len(values[two]) else (two, one)
        if len(values[wide]) < 2 or frozenset((one, two)) in asked.free or _tied(asked, one, two):
            continue
        if not isinstance(parents(codes[narrow], codes[wide], (len(values[narrow]), len(values[wide]))), int):
            raise TableError(
                f'Each {narrow!r} stands with one {wide!r} only. If it lies within it, say --by "{wide}>{narrow}"; '
                f'if that is by chance, say --by "{wide}*{narrow}".'
            )


def _tied(asked: Wanted, one: str, two: str) -> bool:
    return any(one in group and two in group for group in groups(asked))


def _axis(
    group: Sequence[str], near: Sequence[str], values: dict[str, tuple[str, ...]], codes: dict[str, Codes]
) -> tuple[str, tuple[str, ...]]:
    """The column that a group is told in: its finest one, or all combinations of several finest ones, added here.

    near: the group with the further columns that hang together with it. Those that would make too many combinations
    are left away, and given back.
    """
    leaves = Columns(values, codes).finest(near)
    if len(leaves) == 1:
        return leaves[0], ()
    number, many = combined([codes[name].astype(np.int64) for name in leaves], len(codes[leaves[0]]))
    if many > MOST_VALUES and len(near) > len(group):
        axis, _ = _axis(group, group, values, codes)
        return axis, tuple(name for name in near if name not in group)
    if many > MOST_VALUES:
        raise TableError(
            f"{' and '.join(leaves)} together have {many:,} combinations, and {MOST_VALUES} can be told apart. "
            "Count by coarser columns."
        )
    name = "+".join(leaves)
    codes[name] = number.astype(np.uint8)
    first = np.unique(number, return_index=True)[1]
    values[name] = tuple("+".join(values[leaf][codes[leaf][row]] for leaf in leaves) for row in first)
    return name, ()


def _within(axis: Codes, column: Codes) -> tuple[int, ...]:
    first = np.unique(axis, return_index=True)[1]
    return tuple(int(column[row]) for row in first)
