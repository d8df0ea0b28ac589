"""Columns that contain one another: county > tract. And several such trees over the same finest column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables.sheet import TableError

Codes = NDArray[np.uint8]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Wanted:
    """The columns asked for. names: in the order given. within: (wider, narrower) for each ">" said.

    free: pairs that were said to cross freely ("county*tract").
    """

    names: tuple[str, ...]
    within: tuple[Pair, ...]
    free: frozenset[frozenset[str]]

    def wider(self, name: str) -> tuple[str, ...]:
        """Columns that contain a column, at any distance, in the order given."""
        found = {name}
        while True:
            more = {wide for wide, narrow in self.within if narrow in found} - found
            if not more:
                return tuple(each for each in self.names if each in found - {name})
            found |= more


def wanted(by: Sequence[str], columns: Sequence[str], name: str) -> Wanted:
    """What `by` asks for: each of its texts is "county,age", "county>tract" or "county*tract".

    columns: those of the sheet called `name`. Raises TableError for unknown columns and for circles.
    """
    names: dict[str, None] = {}
    within: dict[Pair, None] = {}
    free: set[frozenset[str]] = set()
    for text in by:
        for part in filter(None, (each.strip() for each in text.split(","))):
            chain = [[known(each.strip(), columns, name) for each in step.split("*")] for step in part.split(">")]
            names |= dict.fromkeys(each for step in chain for each in step)
            within |= {(a, b): None for one, two in pairwise(chain) for a in one for b in two}
            free |= {frozenset((a, b)) for step in chain for a in step for b in step if a != b}
    if not names:
        raise TableError("Say by which columns to count: --by county,age")
    asked = Wanted(tuple(names), tuple(within), frozenset(free))
    for wide, narrow in within:
        if wide == narrow or any(wide in asked.wider(each) for each in asked.wider(wide)):
            raise TableError(f"--by says that {wide!r} lies within itself. Name the wider column first: county>tract.")
    return asked


def known(column: str, columns: Sequence[str], name: str) -> str:
    """The column, if the sheet has it. Raises TableError, which offers the nearest."""
    if column in columns:
        return column
    folded = {each.casefold(): each for each in columns}
    if column.casefold() in folded:
        return folded[column.casefold()]
    near = get_close_matches(column.casefold(), folded, n=1)
    offer = f"Did you mean {folded[near[0]]!r}?" if near else f"It has {', '.join(columns)}."
    raise TableError(f"{name} has no column {column!r}. {offer}")


def parents(narrow: Codes, wide: Codes, sizes: Pair | tuple[int, int]) -> tuple[int, ...] | int:
    """For each value of the narrower column, the one value of the wider column it lies in.

    Gives a value of the narrower column alone, by number, when that one lies in several.
    """
    seen = np.zeros((int(sizes[0]), int(sizes[1])), dtype=bool)
    seen[narrow, wide] = True
    several = np.flatnonzero(seen.sum(axis=1) > 1)
    return int(several[0]) if len(several) else tuple(int(at) for at in seen.argmax(axis=1))


def groups(asked: Wanted) -> list[tuple[str, ...]]:
    """Columns that hang together by what contains what, each group in the order given."""
    near: Mapping[str, set[str]] = defaultdict(set)
    for wide, narrow in asked.within:
        near[wide].add(narrow)
        near[narrow].add(wide)
    found: list[tuple[str, ...]] = []
    left = list(asked.names)
    while left:
        together, edge = {left[0]}, [left[0]]
        while edge:
            more = near[edge.pop()] - together
            together |= more
            edge += sorted(more)
        found.append(tuple(each for each in left if each in together))
        left = [each for each in left if each not in together]
    return found
