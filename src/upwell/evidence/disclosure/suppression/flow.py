"""Flows: the cheapest move that agrees with what is shown, found by linear programming (HiGHS), many cells at once.

Only the search uses this; the auditor (attack.py) writes its own programme.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.suppression.net import Counts, Net, Numbers, bands_of, entries
from upwell.evidence.disclosure.system import System

DUAL = 1
"""HiGHS' simplex strategy. From cold and without presolve it is the fastest for programmes of this size."""

NEAR_WHOLE = 1e-6

BRANCHES = 50
"""Most nodes of a search for a move in whole persons."""

MOST_BRANCHED = 3_000
"""Moves up to which whole persons are looked for by branching: in larger programmes the first node takes minutes."""

OPTIONS: dict[str, bool | int | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "presolve": "off",
    "simplex_strategy": DUAL,
    "mip_max_nodes": BRANCHES,
}


@dataclass(frozen=True)
class Wish:
    """What a move should do, one entry a node of the net.

    up, down: persons, the farthest a node may move; 0 and 0 keeps it as it is (it is shown).
    up_cost, down_cost: cost of each person moved; negative is a reward.
    """

    up: Numbers
    down: Numbers
    up_cost: Numbers
    down_cost: Numbers


class Flow:
    """Programmes over one net, each written anew with only the nodes that may move.

    solved: how many so far. work: their unknowns added up.
    """

    def __init__(self, net: Net) -> None:
        self.net = net
        self.solved = self.work = 0
        self._solver = solver_with(OPTIONS)

    def move(self, wish: Wish, *, whole: bool = False, branch: bool = True) -> Numbers | None:
        """The cheapest move that the wish allows, persons gained at each node; None when the solver gave up.

        whole: double it where it is not in whole persons (corners of linked tables lie at halves). branch: and where
        that does not help, search for one in whole persons by branching, which is slow.
        """
        loose = np.flatnonzero((wish.up > 0) | (wish.down > 0))
        places, rows, weights = entries(self.net, loose)
        kept, index = np.unique(rows, return_inverse=True)
        start = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(loose)))])
        pass_programme(
            self._solver,
            cost=np.concatenate([wish.up_cost[loose], wish.down_cost[loose]]),
            lower=np.zeros(2 * len(loose)),
            upper=np.concatenate([wish.up[loose], wish.down[loose]]),
            rows=(self.net.least[kept], self.net.most[kept]),
            start=np.concatenate([start[:-1], start + len(rows)]),
            index=np.concatenate([index, index]),
            value=np.concatenate([weights, -weights]),
        )
        self.solved += 1
        self.work += 2 * len(loose)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        both = np.asarray(self._solver.getSolution().col_value)
        if whole and not _is_whole(both):
            both = self._in_whole(both, wish.down[loose], branch=branch)
        gains = np.zeros(len(wish.up))
        gains[loose] = both[: len(loose)] - both[len(loose) :]
        return gains

    def _in_whole(self, both: Numbers, most_down: Numbers, *, branch: bool) -> Numbers:
        """Twice the move, which is whole where corners lie at halves, or one found by branching; else as it was."""
        columns = len(both) // 2
        twice = 2.0 * both
        if _is_whole(twice) and (twice[columns:] - twice[:columns] <= most_down).all():
            return np.asarray(twice)
        if not branch or len(both) > MOST_BRANCHED:
            return both
        kinds = np.full(len(both), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._solver.changeColsIntegrality(len(both), np.arange(len(both), dtype=np.int32), kinds)
        self.solved += 1
        self.work += len(both)
        self._solver.setOptionValue("presolve", "on")  # branching is much the quicker for it
        self._solver.run()
        self._solver.setOptionValue("presolve", "off")
        found = self._solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return np.asarray(self._solver.getSolution().col_value) if found else both


def _is_whole(moves: Numbers) -> bool:
    return bool(np.abs(moves - np.rint(moves)).max(initial=0.0) <= NEAR_WHOLE)


def solver_with(options: dict[str, bool | int | str]) -> highspy.Highs:
    """A solver that prints nothing."""
    solver = highspy.Highs()
    for option, value in options.items():
        solver.setOptionValue(option, value)
    return solver


def pass_programme(
    solver: highspy.Highs,
    *,
    cost: Numbers,
    lower: Numbers,
    upper: Numbers,
    rows: tuple[Numbers, Numbers],
    start: NDArray[np.signedinteger],
    index: Counts,
    value: Numbers,
) -> None:
    """Hand a programme to a solver: columns by columns, all continuous."""
    columns, least = len(cost), rows[0]
    solver.passModel(
        columns,
        len(least),
        len(index),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        cost,
        lower,
        upper,
        least,
        rows[1],
        start.astype(np.int32),
        index.astype(np.int32),
        value,
        np.zeros(columns, dtype=np.int32),
    )


def agrees(system: System, leaves: Counts) -> bool:
    """Whether a table is possible at all: nobody negative, ties and bands kept. Cells are for the caller to compare."""
    bands = bands_of(system) @ leaves
    return bool(
        (leaves >= 0).all()
        and (system.ties @ leaves == system.sums).all()
        and (system.least <= bands).all()
        and (bands <= system.most).all()
    )
