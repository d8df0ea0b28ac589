"""Suppression: which cells to hide so that no small count can be worked out, and the proof that it cannot.

The proof is a pool of witnesses: whole-number tables that agree with everything shown. A protected cell is safe when
two of them (the true table is one) lie as far apart in it as the rules ask. Integer reasoning is covered as well,
because witnesses are whole. Witnesses never leave the case side: a mirror-image pair has the truth as its midpoint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.flow import Flow, Wish, agrees
from upwell.evidence.disclosure.system import System

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]

PRICES = (0.5, 2.0, 3.0, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0, 30.0, 60.0, 200.0, 1000.0)
"""What one person's move of an unproved cell may cost, rising: cheap secondary cells are bought first."""

ROUNDS = 4
"""Directions tried at each price, each way and back: more of them find cheaper company before the price rises."""

STILL = 0.001
"""Cost of moving a hidden cell: almost nothing, so that witnesses do not wander."""

TRIES = 12
"""Most hidden cells that the clean-up asks the solver about; the dearest first."""


@dataclass(frozen=True)
class Demand:
    """What must hold of each cell of a system, one entry a cell.

    primary: may not be shown. forced: is public already, may not be hidden. silent: is no printed cell, never shown.
    width: persons between the least and the greatest possible value of a primary cell.
    low, high: values of a primary cell that must be possible (full protection); else its own value.
    cost: what hiding a cell loses, per person moved, more than 0.
    """

    primary: Mask
    forced: Mask
    silent: Mask
    width: Counts
    low: Counts
    high: Counts
    cost: NDArray[np.float64]


@dataclass(frozen=True)
class Hiding:
    """Which cells are hidden, and why that is enough.

    unproved: primary cells without a proof; where any is True nothing may be released.
    witnesses: int64 persons, shape (witnesses, leaves), the true table first. lowest, highest: for each cell, the
    number of the witness that has it least and most.
    """

    hidden: Mask
    unproved: Mask
    witnesses: Counts
    lowest: Counts
    highest: Counts
    solved: int


def suppress(system: System, demand: Demand, *, seed: int, thorough: bool = True) -> Hiding:
    """Hide the primary cells, and as little more as it finds necessary, until each has its two witnesses.

    thorough: search a second time within the pattern found; systems over several releases are too large for that.
    Same seed, same answer. Cells stay unproved only where forced cells leave no way out.
    """
    search = _Search(system, demand, seed)
    search.buy(~demand.forced)
    if search.open().any():
        return search.close()
    if thorough:
        search.buy_again()
    search.give_back()
    return search.close()


def verify(system: System, demand: Demand, hiding: Hiding) -> bool:
    """Whether the witnesses prove the hiding: one sparse product, no solver."""
    if not all(agrees(system, table) for table in hiding.witnesses):
        return False
    cells = (system.counts @ hiding.witnesses.T).T
    if (cells[:, ~hiding.hidden] != system.values[~hiding.hidden]).any():
        return False
    every = np.arange(len(system.values))
    low, high = cells[hiding.lowest, every], cells[hiding.highest, every]
    enough = (high - low >= demand.width) & (low <= demand.low) & (high >= demand.high)
    return bool((enough & hiding.hidden)[demand.primary].all())


