"""Sums: which counts are sums of which others, found from nothing but what each of them counts.

The auditor's own view of a set of tables. A cell that counts 9,600 unknowns is written as the sum of its eight
counties, of its six ages and of its five races, whatever of these is printed: short equations carry further by hand and
by machine. Several ways to add a cell up say the same of the unknowns; one is needed, the others shorten reasoning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_WAYS = 6
"""Ways to add one cell up that are kept: one a dimension, and more dimensions make no table that people read."""

MOST_PAIRS = 400_000_000
"""Pairs of cells that share an unknown, above which cells are written out in unknowns instead."""


@dataclass(frozen=True)
class Board:
    """Every different set of unknowns that is counted, once, and how the sets add up.

    sets: 0 or 1, shape (sets, unknowns), int64; the single unknowns are among them. leaf_set: the set of each unknown.
    told: each row that was given, as a sum of sets with their weights, shape (given, sets).
    rows: shape (rows, sets), 1 for a whole and -1 for its parts; each row is 0. needed: rows that say everything.
    """

    sets: sparse.csr_matrix
    leaf_set: Counts
    told: sparse.csr_matrix
    rows: sparse.csr_matrix
    needed: Mask


def board_of(given: sparse.csr_matrix) -> Board:
    """The sets that rows over unknowns count, and all equations between them. Unknowns of one weight are one set."""
    given = given.tocsr().astype(np.int64)
    given.eliminate_zeros()
    groups, weights = _groups(given)
    lone = sparse.identity(given.shape[1], dtype=np.int64, format="csr")
    stacked = sparse.vstack([groups, lone]).tocsr()
    number, first = _same(stacked)
    sets = stacked[first]
    belongs = (np.ones(groups.shape[0], dtype=np.int64), (np.arange(groups.shape[0]), number[: groups.shape[0]]))
    told = weights @ sparse.csr_matrix(belongs, shape=(groups.shape[0], sets.shape[0]))
    leaf_set = number[groups.shape[0] :]
    rows, needed = _equations(sets, leaf_set)
    return Board(sets, leaf_set, told.tocsr(), rows, needed)


def _groups(given: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Unknowns that a row holds with the same weight: as rows of ones, and each given row as weights of those."""
    entries = given.tocoo()
    keys, number = np.unique(np.column_stack([entries.row, entries.data]), axis=0, return_inverse=True)
    number = number.ravel()
    ones = np.ones(len(number), dtype=np.int64)
    groups = sparse.csr_matrix((ones, (number, entries.col)), shape=(len(keys), given.shape[1]))
    shape = (given.shape[0], len(keys))
    return groups, sparse.csr_matrix((keys[:, 1], (keys[:, 0], np.arange(len(keys)))), shape=shape)


def _same(matrix: sparse.csr_matrix) -> tuple[Counts, Counts]:
    """For each row the number of its set, and for each set its first row. Equal sets add up to equal random weights."""
    weights = np.random.default_rng(7).integers(1, 2**50, size=(matrix.shape[1], 2))
    _, first, number = np.unique(matrix @ weights, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")  # numbered as they come
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[number.ravel()], first[order]


def _equations(sets: sparse.csr_matrix, leaf_set: Counts) -> tuple[sparse.csr_matrix, Mask]:
    sizes = np.diff(sets.indptr)
    children = _children(sets, sizes)
    inside, ends = sets.indices.tolist(), sets.indptr.tolist()
    members = [frozenset(inside[start:end]) for start, end in pairwise(ends)]
    columns: list[int] = []
    lengths: list[int] = []
    needed: list[bool] = []
    for whole in np.flatnonzero(sizes > 1).tolist():
        ways = list(_ways(whole, children[whole], members, leaf_set))
        best = min(range(len(ways)), key=lambda at: len(ways[at]))
        for at, way in enumerate(ways):
            columns += (whole, *way)
            lengths.append(1 + len(way))
            needed.append(at == best)
    starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    signs = np.full(len(columns), -1, dtype=np.int64)
    signs[starts[:-1]] = 1
    shape = (len(lengths), sets.shape[0])
    return sparse.csr_matrix((signs, columns, starts), shape=shape), np.array(needed, dtype=bool)


def _children(sets: sparse.csr_matrix, sizes: Counts) -> Sequence[Sequence[int]]:
    """For each set the largest sets inside it, the largest first; none where the tables are too many to compare."""
    pairs = int((np.diff(sets.tocsc().indptr).astype(np.int64) ** 2).sum())
    if pairs > MOST_PAIRS:
        return [()] * sets.shape[0]
    shared = (sets @ sets.T).tocoo()
    inside = (shared.data == sizes[shared.col]) & (shared.row != shared.col)
    below = sparse.csr_matrix((np.ones(inside.sum()), (shared.row[inside], shared.col[inside])), shape=shared.shape)
    between = (below @ below).tocsr()
    between.data[:] = 1.0
    next_below = (below - below.multiply(between)).tocsr()
    next_below.eliminate_zeros()
    return [
        sorted(each.tolist(), key=lambda at: (-int(sizes[at]), at))
        for each in np.split(next_below.indices, next_below.indptr[1:-1])
    ]


def _ways(
    whole: int, children: Sequence[int], members: Sequence[frozenset[int]], leaf_set: Counts
) -> Iterator[tuple[int, ...]]:
    """Ways to add a set up from sets inside it: each begins with a child that no way before it has used."""
    used: set[int] = set()
    found = 0
    for start in children:
        if start in used or found == MOST_WAYS:
            continue
        way, rest = _disjoint((start, *children), members, members[whole])
        used |= {start, *way}
        if len(rest) <= 2 or not found:
            found += 1
            yield (*way, *(int(leaf_set[leaf]) for leaf in sorted(rest)))
    if not found:
        yield tuple(int(leaf_set[leaf]) for leaf in sorted(members[whole]))


def _disjoint(
    offered: Sequence[int], members: Sequence[frozenset[int]], whole: frozenset[int]
) -> tuple[list[int], set[int]]:
    """Sets taken one after the other while they share nothing, and what of the whole they leave."""
    way: list[int] = []
    rest = set(whole)
    for child in offered:
        if members[child] <= rest:
            way.append(child)
            rest -= members[child]
    return way, rest
