"""Unknowns under published tables: every combination of values that can exist, and which of them a count adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.errors import EvidenceError
from upwell.records.tables.published import Published, Values

Counts = NDArray[np.int64]

MOST_UNKNOWNS = 60_000
"""Combinations of all columns of all tables, above which each table keeps to its own."""

ANSWER = "answer"
ANSWERS = ("yes", "no")


@dataclass(frozen=True)
class Block:
    """Unknowns: combinations of values. codes: column -> the code of each unknown; values: code -> value."""

    columns: tuple[str, ...]
    codes: Mapping[str, Counts]
    values: Mapping[str, tuple[str, ...]]
    size: int


def values_of(tables: Sequence[Published]) -> dict[str, tuple[str, ...]]:
    """Column -> its values in the order they come, without totals."""
    found: dict[str, dict[str, None]] = {}
    for table in tables:
        for at, column in enumerate(table.columns):
            each = found.setdefault(column, {})
            each.update(dict.fromkeys(value for line in table.lines if (value := line.values[at]) is not None))
    return {column: tuple(each) for column, each in found.items()}


def nesting(tables: Sequence[Published]) -> dict[str, tuple[str, dict[str, str]]]:
    """Fine column -> (coarse column, value -> the one coarse value it stands with)."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for table in tables:
        for one, two in combinations(range(len(table.columns)), 2):
            for fine, coarse in ((one, two), (two, one)):
                parent = _parents((line.values[fine], line.values[coarse]) for line in table.lines)
                if parent and len(set(parent.values())) < len(parent) and table.columns[fine] not in found:
                    found[table.columns[fine]] = table.columns[coarse], parent
    return {fine: each for fine, each in found.items() if found.get(each[0], ("",))[0] != fine}


def _parents(pairs: Iterable[tuple[str | None, str | None]]) -> dict[str, str]:
    """Value -> its one companion; {} when one has two, or stands alone only, or all have the same."""
    found: dict[str, str] = {}
    lone: set[str] = set()
    for fine, coarse in pairs:
        if fine is None:
            continue
        if coarse is None:
            lone.add(fine)
        elif found.setdefault(fine, coarse) != coarse:
            return {}
    return {} if len(set(found.values())) < 2 or lone - found.keys() else found


def block_of(
    columns: tuple[str, ...],
    values: Mapping[str, tuple[str, ...]],
    within: Mapping[str, tuple[str, dict[str, str]]],
    answers: bool,
) -> Block | None:
    """Every combination that can exist; None when they are too many."""
    coarse = {within[column][0] for column in columns if column in within}
    axes = [column for column in columns if column not in coarse]
    sizes = [len(values[column]) or 1 for column in axes] + [2] * answers
    if prod(sizes) > MOST_UNKNOWNS:
        return None
    places = np.unravel_index(np.arange(prod(sizes)), tuple(sizes) or (1,))
    codes = dict(zip([*axes, ANSWER], (np.asarray(each, dtype=np.int64) for each in places), strict=False))
    told = dict(values) | {ANSWER: ANSWERS}
    for column in [*axes, *columns]:
        while column in within and column in codes:
            wide, parent = within[column]
            if wide in columns and wide not in codes:
                number = {value: at for at, value in enumerate(values[wide])}
                codes[wide] = np.array([number.get(parent.get(each, ""), -1) for each in values[column]])[codes[column]]
            column = wide
    return Block(columns, codes, told, prod(sizes))


def own_block(
    table: Published,
    values: Mapping[str, tuple[str, ...]],
    within: Mapping[str, tuple[str, dict[str, str]]],
) -> Block:
    block = block_of(table.columns, values, within, any(line.answer for line in table.lines))
    if block is None:
        raise EvidenceError(
            f"{table.name} has more than {MOST_UNKNOWNS:,} combinations of values. Attack parts of it: fewer columns "
            "with --by."
        )
    return block


class Rows:
    """Counts as sums of unknowns, collected table by table."""

    def __init__(self, unknowns: int) -> None:
        self.unknowns, self.many = unknowns, 0
        self.row: list[Counts] = []
        self.column: list[Counts] = []

    def add(self, block: Block, asked: Sequence[tuple[Values, str, tuple[str, ...]]], start: int) -> None:
        """Counts by the values of their columns; those that restrict the same columns are found in one pass."""
        alike: dict[tuple[str, ...], dict[tuple[int, ...], list[int]]] = defaultdict(lambda: defaultdict(list))
        for at, (values, answer, columns) in enumerate(asked):
            told = [
                (name, block.values[name].index(each))
                for name, each in zip(columns, values, strict=True)
                if each is not None
            ]
            told += [(ANSWER, ANSWERS.index(answer))] if answer else []
            alike[tuple(name for name, _ in told)][tuple(code for _, code in told)].append(at + self.many)
        for names, wanted in alike.items():
            self._pass(block, names, wanted, start)
        self.many += len(asked)

    def _pass(
        self, block: Block, names: tuple[str, ...], wanted: Mapping[tuple[int, ...], Sequence[int]], start: int
    ) -> None:
        sizes = tuple(len(block.values[name]) for name in names)
        key = np.zeros(block.size, dtype=np.int64)
        for name, size in zip(names, sizes, strict=True):
            key = np.where((key < 0) | (block.codes[name] < 0), -1, key * size + block.codes[name])
        order = np.argsort(key, kind="stable")
        ordered = key[order]
        for codes, cells in wanted.items():
            number = int(np.ravel_multi_index(codes, sizes)) if names else 0
            first, last = np.searchsorted(ordered, [number, number + 1])
            for cell in cells:
                self.row.append(np.full(last - first, cell, dtype=np.int64))
                self.column.append(order[first:last] + start)

    def matrix(self) -> sparse.csr_matrix:
        """Shape (counts, unknowns), 1 where a count holds an unknown."""
        nothing = [np.zeros(0, dtype=np.int64)]
        row, column = np.concatenate(self.row or nothing), np.concatenate(self.column or nothing)
        ones = np.ones(len(row), dtype=np.int64)
        return sparse.csr_matrix((ones, (row, column)), shape=(self.many, self.unknowns))


def ties_between(
    tables: Sequence[Published], blocks: Sequence[Block], starts: Sequence[int], unknowns: int
) -> sparse.csr_matrix:
    """Tables with unknowns of their own count the same people: in everything that two of them can both tell."""
    rows = [sparse.csr_matrix((0, unknowns), dtype=np.int64)]
    for one, two in combinations(range(len(tables)), 2):
        shared = tuple(name for name in blocks[one].columns if name in blocks[two].columns)
        if ANSWER in blocks[one].codes and ANSWER in blocks[two].codes:
            shared += (ANSWER,)
        sides = []
        for at in (one, two):
            block = blocks[at]
            key = np.zeros(block.size, dtype=np.int64)
            for name in shared:
                key = key * (len(block.values[name]) + 1) + block.codes[name] + 1
            ones = np.ones(block.size, dtype=np.int64)
            size = prod(len(block.values[name]) + 1 for name in shared)
            spot = (key, np.arange(block.size) + starts[at])
            sides.append(sparse.csr_matrix((ones, spot), shape=(size, unknowns)))
        both = sides[0] - sides[1]
        rows.append(both[np.flatnonzero(np.diff(both.indptr) > 0)])
    return sparse.vstack(rows).tocsr().astype(np.int64)
