"""Full lattices: every total at every level of county > tract x age x race x time, over invented skewed caseloads.

The test bed of the gate's engine: sizes from 210 to 92,106 cells, each sparse (few people) or dense (ten times as many,
a "d" behind the name).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.suppression.suppress import Demand
from upwell.evidence.disclosure.system import System

AXES = ("tract", "age", "race", "time")


@dataclass(frozen=True)
class Shape:
    """How many values each axis has, without its totals (times 0: no such axis), and how many people."""

    counties: int
    tracts: int
    ages: int
    races: int
    times: int
    people: int


SHAPES = {
    "XS": Shape(2, 4, 4, 5, 0, 1_500),
    "S": Shape(2, 8, 6, 3, 2, 6_000),
    "M": Shape(2, 8, 6, 6, 4, 20_000),
    "L": Shape(8, 80, 6, 5, 4, 60_000),
    "XL": Shape(8, 120, 6, 5, 16, 200_000),
}

Groups = list[tuple[int, ...]]


def lattice(name: str, seed: int) -> System:
    """The lattice of a name ("S", "Md" ...): its cells in the order of the lattice, its leaves the finest cells."""
    shape = SHAPES[name.removesuffix("d")]
    axes = axes_of(shape)
    sizes = [max(max(group) for group in axis) + 1 for axis in axes]
    people = shape.people * (10 if name.endswith("d") else 1)
    return system_of(axes, caseload(np.random.default_rng(seed), sizes, people))


def random_lattice(seed: int, largest: int = 3_000) -> System:
    """A lattice of 100 to `largest` cells with a random shape and caseload, in every second one overlapping places."""
    random = np.random.default_rng(seed)
    while True:
        shape = random_shape(random)
        axes = axes_of(shape)
        if random.random() < 0.5:
            axes[0] = overlapping(random, shape.tracts, axes[0], tracts_told=random.random() < 0.5)
        if 100 <= prod(len(axis) for axis in axes) <= largest:
            break
    sizes = [max(max(group) for group in axis) + 1 for axis in axes]
    return system_of(axes, caseload(random, sizes, shape.people))


def random_shape(random: np.random.Generator) -> Shape:
    """One to four counties of two to six tracts, and so few to so many people that it is sparse or dense."""
    counties = int(random.integers(1, 5))
    return Shape(
        counties=counties,
        tracts=counties * int(random.integers(2, 7)),
        ages=int(random.integers(2, 7)),
        races=int(random.integers(2, 7)),
        times=int(random.choice([0, 2, 3, 4])),
        people=int(np.exp(random.uniform(np.log(500), np.log(100_000)))),
    )


def overlapping(random: np.random.Generator, tracts: int, places: Groups, *, tracts_told: bool = True) -> Groups:
    """Places told in two ways over the same tracts: counties, and districts that cut across them."""
    district = random.permutation(np.arange(tracts) % int(random.integers(2, 5)))
    districts = [tuple(np.flatnonzero(district == at).tolist()) for at in range(int(district.max()) + 1)]
    counties = [group for group in places if tracts_told or len(group) > 1]
    return list(dict.fromkeys([*counties, *districts]))


def axes_of(shape: Shape) -> list[Groups]:
    """For each axis its nodes as groups of values: everything, then (for places) counties, then single values."""
    each = shape.tracts // shape.counties
    counties = [tuple(range(at * each, (at + 1) * each)) for at in range(shape.counties)]
    tracts = list(dict.fromkeys([tuple(range(shape.tracts)), *counties, *((at,) for at in range(shape.tracts))]))
    others = [size for size in (shape.ages, shape.races, shape.times) if size]
    return [tracts, *([tuple(range(size)), *((at,) for at in range(size))] for size in others)]


def caseload(random: np.random.Generator, sizes: Sequence[int], people: int) -> NDArray[np.int64]:
    """People in each finest cell: skewed along every axis and unevenly mixed. int64 persons, shape (leaves,)."""
    weights = np.ones(1)
    for size in sizes:
        weights = np.outer(weights, random.lognormal(sigma=1.5, size=size)).ravel()
    weights *= random.gamma(0.5, size=len(weights))
    return random.multinomial(people, weights / weights.sum()).astype(np.int64)


def system_of(axes: Sequence[Groups], leaves: NDArray[np.int64]) -> System:
    """Every combination of the axes' nodes as a cell over the cross of their values."""
    counts = sparse.csr_matrix(np.ones((1, 1), dtype=np.int64))
    for axis in axes:
        counts = sparse.kron(counts, _members(axis), format="csr")
    names = [Cell("lattice", where, (0,)) for where in _wheres(axes)]
    nothing = np.zeros(0, dtype=np.int64)
    ties = sparse.csr_matrix((0, len(leaves)), dtype=np.int64)
    return System("lattice", tuple(names), counts @ leaves, leaves, counts.astype(np.int64), ties, nothing)


def demand_of(system: System, *, width: int = 3, full: bool = False, threshold: int = 11) -> Demand:
    """Hide 1 to threshold - 1 (full: zeros too, each value possible); zeros may be hidden, nothing is forced."""
    values = system.values
    primary = (values < threshold) & ((values > 0) | full)
    bounded = primary & full
    blank = np.zeros(len(values), dtype=bool)
    return Demand(
        primary=primary,
        forced=blank,
        silent=blank,
        width=np.full(len(values), threshold - 1 if full else width),
        low=np.where(bounded, 0, values),
        high=np.where(bounded, threshold - 1, values),
        cost=2.0 + np.log1p(values),
    )


def _members(axis: Groups) -> sparse.csr_matrix:
    size = max(max(group) for group in axis) + 1
    rows = np.repeat(np.arange(len(axis)), [len(group) for group in axis])
    columns = np.array([value for group in axis for value in group])
    return sparse.csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(axis), size))


def _wheres(axes: Sequence[Groups]) -> list[tuple[tuple[str, tuple[int, ...]], ...]]:
    sizes = [len(axis) for axis in axes]
    everything = [max(len(group) for group in axis) for axis in axes]
    found = []
    for number in range(prod(sizes)):
        places = np.unravel_index(number, sizes)
        groups = [axis[at] for axis, at in zip(axes, places, strict=True)]
        found.append(
            tuple(
                (name, group)
                for name, group, every in zip(AXES, groups, everything, strict=False)
                if len(group) < every
            )
        )
    return found
