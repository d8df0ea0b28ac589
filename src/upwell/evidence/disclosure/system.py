"""Systems: all tables of a draft as additive equations over leaf cells, one system a crowd.

Why it is exact. What the printed cells restrict together is drawn as a graph (columns are nodes, two columns are
joined when one cell restricts both), made chordal, and cut into its cliques. A block holds every combination of a
clique's values and outcome classes as leaves; neighbouring blocks of the junction tree must agree on what they share.
Tables that agree along a junction tree are the margins of some table of all columns, in whole counts when they are in
whole counts (cells are filled one by one within each shared value). So the blocks know exactly what a table of
everything would know.

Values that no joint cell tells apart are one value of a block ("atoms"); the column alone has its own, finer block.

Of questions that stand side by side (Crowd.asks) each block holds the answers to each one apart, and ties say that the
people asked are the same. The blocks then know of any two questions that they share their people in every group that a
block tells apart; they do not know what a table of all joint answers would know beyond that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.draft import Cell, Crowd
from upwell.evidence.errors import EvidenceError

MOST_LEAVES = 20_000
"""Combinations in one block: a full lattice of 80 tracts, 6 ages, 5 races and 4 quarters has 9,600, and twice as many
when each person also said yes or no. The search is good for about as many cells; more would only be refused later."""

UNBOUNDED = 2**53
"""An end of a band at this size or beyond, either way, is no bound."""

Codes = NDArray[np.int64]


class TooLargeError(EvidenceError):
    """A block would hold more combinations than can be searched. columns: those that the tables cross."""

    def __init__(self, crowd: str, columns: tuple[str, ...]) -> None:
        super().__init__(f"Too many combinations of {', '.join(columns)} to protect at once. Ask for fewer tables.")
        self.crowd = crowd
        self.columns = columns


@dataclass(frozen=True)
class System:
    """Everything an attacker can write down about one crowd, and the truth beside it.

    cells: each once. values: int64 persons, shape (cells,). leaves: int64 persons, shape (leaves,), one true solution.
    counts: shape (cells, leaves), a cell is the sum of its leaves. ties: shape (ties, leaves); ties @ leaves = sums.
    bands: what else is printed, a share rounded or a class on a map; shape (bands, leaves), whole numbers;
    least <= bands @ leaves <= most, int64; an end at UNBOUNDED or beyond, either way, is open.
    """

    crowd: str
    cells: tuple[Cell, ...]
    values: Codes
    leaves: Codes
    counts: sparse.csr_matrix
    ties: sparse.csr_matrix
    sums: Codes
    bands: sparse.csr_matrix = field(default_factory=lambda: sparse.csr_matrix((0, 0), dtype=np.int64))
    least: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    most: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class _Block:
    """One table of leaves: a row-major cross of the columns' atoms and the outcome's atoms.

    atoms: column name -> atom of each value code, int64, shape (values,). "" is the outcome and stands last.
    """

    atoms: Mapping[str, Codes]

    @cached_property
    def shape(self) -> tuple[int, ...]:
        return tuple(int(atoms.max()) + 1 for atoms in self.atoms.values())

    @cached_property
    def leaves(self) -> int:
        return int(np.prod(self.shape, dtype=object))

    @cached_property
    def strides(self) -> Mapping[str, int]:
        """How far apart two neighbours along each axis stand among the leaves."""
        after = np.cumprod([1, *self.shape[:0:-1]], dtype=np.int64)[::-1]
        return dict(zip(self.atoms, after.tolist(), strict=True))


@dataclass(frozen=True)
class _Join:
    """Two neighbouring blocks and the atoms of the columns that they share."""

    left: int
    right: int
    shared: Mapping[str, Codes]


def build(crowd: Crowd, cells: Sequence[Cell], memory: dict[bytes, Codes] | None = None) -> System:
    """The system of one crowd's cells. Equal cells are one variable; the order of `cells` changes nothing.

    memory: people counted for earlier systems of the same crowds, kept so that a million people are counted once.
    Raises TooLargeError when a block would have more than MOST_LEAVES leaves.
    """
    cells = tuple(sorted(set(cells), key=lambda cell: (cell.crowd, cell.where, cell.outcomes, cell.outside)))
    known: dict[tuple[int, ...], frozenset[int]] = {}
    sets = [_restrictions(cell, crowd, known) for cell in cells]
    blocks, joins = _blocks(crowd, sets)
    starts = np.cumsum([0, *(block.leaves for block in blocks)])
    leaves = np.concatenate([_people(crowd, block, {} if memory is None else memory) for block in blocks])
    told: dict[tuple[int, str, frozenset[int]], bool] = {}
    homes = [_home(each, blocks, told) for each in sets]
    places = [_Places(block) for block in blocks]
    counts = [
        places[home].outside(each, int(starts[home])) if cell.outside else places[home].inside(each, int(starts[home]))
        for cell, each, home in zip(cells, sets, homes, strict=True)
    ]
    ties = [row for join in joins for row in _tie_rows(join, blocks, starts)]
    ties += [row for at, block in enumerate(blocks) for row in _same_people(crowd, block, int(starts[at]))]
    return _merged(crowd.name, cells, leaves, _matrix(counts, len(leaves)), _matrix(ties, len(leaves)))


def _restrictions(cell: Cell, crowd: Crowd, known: dict[tuple[int, ...], frozenset[int]]) -> dict[str, frozenset[int]]:
    """Column ("" is the outcome) -> allowed codes, for the columns that leave somebody out. known: sets made so far."""
    sets = {name: _set(values, known) for name, values in cell.where}
    sets = {name: codes for name, codes in sets.items() if len(codes) < crowd.sizes[name]}
    sets[""] = _set(cell.outcomes, known)
    return sets


def _set(values: tuple[int, ...], known: dict[tuple[int, ...], frozenset[int]]) -> frozenset[int]:
    """One set object for equal values: its hash is then reckoned once for thousands of cells."""
    if values not in known:
        known[values] = frozenset(values)
    return known[values]


def _blocks(crowd: Crowd, sets: Sequence[Mapping[str, frozenset[int]]]) -> tuple[list[_Block], list[_Join]]:
    together = [frozenset(name for name in each if name) for each in sets]
    outcome = _atoms(crowd.outcomes, {each[""] for each in sets})
    fine = {name: _atoms(crowd.sizes[name], {each[name] for each in sets if name in each})
            for name in sorted(set().union(*together))}  # fmt: skip
    joint = {name: _atoms(crowd.sizes[name], {each[name] for each in sets if name in each and len(each) > 2})
             for name in fine}  # fmt: skip
    cliques = _cliques({each for each in together if len(each) > 1})
    blocks = [_Block({**{name: joint[name] for name in sorted(clique)}, "": outcome}) for clique in cliques]
    joins = [
        _Join(left, right, {**{name: joint[name] for name in sorted(shared)}, "": outcome})
        for left, right, shared in _tree(cliques)
    ]
    for name, atoms in fine.items():
        at = next((at for at, clique in enumerate(cliques) if name in clique), None)
        if at is not None and atoms.max() == joint[name].max():
            continue  # the clique tells its values apart already
        shared = {"": outcome} if at is None else {name: joint[name], "": outcome}
        blocks.append(_Block({name: atoms, "": outcome}))
        if len(blocks) > 1:
            joins.append(_Join(at or 0, len(blocks) - 1, shared))
    blocks = blocks or [_Block({"": outcome})]
    for block in blocks:
        if block.leaves > MOST_LEAVES:
            raise TooLargeError(crowd.name, tuple(name for name in block.atoms if name))
    return blocks, joins


def _atoms(size: int, sets: set[frozenset[int]]) -> Codes:
    """Atom of each code: codes that every set holds or leaves out together are one atom."""
    marks = [tuple(code in each for each in sorted(sets, key=sorted)) for code in range(size)]
    order = {mark: at for at, mark in enumerate(dict.fromkeys(marks))}
    return np.array([order[mark] for mark in marks], dtype=np.int64)


def _cliques(together: set[frozenset[str]]) -> list[frozenset[str]]:
    """The maximal cliques of the columns' graph, made chordal by removing nodes, the cheapest first."""
    near: dict[str, set[str]] = defaultdict(set)
    for each in together:
        for left, right in combinations(sorted(each), 2):
            near[left].add(right)
            near[right].add(left)
    found: list[frozenset[str]] = []
    while near:
        name = min(near, key=lambda node: (_missing(near, node), len(near[node]), node))
        clique = frozenset({name, *near[name]})
        for left, right in combinations(sorted(near[name]), 2):
            near[left].add(right)
            near[right].add(left)
        for other in near.pop(name):
            near[other].discard(name)
        if not any(clique <= larger for larger in found):
            found.append(clique)
    return found


