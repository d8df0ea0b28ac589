"""The exact solver beside us: optimal cell suppression by pytauargus (OPT, Fischetti and Salazar; HiGHS inside).

It gets the same lattice, the same primary cells, the same prices of cells, and the same width, which it can only be
told as 1 down and 2 up: its sliding level is read and does nothing. Its bounds are given explicitly, 0 and far above.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tests.factories.lattices import Groups

from bench.disclosure import peers
from upwell.evidence.disclosure.suppression.suppress import Demand
from upwell.evidence.disclosure.system import System

DOWN, UP = 1, 2
PATIENCE = 4
"""Times its own limit, of the wall clock, before it is ended from outside: on a shared machine it gets half a core."""


@dataclass(frozen=True)
class Solved:
    """hidden: bool, shape (cells,); None where it failed, with `why`. cpu: seconds. proved: ended before its limit."""

    hidden: NDArray[np.bool_] | None
    cpu: float = 0.0
    proved: bool = False
    why: str = ""


def solve(system: System, demand: Demand, axes: Sequence[Groups], *, seconds: int) -> Solved:
    """Its pattern of a lattice. seconds: its limit, in steps of a minute."""
    files = {"JJ.IN": _problem(system, demand, axes)}
    minutes = -(-seconds // 60)  # it takes its limit in minutes
    left = peers.ask("peer_exact.py", str(minutes), files=files, seconds=PATIENCE * 60 * minutes + 60)
    if "failed" in left:
        return Solved(None, why=left["failed"])
    told = json.loads(left["told.json"])
    if told["code"] > 1 or "JJ.OUT" not in left:
        return Solved(None, told["cpu"], why=f"code {told['code']}")
    hidden = demand.primary.copy()
    hidden[[int(each) for each in left["JJ.OUT"].split()]] = True
    return Solved(hidden, told["cpu"], proved=told["code"] == 0 and told["cpu"] < 0.95 * seconds)


def _problem(system: System, demand: Demand, axes: Sequence[Groups]) -> str:
    """Its input: number, value, price, state, bounds and levels of each cell; then each total with its parts."""
    far = 2 * int(system.values.max()) + 1000
    lines = ["0", str(len(system.values))]
    for at, value in enumerate(system.values.tolist()):
        price = round(100 * float(demand.cost[at]))
        state, down, up = ("u", DOWN, UP) if demand.primary[at] else ("s", 0, 0)
        lines.append(f"{at} {value} {price} {state} 0 {far} {down}.000 {up}.000 0")
    sums = totals(axes)
    lines.append(str(len(sums)))
    lines += [
        f"0 {len(parts) + 1} : {whole} (-1) " + " ".join(f"{part} (1)" for part in parts) for whole, parts in sums
    ]
    return "\n".join(lines) + "\n"


def totals(axes: Sequence[Groups]) -> list[tuple[int, list[int]]]:
    """Each cell of a lattice that has parts along an axis, with the numbers of its next finer parts."""
    number = np.arange(int(np.prod([len(axis) for axis in axes]))).reshape([len(axis) for axis in axes])
    found = []
    for at, axis in enumerate(axes):
        for first, behind in pairwise(_levels(axis)):
            for node in first:
                parts = [each for each in behind if set(axis[each]) <= set(axis[node])]
                whole = np.take(number, node, axis=at).ravel()
                below = np.stack([np.take(number, each, axis=at).ravel() for each in parts], axis=1)
                found += list(zip(whole.tolist(), below.tolist(), strict=True))
    return found


def _levels(axis: Groups) -> list[list[int]]:
    """The numbers of an axis's groups, level by level: everything, counties, single values."""
    sizes = sorted({len(group) for group in axis}, reverse=True)
    return [[at for at, group in enumerate(axis) if len(group) == size] for size in sizes]
