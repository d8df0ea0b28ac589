"""Crosses: a system whose cells are products of groups along independent axes, as geometry for the search by boxes.

A full lattice is one, and so is any set of tables over the same columns, totals and overlapping groups included. Every
combination of one group an axis is a "place", printed or not; the finest combinations are the leaves. The simplest
tables that differ from the truth and agree with most of what is printed move people around a box: one step along each
axis, from one value to another, or onto one value, which its totals then show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.system import System

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_PLACES = 2_000_000
"""Places that are kept in memory; crosses of more are left to the other search."""

WIDEST_STEP = 4
"""Groups that one step may move: two values of a flat column, or two places with the counties over them."""


class Geometry(NamedTuple):
    """What the compiled search reads.

    persons: at each place. node: group of each place, shape (places, axes). first, steps: the steps through group n of
    axis k are steps[k, first[k, n] : first[k, n + 1]]. start: a step moves members[start : end], each by its sign, and
    lies `offset` places along its axis.
    """

    persons: Counts
    node: Counts
    first: Counts
    steps: Counts
    start: Counts
    members: Counts
    sign: Counts
    offset: Counts


@dataclass(frozen=True)
class Cross:
    """A system as a cross. place: of each cell. leaf: number of the leaf at each place, -1 where there is none."""

    geometry: Geometry
    place: Counts
    leaf: Counts


def cross_of(system: System) -> Cross | None:
    """The system as a cross, or None when it is not one (ties between tables, complements, leaves left out)."""
    if system.ties.shape[0] or any(cell.outside for cell in system.cells):
        return None
    nodes = _nodes(system)
    axes, atoms = _axes(system, nodes)
    sizes = [len(axis) for axis in axes]
    if np.prod(sizes, dtype=object) > MOST_PLACES:
        return None
    cube = tuple(axis.shape[1] for axis in axes)
    order = np.ravel_multi_index(tuple(atoms), cube)
    place = np.ravel_multi_index(tuple(nodes), sizes)
    if len(np.unique(order)) < np.prod(cube) or not _is_product(system, axes, nodes, atoms):
        return None
    persons = np.bincount(order, weights=system.leaves).astype(np.int64).reshape(cube)
    single = [_single(axis) for axis in axes]
    leaf = np.full(int(np.prod(sizes)), -1, dtype=np.int64)
    leaf[np.ravel_multi_index(tuple(each[at] for each, at in zip(single, atoms, strict=True)), sizes)] = np.arange(
        len(order)
    )
    return Cross(_geometry(axes, persons), place, leaf)


def _nodes(system: System) -> Counts:
    """Number of each cell's group along each axis, shape (axes, cells): the columns by name, then the outcome."""
    columns = sorted({name for cell in system.cells for name, _ in cell.where})
    groups: list[dict[object, int]] = [{} for _ in (*columns, "")]
    found = np.empty((len(groups), len(system.cells)), dtype=np.int64)
    for at, cell in enumerate(system.cells):
        where = dict(cell.where)
        for axis, (numbers, name) in enumerate(zip(groups, (*columns, ""), strict=True)):
            group = where.get(name) if name else cell.outcomes
            found[axis, at] = numbers.setdefault(group, len(numbers))
    return found


def _axes(system: System, nodes: Counts) -> tuple[list[Mask], Counts]:
    """For each axis which group holds which value, shape (groups, values), and each leaf's value, (axes, leaves)."""
    axes, atoms = [], []
    for each in nodes:
        cells = np.arange(len(each))
        pick = sparse.csr_matrix((np.ones(len(each), dtype=np.int64), (each, cells)), shape=(each.max() + 1, len(each)))
        holds, value = np.unique((pick @ system.counts).toarray() > 0, axis=1, return_inverse=True)
        alone = np.eye(holds.shape[1], dtype=bool)
        missing = alone[[not (holds == one).all(axis=1).any() for one in alone]]
        axes.append(np.vstack([holds, missing]))
        atoms.append(value.ravel())
    return axes, np.array(atoms)


def _is_product(system: System, axes: list[Mask], nodes: Counts, atoms: Counts) -> bool:
    """Whether every cell holds exactly the leaves that its groups hold along every axis.

    Told by a random number for each leaf, added up both ways: no witness rests on it, all are verified by a product.
    """
    cube = tuple(axis.shape[1] for axis in axes)
    weights = np.random.default_rng(0).integers(1, 2**40, size=len(system.leaves))
    spread = np.zeros(cube, dtype=np.int64)
    spread[tuple(atoms)] = weights
    return bool((system.counts @ weights == _summed(axes, spread)[tuple(nodes)]).all())


def _summed(axes: list[Mask], cube: Counts) -> Counts:
    """What each combination of groups holds, of what each combination of values holds."""
    for at, axis in enumerate(axes):
        cube = np.moveaxis(np.tensordot(axis.astype(np.int64), cube, axes=(1, at)), 0, at)
    return cube


def _single(axis: Mask) -> Counts:
    """The group that holds each value alone."""
    alone = np.flatnonzero(axis.sum(axis=1) == 1)
    found = np.empty(axis.shape[1], dtype=np.int64)
    found[axis[alone].argmax(axis=1)] = alone
    return found


def _geometry(axes: list[Mask], persons: Counts) -> Geometry:
    persons = _summed(axes, persons)
    sizes = persons.shape
    strides = [int(np.prod(sizes[at + 1 :])) for at in range(len(sizes))]
    moves = [_moves(axis) for axis in axes]
    through: list[list[list[int]]] = []
    start, members, sign, offset = [0], [], [], []
    for each, size, stride in zip(moves, sizes, strides, strict=True):
        lists: list[list[int]] = [[] for _ in range(size)]
        for groups, signs in each:
            for group in groups:
                lists[group].append(len(start) - 1)
            members += groups
            sign += signs
            offset += [group * stride for group in groups]
            start.append(len(members))
        through.append(lists)
    first = np.zeros((len(sizes), max(sizes) + 1), dtype=np.int64)
    steps = np.zeros((len(sizes), max(sum(map(len, lists)) for lists in through)), dtype=np.int64)
    for at, lists in enumerate(through):
        first[at, 1 : len(lists) + 1] = np.cumsum([len(each) for each in lists])
        steps[at, : first[at, len(lists)]] = [step for each in lists for step in each]
    places = np.arange(int(np.prod(sizes)))
    node = np.stack(np.unravel_index(places, sizes), axis=1).astype(np.int64)
    numbers = (np.array(each, dtype=np.int64) for each in (start, members, sign, offset))
    return Geometry(np.ascontiguousarray(persons).ravel(), np.ascontiguousarray(node), first, steps, *numbers)


def _moves(axis: Mask) -> list[tuple[list[int], list[int]]]:
    """Steps along an axis, as the groups that they move and by how much: onto one value, or from one to another."""
    held = axis.astype(np.int64).T
    found = []
    for at, one in enumerate(held):
        for move in (one, *(one - held[at + 1 :])):
            groups = np.flatnonzero(move)
            if len(groups) <= WIDEST_STEP:
                found.append((groups.tolist(), move[groups].tolist()))
    return found