def _missing(near: Mapping[str, set[str]], node: str) -> int:
    return sum(right not in near[left] for left, right in combinations(sorted(near[node]), 2))


def _tree(cliques: Sequence[frozenset[str]]) -> list[tuple[int, int, frozenset[str]]]:
    """A junction tree: the spanning tree with the largest intersections (unconnected parts share the outcome only)."""
    pairs = combinations(range(len(cliques)), 2)
    links = sorted(((left, right, cliques[left] & cliques[right]) for left, right in pairs), key=lambda x: -len(x[2]))
    part = list(range(len(cliques)))
    tree = []
    for left, right, shared in links:
        if part[left] != part[right]:
            tree.append((left, right, shared))
            part = [part[left] if at == part[right] else at for at in part]
    return tree


def _people(crowd: Crowd, block: _Block, memory: dict[bytes, Codes]) -> Codes:
    """Persons in each leaf of a block, or what they add up to."""
    key = b"|".join([crowd.name.encode(), *(name.encode() + atoms.tobytes() for name, atoms in block.atoms.items())])
    if key not in memory:
        codes = [atoms[crowd.codes[name] if name else crowd.outcome] for name, atoms in block.atoms.items()]
        leaf = np.ravel_multi_index(codes, block.shape)
        if crowd.amounts is None:
            memory[key] = np.bincount(leaf, minlength=block.leaves).astype(np.int64)
        else:
            memory[key] = np.zeros(block.leaves, dtype=np.int64)
            np.add.at(memory[key], leaf, crowd.amounts)
    return memory[key]


