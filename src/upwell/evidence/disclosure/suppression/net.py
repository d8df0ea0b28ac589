"""Nets: a system written in cells, each a short sum of other cells, so that what is shown drops out of every programme.

A table that agrees with everything shown is the true one plus a "move": how many persons each node gains or loses.
A node is a cell, or a leaf that no cell prints. Moves of shown cells are 0, and every row of a net is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.system import UNBOUNDED, System

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

NEAR_WHOLE = 1e-5
TIMES = (1, 2, 3, 4, 6)
"""What a linear optimum is multiplied by to become whole: corners lie at halves, thirds and quarters."""

FAR = 10**9
"""How often a move may be repeated that takes nobody away anywhere; amounts move by thousands of dollars or cents."""


@dataclass(frozen=True)
class Net:
    """Rows over nodes. persons: true count of each node, cells first. leaf: the node of each leaf.

    rows: shape (rows, nodes), by columns; least <= rows @ move <= most, both 0 where a row is an equation.
    """

    rows: sparse.csc_matrix
    least: Numbers
    most: Numbers
    persons: Counts
    cells: int
    leaf: Counts

    @cached_property
    def banded(self) -> bool:
        """Whether any row is more than an equation."""
        return bool((self.least < 0).any() or (self.most > 0).any())


@dataclass(frozen=True)
class Circuit:
    """A smallest whole move that was found: persons gained at each of some nodes.

    forth, back: how often it may be made, and made the other way round, before somebody is counted below zero.
    """

    nodes: Counts
    gains: Counts
    forth: int
    back: int


def net_of(system: System) -> Net:
    """The net of a system; equal cells are tied to each other."""
    sums = _Sums(system.counts)
    for cell in range(sums.cells):
        sums.add_cell(cell)
    ties, bands = system.ties.tocsr(), bands_of(system)
    for at in range(ties.shape[0]):
        sums.add_tie(*_row(ties, at))
    for at in range(bands.shape[0]):
        where, weights = _row(bands, at)
        sums.add([(sums.leaf[leaf], weight) for leaf, weight in zip(where, weights, strict=True)])
    nothing = np.zeros(len(sums.rows) - bands.shape[0])
    now = bands @ system.leaves
    persons = np.zeros(sums.nodes, dtype=np.int64)
    leaf = np.array(sums.leaf, dtype=np.int64)
    persons[leaf] = system.leaves
    persons[: sums.cells] = system.values
    return Net(
        rows=sums.matrix(),
        least=np.concatenate([nothing, np.where(system.least <= -UNBOUNDED, -np.inf, system.least - now)]),
        most=np.concatenate([nothing, np.where(system.most >= UNBOUNDED, np.inf, system.most - now)]),
        persons=persons,
        cells=sums.cells,
        leaf=leaf,
    )


def bands_of(system: System) -> sparse.csr_matrix:
    """The bands of a system, also where it has none."""
    return system.bands.tocsr() if system.bands.shape[0] else sparse.csr_matrix((0, len(system.leaves)), dtype=np.int64)


def circuits_of(net: Net, move: Numbers) -> Iterator[Circuit]:
    """The parts of a move that hold without each other, in whole persons; a part that is not whole is left out."""
    moved = np.flatnonzero(np.abs(move) > NEAR_WHOLE / 10)
    if not len(moved):
        return
    part = _parts(net, moved)
    for at in np.unique(part):
        nodes = moved[part == at]
        gains = _whole(move[nodes])
        if gains is not None:
            yield circuit_of(net, nodes, gains)


def entries(net: Net, nodes: Counts) -> tuple[Counts, Counts, Numbers]:
    """The rows' entries at some nodes: the place of each among these nodes, its row, its weight."""
    matrix = net.rows
    lengths = matrix.indptr[nodes + 1] - matrix.indptr[nodes]
    places = np.repeat(np.arange(len(nodes)), lengths)
    inside = np.arange(len(places)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = matrix.indptr[nodes][places] + inside
    return places, matrix.indices[at], matrix.data[at]


def _parts(net: Net, nodes: Counts) -> Counts:
    """For each node the first of those that hang together with it by rows."""
    places, rows, _ = entries(net, nodes)
    first = np.arange(len(nodes))
    while True:
        least = np.full(net.rows.shape[0], len(nodes))
        np.minimum.at(least, rows, first[places])
        nearer = first.copy()
        np.minimum.at(nearer, places, least[rows])
        nearer = nearer[nearer]
        if (nearer == first).all():
            return first
        first = nearer


def circuit_of(net: Net, nodes: Counts, gains: Counts) -> Circuit:
    """A whole move and how often it may be made both ways."""
    persons = net.persons[nodes]
    forth = int((persons[gains < 0] // -gains[gains < 0]).min(initial=FAR))
    back = int((persons[gains > 0] // gains[gains > 0]).min(initial=FAR))
    if net.banded:
        places, rows, weights = entries(net, nodes)
        bands = np.bincount(rows, weights=weights * gains[places], minlength=net.rows.shape[0]).astype(np.float64)
        forth, back = min(forth, _times(bands, net)), min(back, _times(-bands, net))
    return Circuit(nodes, gains, forth, back)


def _times(bands: Numbers, net: Net) -> int:
    """How often rows may move by so much before one leaves its band."""
    up, down = bands > 0, bands < 0
    above = np.floor(net.most[up] / bands[up]).min(initial=FAR)
    return int(min(above, np.floor(net.least[down] / bands[down]).min(initial=FAR)))


def _whole(gains: Numbers) -> Counts | None:
    """The same move in whole persons without a common divisor; None when no small multiple is whole."""
    for times in TIMES:
        whole = np.rint(times * gains)
        if np.abs(times * gains - whole).max() <= NEAR_WHOLE:
            persons = whole.astype(np.int64)
            return persons // max(1, int(np.gcd.reduce(persons))) if persons.all() else None
    return None


def _row(matrix: sparse.csr_matrix, at: int) -> tuple[list[int], list[int]]:
    part = slice(matrix.indptr[at], matrix.indptr[at + 1])
    return matrix.indices[part].tolist(), matrix.data[part].tolist()


class _Sums:
    """Rows under construction. Sets of leaves are whole numbers, a bit a leaf: Python compares them fastest."""

    def __init__(self, counts: sparse.csr_matrix) -> None:
        self.counts = counts.tocsr()
        self.cells, leaves = counts.shape
        self.rows: list[list[tuple[int, int]]] = []
        self.plain = np.array([(_row(self.counts, at)[1] or [0]) == [1] * max(1, n)
                               for at, n in enumerate(np.diff(self.counts.indptr))], dtype=bool)  # fmt: skip
        self.bits = [sum(1 << leaf for leaf in _row(self.counts, at)[0]) for at in range(self.cells)]
        single = {_row(self.counts, at)[0][0]: at for at in range(self.cells - 1, -1, -1)
                  if self.plain[at] and self.counts.indptr[at + 1] - self.counts.indptr[at] == 1}  # fmt: skip
        unprinted = [leaf for leaf in range(leaves) if leaf not in single]
        number = single | {leaf: self.cells + at for at, leaf in enumerate(unprinted)}
        self.leaf = [number[leaf] for leaf in range(leaves)]
        self.nodes = self.cells + len(unprinted)
        self._within = (self.counts @ self.counts.T).tocsr()
        self._sizes = np.diff(self.counts.indptr)
        self._first: dict[int, int] = {}

    def add(self, terms: Sequence[tuple[int, int]]) -> None:
        """One more row."""
        self.rows.append(list(terms))

    def add_cell(self, cell: int) -> None:
        """Say what a cell is the sum of; nothing of a cell that is a leaf."""
        where, weights = _row(self.counts, cell)
        if not self.plain[cell]:
            self.add([(cell, 1), *((self.leaf[leaf], -weight) for leaf, weight in zip(where, weights, strict=True))])
            return
        same = self._first.setdefault(self.bits[cell], cell)
        if same != cell:
            self.add([(cell, 1), (same, -1)])
        elif len(where) > 1:
            parts = self._parts(self.bits[cell], self._inside(cell))
            self.add([(cell, 1), *((part, -1) for part in parts)])

    def add_tie(self, where: list[int], weights: list[int]) -> None:
        """An equation over leaves; a side that is a cell, or nearly, is written as cells."""
        if set(weights) <= {1, -1}:
            sides = [[leaf for leaf, each in zip(where, weights, strict=True) if each == sign] for sign in (1, -1)]
            self.add([(node, sign) for side, sign in zip(sides, (1, -1), strict=True) for node in self._side(side)])
        else:
            self.add([(self.leaf[leaf], weight) for leaf, weight in zip(where, weights, strict=True)])

    def _side(self, leaves: list[int]) -> list[int]:
        bits = sum(1 << leaf for leaf in leaves)
        same = self._first.get(bits)
        return [same] if same is not None else [self.leaf[leaf] for leaf in leaves]

    def _inside(self, cell: int) -> list[int]:
        """Cells that lie wholly within a cell, the largest first."""
        part = slice(self._within.indptr[cell], self._within.indptr[cell + 1])
        other, shared = self._within.indices[part], self._within.data[part]
        sizes = self._sizes[other]
        found = other[(shared == sizes) & (sizes < self._sizes[cell]) & self.plain[other]]
        return list(found[np.lexsort((found, -self._sizes[found]))].tolist())

    def _parts(self, rest: int, candidates: list[int]) -> list[int]:
        """Nodes that add up to a set of leaves: the largest that fits, then the largest within what is left."""
        parts = []
        for cell in candidates:
            if self.bits[cell] & ~rest == 0:
                parts.append(cell)
                rest ^= self.bits[cell]
                if not rest:
                    return parts
        while rest:
            leaf = rest & -rest
            parts.append(self.leaf[leaf.bit_length() - 1])
            rest ^= leaf
        return parts

    def matrix(self) -> sparse.csc_matrix:
        """Rows over nodes; a node that stands in a row twice counts twice."""
        lengths = [len(row) for row in self.rows]
        terms = np.array([term for row in self.rows for term in row], dtype=np.int64).reshape(-1, 2)
        places = np.repeat(np.arange(len(self.rows)), lengths)
        shape = (len(self.rows), self.nodes)
        return sparse.csc_matrix((terms[:, 1].astype(np.float64), (places, terms[:, 0])), shape=shape)
