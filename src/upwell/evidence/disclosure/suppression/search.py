"""The search for a pattern: buy company for cells that are not proved, then give back what is not needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from upwell.evidence.disclosure.suppression.flow import Flow, Wish
from upwell.evidence.disclosure.suppression.net import Circuit, Counts, Net, Numbers, circuits_of
from upwell.evidence.disclosure.suppression.witnesses import Mask, Pool

PRICES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0)
"""What one person's move of an unproved cell may cost, rising: cheap secondary cells are bought first."""

AT_ONCE = 80
"""Most unproved cells that one programme moves: of more, the optimum is seldom in whole persons."""

STILL = 0.001
"""Cost of moving a hidden cell: almost nothing, so that witnesses do not wander."""

TRIES = 6
"""How often one aim is moved at other prices in search of whole persons, before branching."""

MOST_IN_VAIN = 3
"""Aims that nothing could move, before the others are asked for once each: earlier releases may leave no way out."""

ANY_PRICE = 1e5


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
    cost: Numbers


@dataclass(frozen=True)
class Known:
    """What is known of each aim: persons down (0 or less) and up that it may move, and whether that is too little."""

    low: Counts
    high: Counts
    unproved: Mask


class Search:
    """The state of one search: what is hidden, and every circuit found so far."""

    def __init__(self, net: Net, demand: Demand, seed: int) -> None:
        self.net, self.demand = net, demand
        self.aims = np.flatnonzero(demand.primary)
        self.flow, self.pool = Flow(net), Pool(net, self.aims)
        self.random = np.random.default_rng(seed)
        self.most_in_vain = MOST_IN_VAIN
        self.start = demand.primary | demand.silent
        self.hidden = self.start.copy()
        values = net.persons[self.aims]
        self.width = demand.width[self.aims]
        self.least, self.greatest = demand.low[self.aims] - values, demand.high[self.aims] - values

    def known(self, hidden: Mask | None = None) -> Known:
        """What the circuits prove of a pattern."""
        low, high = self.pool.bounds(self.hidden if hidden is None else hidden)
        proved = (high - low >= self.width) & (low <= self.least) & (high >= self.greatest)
        return Known(low, high, ~proved)

    def learn(self, counts: sparse.csr_matrix, moves: Counts) -> None:
        """Keep the circuits of whole moves found elsewhere. moves: persons gained, shape (moves, leaves)."""
        cells = (counts @ moves.T).T
        for gained, leaves in zip(cells, moves, strict=True):
            nodes = np.zeros(len(self.net.persons))
            nodes[self.net.leaf] = leaves
            nodes[: self.net.cells] = gained
            for circuit in circuits_of(self.net, nodes):
                self.pool.add(circuit)

    def loss(self, hidden: Mask) -> float:
        """What hiding these cells loses."""
        return float(self.demand.cost[hidden & ~self.start].sum())

    def buy(self, may_hide: Mask) -> None:
        """Hide more cells, the cheapest first, until every aim is proved or nothing helps."""
        for price in PRICES:
            turn = np.where(self.random.random(len(self.aims)) < 0.5, 1, -1)
            for direction in (turn, -turn):
                known = self.known()
                if not known.unproved.any():
                    return
                self.take(self.found(self.hidden, may_hide, self._some(known), price=price, turn=direction), known)
        self._buy_singly(may_hide)

    def buy_again(self) -> None:
        """Start over inside the pattern found, in other directions: often fewer cells do."""
        before = self.hidden
        self.hidden = self.start.copy()
        self.buy(before)
        if self.known().unproved.any() or self.loss(self.hidden) > self.loss(before):
            self.hidden = before

    def _some(self, known: Known) -> Known:
        """The same, with so few unproved aims that one programme moves them in whole persons."""
        unproved = np.flatnonzero(known.unproved)
        if len(unproved) <= AT_ONCE:
            return known
        chosen = np.zeros(len(self.aims), dtype=bool)
        chosen[self.random.permutation(unproved)[:AT_ONCE]] = True
        return Known(known.low, known.high, chosen)

    def _buy_singly(self, may_hide: Mask) -> None:
        """One unproved aim after the other, at any price, in the cheaper direction."""
        lost = np.zeros(len(self.aims), dtype=bool)
        in_vain = 0
        while True:
            known = self.known()
            unproved = np.flatnonzero(known.unproved & ~lost)
            if not len(unproved):
                return
            aim = int(self.random.choice(unproved))
            alone = Known(known.low, known.high, np.arange(len(self.aims)) == aim)
            offers: list[Circuit] = []
            for at in range(TRIES + 1 if in_vain < self.most_in_vain else 1):
                offers = offers or self._offers(may_hide, alone, shaken=at > 0, branch=at == TRIES)
            lost[aim] = not offers
            in_vain += not offers
            if offers:
                self.take([min(offers, key=self._price)], alone)

    def _offers(self, may_hide: Mask, alone: Known, *, shaken: bool, branch: bool) -> list[Circuit]:
        """Circuits of flows in whole persons that move one aim either way, whatever it costs.

        shaken: at random prices, because another corner may lie at whole persons. branch: look for whole persons by
        branching, which can take a hundred times longer: one way is then enough.
        """
        found: list[Circuit] = []
        for turn in (1, -1):
            wish = self._wish(self.hidden, may_hide, alone, ANY_PRICE, np.full(len(self.aims), turn))
            if shaken:
                prices = self.random.uniform(0.1, 1.0, len(wish.up))
                wish = replace(wish, up_cost=wish.up_cost * prices, down_cost=wish.down_cost * prices)
            move = self.flow.move(wish, whole=True, branch=branch)
            found += [] if move is None else [each for each in circuits_of(self.net, move) if self.helps(each, alone)]
            if branch and found:
                break
        return found

    def _price(self, circuit: Circuit) -> float:
        cells = circuit.nodes[circuit.nodes < self.net.cells]
        return float(self.demand.cost[cells][~self.hidden[cells]].sum())

    def take(self, circuits: list[Circuit], known: Known) -> None:
        """Keep the circuits that bring an unproved aim farther, and hide what they move."""
        for circuit in circuits:
            if self.helps(circuit, known):
                self.pool.add(circuit)
                self.hidden[circuit.nodes[circuit.nodes < self.net.cells]] = True

    def helps(self, circuit: Circuit, known: Known) -> bool:
        """Whether a circuit brings an unproved aim farther than is known."""
        aims, low, high = self.pool.reach(circuit)
        return bool((known.unproved[aims] & ((low < known.low[aims]) | (high > known.high[aims]))).any())

    def found(self, hidden: Mask, may_hide: Mask, known: Known, *, price: float, turn: Counts) -> list[Circuit]:
        """Circuits of one flow that moves the unproved aims, each in its direction, where the price allows."""
        move = self.flow.move(self._wish(hidden, may_hide, known, price, turn))
        return [] if move is None else list(circuits_of(self.net, move))

    def _wish(self, hidden: Mask, may_hide: Mask, known: Known, price: float, turn: Counts) -> Wish:
        nodes, cells = len(self.net.persons), self.net.cells
        loose = np.concatenate([hidden | may_hide, np.ones(nodes - cells, dtype=bool)])
        cost = np.concatenate([np.where(hidden, STILL, self.demand.cost), np.full(nodes - cells, STILL / 10)])
        up = np.where(loose, float(self.net.persons.max(initial=0) + 100), 0.0)
        down = np.where(loose, self.net.persons, 0.0)
        up_cost, down_cost = cost.copy(), cost.copy()
        far_up = np.maximum(self.greatest, known.low + self.width).astype(np.float64)
        far_down = np.minimum(self.net.persons[self.aims], -np.minimum(self.least, known.high - self.width))
        reward = price * self.random.uniform(0.7, 1.3, len(self.aims))
        for sign, far, out, way, home in (
            (1, far_up, up, up_cost, down_cost),
            (-1, far_down, down, down_cost, up_cost),
        ):
            moved = known.unproved & (turn == sign) & (far > 0)
            at = self.aims[moved]
            out[at] = far[moved]
            # the way back costs what the way out earns: else the solver earns by going up and down at once
            way[at] -= reward[moved]
            home[at] += reward[moved]
        return Wish(up=up, down=down, up_cost=up_cost, down_cost=down_cost)