def _home(
    sets: Mapping[str, frozenset[int]], blocks: Sequence[_Block], told: dict[tuple[int, str, frozenset[int]], bool]
) -> int:
    """The smallest block that tells a cell's people apart. told: answers of `_tells` so far."""

    def tells(at: int, name: str, codes: frozenset[int]) -> bool:
        if (at, name, codes) not in told:
            told[at, name, codes] = _tells(blocks[at], name, codes)
        return told[at, name, codes]

    fits = [at for at in range(len(blocks)) if all(tells(at, name, codes) for name, codes in sets.items())]
    return min(fits, key=lambda at: blocks[at].leaves)


class _Places:
    """Which leaves of a block a cell adds up; what one column contributes is worked out once for all cells."""

    def __init__(self, block: _Block) -> None:
        self._block = block
        self._offsets: dict[tuple[str, frozenset[int]], Codes] = {}
        self._every = {
            name: np.arange(size) * block.strides[name] for name, size in zip(block.atoms, block.shape, strict=True)
        }

    def inside(self, sets: Mapping[str, frozenset[int]], start: int) -> tuple[Codes, Codes]:
        """Leaves (their numbers, from `start`) that add up to a cell, with weight 1."""
        found = np.array([start], dtype=np.int64)
        for name in self._block.atoms:
            found = np.add.outer(found, self._of(name, sets)).ravel()
        return found, np.ones(len(found), dtype=np.int64)

    def outside(self, sets: Mapping[str, frozenset[int]], start: int) -> tuple[Codes, Codes]:
        """The same for everyone else with the same answers."""
        every, _ = self.inside({"": sets[""]}, start)
        found = np.setdiff1d(every, self.inside(sets, start)[0], assume_unique=True)
        return found, np.ones(len(found), dtype=np.int64)

    def _of(self, name: str, sets: Mapping[str, frozenset[int]]) -> Codes:
        if name not in sets:
            return self._every[name]
        key = name, sets[name]
        if key not in self._offsets:
            self._offsets[key] = self._every[name][np.unique(self._block.atoms[name][sorted(sets[name])])]
        return self._offsets[key]


