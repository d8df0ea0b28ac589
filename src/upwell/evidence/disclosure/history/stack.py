"""Releases over time as one system: what was shown before is fixed, and what changed since is a cell as well.

An attacker who holds every earlier release may reckon that nobody left: then each count is what it was plus newcomers,
never fewer. Tables that may be under this reckoning may be under every weaker one, so a pattern that holds against it
holds without it as well. Where what is counted today contradicts it, people have left (or were corrected): then the
attacker reckons with some leavers, and the fewest that today's counts allow are the reckoning to hold against. Tables
with so many leavers are among the tables with more of them, up to any number.

What the past truly was is not kept anywhere. One past that agrees with everything shown then and with today's counts
stands in for it: what can be told apart does not depend on which of them it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.history.past import Before
from upwell.evidence.disclosure.system import UNBOUNDED, System, TooLargeError

MOST_UNKNOWNS = 60_000
"""Leaves of today times what each earlier release adds: more of them are too many to protect at once."""

NODES = 200
"""Most nodes of the search for a past in whole persons, where the linear optimum is not one."""

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Stacked(System):
    """A crowd's system over time. leavers: the fewest people who must have left or changed since; 0 when nobody must.

    Cells of today come first, as they were. Then cells of the past, "<release>:<crowd>", and what changed from the
    release before, "<release>+:<crowd>": who came, and where people left, `leavers` more than the change, so that no
    sum is below 0. Releases are numbered from 0, today comes last.
    """

    leavers: int = 0


@dataclass(frozen=True)
class _Times:
    """The unknowns of all releases. people: for each release, today's last, its leaves as sums of the unknowns.

    came, went: the same of who came and who left from each release to the next. ties, sums: what holds of the unknowns
    alone. left: 1 for every unknown that counts a leaver.
    """

    people: tuple[sparse.csr_matrix, ...]
    came: tuple[sparse.csr_matrix, ...]
    went: tuple[sparse.csr_matrix, ...]
    ties: sparse.csr_matrix
    sums: Counts
    left: Counts


def stacked(system: System, names: Sequence[Sequence[str]], before: Sequence[Before], *, few: int) -> Stacked | None:
    """The same cells over the people of every release, with the protected cells of the past and what changed by few.

    names: the ledger's names of each cell. before: earlier releases of these people, oldest first. few: persons; a
    change of fewer is protected, unless it is public.
    Returns None when nothing was shown before, or the earlier releases contradict each other.
    Raises TooLargeError when there are too many unknowns.
    """
    layers = [each for each in before if any(name in each.shown for cell in names for name in cell)]
    if not layers:
        return None
    known = [_known(names, each) for each in layers]
    for times in (_joining(system, len(layers) + 1), _leaving(system, len(layers) + 1)):
        bands = _bands(system, names, layers, times)
        unknowns = _one_past(_tied(system, times, known), bands, times, system.leaves)
        if unknowns is not None:
            whole = _written(system, names, layers, times=times, unknowns=unknowns, few=few, known=known)
            rows = _as_wide(bands.rows, len(whole.leaves))
            return replace(whole, bands=rows, least=bands.least, most=bands.most)
    return None


def only(system: System, kept: NDArray[np.bool_]) -> System:
    """The same system with some of its cells."""
    cells = tuple(cell for cell, keep in zip(system.cells, kept, strict=True) if keep)
    return replace(system, cells=cells, values=system.values[kept], counts=system.counts[np.flatnonzero(kept)])


def _joining(system: System, releases: int) -> _Times:
    """Nobody left: the people of the first release and the newcomers of each later one, none fewer than 0."""
    many = len(system.leaves)
    _check_size(system, many * releases)
    one = sparse.identity(many, dtype=np.int64, format="csr")
    people = tuple(_beside([one if part <= at else None for part in range(releases)], many) for at in range(releases))
    came = tuple(_beside([one if part == at else None for part in range(releases)], many) for at in range(1, releases))
    nothing = sparse.csr_matrix((0, many * releases), dtype=np.int64)
    return _Times(people, came, (), nothing, np.zeros(0, np.int64), np.zeros(many * releases, np.int64))


def _leaving(system: System, releases: int) -> _Times:
    """Some left: the people of each release, and from each to the next who came and who went."""
    many, steps = len(system.leaves), releases - 1
    parts = releases + 2 * steps
    _check_size(system, many * parts)
    one = sparse.identity(many, dtype=np.int64, format="csr")

    def only_in(where: dict[int, sparse.csr_matrix]) -> sparse.csr_matrix:
        return _beside([where.get(part) for part in range(parts)], many)

    people = tuple(only_in({at: one}) for at in range(releases))
    came = tuple(only_in({releases + at: one}) for at in range(steps))
    went = tuple(only_in({releases + steps + at: one}) for at in range(steps))
    ties = [people[at + 1] - people[at] - came[at] + went[at] for at in range(steps)]
    left = np.repeat([0, 1], [many * (releases + steps), many * steps]).astype(np.int64)
    return _Times(people, came, went, sparse.vstack(ties).tocsr(), np.zeros(many * steps, np.int64), left)


def _beside(parts: Sequence[sparse.csr_matrix | None], many: int) -> sparse.csr_matrix:
    blank = sparse.csr_matrix((many, many), dtype=np.int64)
    return sparse.hstack([blank if part is None else part for part in parts]).tocsr()


def _check_size(system: System, unknowns: int) -> None:
    if unknowns > MOST_UNKNOWNS:
        raise TooLargeError(system.crowd, tuple(sorted({name for cell in system.cells for name, _ in cell.where})))


def _tied(system: System, times: _Times, known: Sequence[Counts]) -> tuple[sparse.csr_matrix, Counts]:
    """What holds of every release: its own ties, the changes between them, and the counts that were shown."""
    rows = [times.ties, *(system.ties @ people for people in times.people)]
    sides = [times.sums, *(system.sums for _ in times.people)]
    for people, shown in zip(times.people, known, strict=False):
        told = np.flatnonzero(shown >= 0)
        rows.append(system.counts[told] @ people)
        sides.append(shown[told])
    return sparse.vstack(rows).tocsr().astype(np.int64), np.concatenate(sides).astype(np.int64)


@dataclass(frozen=True)
class _Bands:
    """What else was printed, of today and before: least <= rows @ unknowns <= most."""

    rows: sparse.csr_matrix
    least: Counts
    most: Counts


def _bands(system: System, names: Sequence[Sequence[str]], layers: Sequence[Before], times: _Times) -> _Bands:
    place = {name: at for at, each in enumerate(names) for name in each}
    rows = [system.bands @ times.people[-1]] if len(system.least) else []
    least, most = [*system.least.tolist()], [*system.most.tolist()]
    for then, people in zip(layers, times.people, strict=False):
        for weights, low, high in then.bands:
            if all(name in place for name, _ in weights):
                rows.append(sum(weight * system.counts[[place[name]]] for name, weight in weights) @ people)
                least.append(low)
                most.append(high)
    many = times.people[-1].shape[1]
    blank = sparse.csr_matrix((0, many), dtype=np.int64)
    together = sparse.vstack([blank, *(_as_wide(row, many) for row in rows)]).tocsr()
    return _Bands(together, np.array(least, dtype=np.int64), np.array(most, dtype=np.int64))


def _written(
    system: System,
    names: Sequence[Sequence[str]],
    layers: Sequence[Before],
    *,
    times: _Times,
    unknowns: Counts,
    few: int,
    known: Sequence[Counts],
) -> Stacked:
    """The system of all releases around one past."""
    leavers = int(times.left @ unknowns)
    whole = _Whole(*_tied(system, times, known), unknowns)
    if leavers:
        whole.at_most(sparse.csr_matrix(times.left), leavers)
    cells = list(system.cells)
    rows = [system.counts @ times.people[-1]]
    for at, then in enumerate(layers):
        for cell in _named(names, then.protected):
            cells.append(_at(system.cells[cell], f"{at}:"))
            rows.append(system.counts[[cell]] @ times.people[at])
    for at, cell in _changes(system, names, layers, leavers=leavers, few=few, known=known):
        cells.append(_at(system.cells[cell], f"{at}+:"))
        if leavers:
            stayed = whole.at_most(system.counts[[cell]] @ times.went[at - 1], leavers)
            rows.append(_with_one(system.counts[[cell]] @ times.came[at - 1], stayed))
        else:
            rows.append(system.counts[[cell]] @ times.came[at - 1])
    many = len(whole.unknowns)
    counts = sparse.vstack([_as_wide(row, many) for row in rows]).tocsr().astype(np.int64)
    ties, sums = _as_wide(sparse.vstack([_as_wide(tie, many) for tie in whole.ties]), many), np.concatenate(whole.sums)
    values = counts @ whole.unknowns
    return Stacked(system.crowd, tuple(cells), values, whole.unknowns, counts, ties, sums, leavers=leavers)


class _Whole:
    """Unknowns and what holds of them, to which further ones are added."""

    def __init__(self, ties: sparse.csr_matrix, sums: Counts, unknowns: Counts) -> None:
        self.ties, self.sums, self.unknowns = [ties], [sums], unknowns

    def at_most(self, row: sparse.csr_matrix, most: int) -> int:
        """Say that a sum of unknowns is at most so many persons; the number of the unknown that says how many fewer."""
        at = len(self.unknowns)
        fewer = most - int((_as_wide(row, at) @ self.unknowns)[0])
        self.ties.append(_with_one(row, at))
        self.sums.append(np.array([most], dtype=np.int64))
        self.unknowns = np.append(self.unknowns, fewer)
        return at


def _as_wide(rows: sparse.spmatrix, many: int) -> sparse.csr_matrix:
    wide = sparse.csr_matrix(rows, dtype=np.int64)
    wide.resize((wide.shape[0], many))
    return wide


def _with_one(row: sparse.csr_matrix, at: int) -> sparse.csr_matrix:
    """A row that counts one more unknown."""
    return _as_wide(row, at + 1) + sparse.csr_matrix(([1], ([0], [at])), shape=(1, at + 1), dtype=np.int64)


def _at(cell: Cell, when: str) -> Cell:
    return replace(cell, crowd=f"{when}{cell.crowd}", known_as="")


def _named(names: Sequence[Sequence[str]], wanted: frozenset[str]) -> list[int]:
    return [at for at, each in enumerate(names) if any(name in wanted for name in each)]


def _known(names: Sequence[Sequence[str]], before: Before) -> Counts:
    """What an earlier release showed of each cell, -1 where it did not."""
    return np.array([next((before.shown[name] for name in each if name in before.shown), -1) for each in names])


def _changes(
    system: System,
    names: Sequence[Sequence[str]],
    layers: Sequence[Before],
    *,
    leavers: int,
    few: int,
    known: Sequence[Counts],
) -> list[tuple[int, int]]:
    """(release, cell) where a cell's change since the release before may be small and is no public one.

    A change from a shown count is small only where the count is protected itself, and so is one from a protected count
    to a shown one: the rest is what was hidden before.
    """
    low, high = _bounds(system, known, leavers)
    found: list[tuple[int, int]] = []
    for at, (then, now) in enumerate(pairwise([*layers, None]), 1):
        assert then is not None
        hidden = set(_named(names, then.hidden))
        if now is not None:
            protected, later = set(_named(names, then.protected)), set(_named(names, now.hidden))
            shown = set(np.flatnonzero(known[at] >= 0).tolist())
            hidden &= later | (shown - protected)
        least, most = low[at] - high[at - 1], high[at] - low[at - 1]
        small = (least < few) & (most >= 1) if not leavers else (least < few) & (most > -few)
        found += [(at, cell) for cell in sorted(hidden) if small[cell]]
    return found


def _bounds(system: System, known: Sequence[Counts], leavers: int) -> tuple[Counts, Counts]:
    """Least and greatest count of every cell in each release, as far as its parts, its wholes and time tell at once."""
    inside = _within(system)
    far = np.iinfo(np.int64).max // 4
    low = np.array([*(inside.low(shown) for shown in known), system.values])
    high = np.array([*(inside.high(shown, far) for shown in known), system.values])
    for at in range(1, len(low)):
        low[at] = np.maximum(low[at], low[at - 1] - leavers)
    for at in reversed(range(len(high) - 1)):
        high[at] = np.minimum(high[at], high[at + 1] + leavers)
    return low, high


@dataclass(frozen=True)
class _Within:
    """Which cells lie within which: pairs (part, whole), each cell within itself."""

    part: Counts
    whole: Counts
    cells: int

    def low(self, shown: Counts) -> Counts:
        """The greatest shown part of each cell."""
        found = np.zeros(self.cells, dtype=np.int64)
        np.maximum.at(found, self.whole, shown[self.part])
        return np.maximum(found, 0)

    def high(self, shown: Counts, far: int) -> Counts:
        """The least shown whole of each cell; `far` where there is none."""
        found = np.full(self.cells, far, dtype=np.int64)
        np.minimum.at(found, self.part, np.where(shown >= 0, shown, far)[self.whole])
        return found


def _within(system: System) -> _Within:
    shared = (system.counts @ system.counts.T).tocoo()
    size = np.asarray(system.counts.sum(axis=1)).ravel()
    inside = shared.data == size[shared.row]
    return _Within(shared.row[inside].astype(np.int64), shared.col[inside].astype(np.int64), len(size))


def _one_past(tied: tuple[sparse.csr_matrix, Counts], bands: _Bands, times: _Times, leaves: Counts) -> Counts | None:
    """Whole persons that agree with all that was shown and with today's true leaves, with the fewest leavers.

    None when there are none. A linear programme, whose corner mostly is whole already; else a short search.
    """
    ties, sums = tied
    matrix = sparse.vstack([ties, times.people[-1], bands.rows]).tocsc()
    least, most = (np.concatenate([sums, leaves, each]) for each in (bands.least, bands.most))
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_max_nodes", NODES)):
        solver.setOptionValue(option, value)
    solver.passModel(_programme(matrix, least, most, times.left))
    for whole in (False, True):
        if whole:
            every = np.arange(matrix.shape[1], dtype=np.int32)
            kinds = np.full(len(every), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
            solver.changeColsIntegrality(len(every), every, kinds)
        solver.run()
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return None
        found: Counts = np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
        sides = matrix @ found
        if (found >= 0).all() and (sides >= least).all() and (sides <= most).all():
            return found
    return None


FEASIBLE = 2
"""What the solver says of a point that keeps every row."""


def _programme(matrix: sparse.csc_matrix, least: Counts, most: Counts, cost: Counts) -> highspy.HighsLp:
    programme = highspy.HighsLp()
    programme.num_row_, programme.num_col_ = matrix.shape
    programme.col_cost_ = cost.astype(np.float64)
    programme.col_lower_ = np.zeros(matrix.shape[1])
    programme.col_upper_ = np.full(matrix.shape[1], highspy.kHighsInf)
    programme.row_lower_ = _side(least)
    programme.row_upper_ = _side(most)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    programme.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    programme.a_matrix_.index_ = matrix.indices.astype(np.int32)
    programme.a_matrix_.value_ = matrix.data.astype(np.float64)
    return programme


def _side(persons: Counts) -> NDArray[np.float64]:
    return np.asarray(persons * np.where(np.abs(persons) >= UNBOUNDED, highspy.kHighsInf, 1.0))
