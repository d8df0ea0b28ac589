"""Every table of people there could be, written out: the slow, certain way to know what printed counts give away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product

import numpy as np

from upwell.evidence.disclosure.draft import Cell, Crowd


def kinds_of_people(crowd: Crowd) -> list[tuple[dict[str, int], int]]:
    """Every combination of column values and outcome class."""
    names = list(crowd.sizes)
    values = [range(crowd.sizes[name]) for name in names]
    return [(dict(zip(names, each, strict=True)), out) for *each, out in product(*values, range(crowd.outcomes))]


def counts_in(kinds: Sequence[tuple[dict[str, int], int]], cell: Cell) -> np.ndarray:
    """Which kinds of people a cell counts; bool, shape (kinds,)."""
    inside = [all(who[name] in values for name, values in cell.where) for who, _ in kinds]
    asked = [out in cell.outcomes for _, out in kinds]
    return (np.array(inside) ^ cell.outside) & np.array(asked)


def every_table(kinds: int, persons: int) -> Iterator[np.ndarray]:
    """All ways in which so many persons may be of so many kinds; int64, shape (kinds,)."""
    for who in combinations_with_replacement(range(kinds), persons):
        yield np.bincount(np.array(who, dtype=np.int64), minlength=kinds)


def possible_values(crowd: Crowd, printed: Mapping[Cell, int], asked: Sequence[Cell]) -> dict[Cell, set[int]]:
    """For each cell, every count it has in some table that agrees with all printed counts.

    The crowd's total must be printed, or there would be endlessly many tables.
    """
    everybody = Cell(crowd.name, (), tuple(range(crowd.outcomes)))
    kinds = kinds_of_people(crowd)
    tables = np.array(list(every_table(len(kinds), printed[everybody])))
    for cell, persons in printed.items():
        tables = tables[tables @ counts_in(kinds, cell) == persons]
    return {cell: set((tables @ counts_in(kinds, cell)).tolist()) for cell in asked}