def _tells(block: _Block, name: str, codes: frozenset[int]) -> bool:
    """Whether a block's atoms of a column keep these codes apart from the others."""
    if name not in block.atoms:
        return False
    atoms = block.atoms[name].tolist()
    inside = {atoms[code] for code in codes}
    return not any(atom in inside for code, atom in enumerate(atoms) if code not in codes)


def _tie_rows(join: _Join, blocks: Sequence[_Block], starts: Codes) -> list[tuple[Codes, Codes]]:
    """Rows that say: both blocks count the same people at each shared combination."""
    sides = [_shared_numbers(blocks[at], join.shared) for at in (join.left, join.right)]
    number = np.concatenate(sides)
    where = np.concatenate(
        [np.arange(len(side)) + starts[at] for side, at in zip(sides, (join.left, join.right), strict=True)]
    )
    sign = np.repeat([1, -1], [len(side) for side in sides])
    order = np.argsort(number, kind="stable")
    cuts = np.flatnonzero(np.diff(number[order])) + 1
    return list(zip(np.split(where[order], cuts), np.split(sign[order], cuts), strict=True))


def _same_people(crowd: Crowd, block: _Block, start: int) -> list[tuple[Codes, Codes]]:
    """Rows that say, of questions side by side: each was asked of the same people in every group of a block."""
    numbers = np.arange(block.leaves).reshape(-1, block.shape[-1]) + start
    asked = [np.unique(block.atoms[""][[2 * at, 2 * at + 1]]) for at in range(crowd.asks)]
    different = {tuple(atoms) for atoms in asked[1:]} - {tuple(asked[0])} if asked else set()
    return [
        (np.concatenate([group[asked[0]], group[list(atoms)]]), np.repeat([1, -1], [len(asked[0]), len(atoms)]))
        for atoms in sorted(different)
        for group in numbers
    ]


def _shared_numbers(block: _Block, shared: Mapping[str, Codes]) -> Codes:
    """For each leaf of a block, the number of its combination of shared atoms."""
    places = np.indices(block.shape).reshape(len(block.shape), -1)
    axes = list(block.atoms)
    coarse = []
    for name, atoms in shared.items():
        fine = block.atoms[name]
        to_coarse = np.zeros(int(fine.max()) + 1, dtype=np.int64)
        to_coarse[fine] = atoms
        coarse.append(to_coarse[places[axes.index(name)]])
    return np.asarray(np.ravel_multi_index(coarse, [int(atoms.max()) + 1 for atoms in shared.values()]), dtype=np.int64)


def _matrix(rows: Sequence[tuple[Codes, Codes]], leaves: int) -> sparse.csr_matrix:
    pointer = np.cumsum([0, *(len(where) for where, _ in rows)])
    where = np.concatenate([where for where, _ in rows]) if rows else np.empty(0, dtype=np.int64)
    weights = np.concatenate([weight for _, weight in rows]) if rows else np.empty(0, dtype=np.int64)
    return sparse.csr_matrix((weights, where, pointer), shape=(len(rows), leaves), dtype=np.int64)


def _merged(
    crowd: str, cells: tuple[Cell, ...], leaves: Codes, counts: sparse.csr_matrix, ties: sparse.csr_matrix
) -> System:
    """The same system with leaves that no equation tells apart added together: fewer unknowns, same answers."""
    both = sparse.vstack([counts, ties]).tocsc()
    both.sort_indices()
    parts = zip(both.indptr[:-1], both.indptr[1:], strict=True)
    marks = [(both.indices[a:b].tobytes(), both.data[a:b].tobytes()) for a, b in parts]
    number = {mark: at for at, mark in enumerate(dict.fromkeys(marks))}
    group = np.array([number[mark] for mark in marks], dtype=np.int64)
    first = np.unique(group, return_index=True)[1]
    merged = np.bincount(group, weights=leaves).astype(np.int64)
    return System(
        crowd=crowd,
        cells=cells,
        values=counts @ leaves,
        leaves=merged,
        counts=counts[:, first],
        ties=ties[:, first],
        sums=np.zeros(ties.shape[0], dtype=np.int64),
    )