class _Search:
    """The state of one search: what is hidden, and every table found so far."""

    def __init__(self, system: System, demand: Demand, seed: int) -> None:
        self.system, self.demand = system, demand
        self.flow = Flow(system)
        self.random = np.random.default_rng(seed)
        self.start = demand.primary | demand.silent
        self.hidden = self.start.copy()
        self.tables = [system.leaves]
        self.cells = [system.values]

    def bounds(self, hidden: Mask) -> tuple[Counts, Counts]:
        """Least and greatest count of each cell over the tables that agree with what `hidden` leaves shown."""
        cells = np.array(self.cells)
        valid = (cells[:, ~hidden] == self.system.values[~hidden]).all(axis=1)
        return cells[valid].min(axis=0), cells[valid].max(axis=0)

    def open(self, hidden: Mask | None = None) -> Mask:
        """Primary cells that are not proved."""
        low, high = self.bounds(self.hidden if hidden is None else hidden)
        demand = self.demand
        proved = (high - low >= demand.width) & (low <= demand.low) & (high >= demand.high)
        return demand.primary & ~proved

    def buy(self, may_hide: Mask) -> None:
        """Hide more cells, the cheapest first, until every primary cell is proved or no price helps."""
        for price in PRICES:
            turn = np.where(self.random.random(len(self.hidden)) < 0.5, 1, -1)
            for at in range(ROUNDS):
                if not self.open().any():
                    return
                self.step(price, turn, may_hide)
                turn = -turn if at % 2 == 0 else self.random.permutation(turn)
        for cell in np.flatnonzero(self.open()):
            for direction in (1, -1):
                if self.open()[cell]:
                    self.step(PRICES[-1] * 100, np.full(len(self.hidden), direction), may_hide, only=int(cell))

    def step(self, price: float, turn: Counts, may_hide: Mask, *, only: int | None = None) -> None:
        """One flow: move the unproved cells in their directions where the price allows; hide what moved with them."""
        wish = self.wish(self.hidden, price, turn, may_hide, only)
        table = self.flow.move(wish, branch=only is not None)
        if table is None:
            return
        cells = self.system.counts @ table
        moved = cells != self.system.values
        if moved.any():
            self.hidden |= moved
            self.tables.append(table)
            self.cells.append(cells)

    def wish(self, hidden: Mask, price: float, turn: Counts, may_hide: Mask, only: int | None) -> Wish:
        low, high = self.bounds(hidden)
        demand, values = self.demand, self.system.values
        unproved = self.open(hidden)
        if only is not None:
            unproved &= np.arange(len(hidden)) == only
        far_up = np.maximum(demand.high, low + demand.width) - values
        far_down = np.minimum(values, values - np.minimum(demand.low, high - demand.width))
        up, down = unproved & (turn > 0) & (far_up > 0), unproved & (turn < 0) & (far_down > 0)
        loose = np.where(hidden | may_hide, float(values.sum() + 100), 0.0)
        cost = np.where(hidden, STILL, demand.cost)
        return Wish(
            up=np.where(up, far_up, loose),
            down=np.where(down, far_down, loose),
            # the way back costs what the way out earns: else the solver earns by going up and down at once
            up_cost=np.where(up, cost - price, np.where(down, cost + price, cost)),
            down_cost=np.where(down, cost - price, np.where(up, cost + price, cost)),
        )

    def buy_again(self) -> None:
        """Start over inside the pattern found, in other directions: often fewer cells do."""
        before = self.hidden
        self.hidden = self.start.copy()
        self.buy(before)
        if self.open().any() or self.loss(self.hidden) > self.loss(before):
            self.hidden = before

    def loss(self, hidden: Mask) -> float:
        return float(self.demand.cost[hidden].sum())

    def give_back(self) -> None:
        """Show again each cell without which the proofs stand, or can be found anew inside what stays hidden."""
        asked = 0
        extra = np.flatnonzero(self.hidden & ~self.start)
        for cell in sorted(extra, key=lambda at: (-self.demand.cost[at], at)):
            fewer = self.hidden.copy()
            fewer[cell] = False
            if self.open(fewer).any() and asked < TRIES:
                asked += 1
                self.prove_again(fewer)
            if not self.open(fewer).any():
                self.hidden = fewer

    def prove_again(self, hidden: Mask) -> None:
        """Look for the missing witnesses without hiding anything more."""
        nothing = np.zeros(len(hidden), dtype=bool)
        for direction in (1, -1):
            table = self.flow.move(self.wish(hidden, 1.0, np.full(len(hidden), direction), nothing, None))
            if table is not None:
                self.tables.append(table)
                self.cells.append(self.system.counts @ table)

    def close(self) -> Hiding:
        """What was found, with only the witnesses that the proofs need."""
        cells = np.array(self.cells)
        valid = np.flatnonzero((cells[:, ~self.hidden] == self.system.values[~self.hidden]).all(axis=1))
        lowest, highest = valid[cells[valid].argmin(axis=0)], valid[cells[valid].argmax(axis=0)]
        kept = np.unique(np.concatenate([[0], lowest, highest]))
        number = np.zeros(len(cells), dtype=np.int64)
        number[kept] = np.arange(len(kept))
        return Hiding(
            hidden=self.hidden,
            unproved=self.open(),
            witnesses=np.array(self.tables)[kept],
            lowest=number[lowest],
            highest=number[highest],
            solved=self.flow.solved,
        )
