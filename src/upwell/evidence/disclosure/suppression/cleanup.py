"""Clean-up: show again each cell without which the proofs stand, or can be found anew inside what stays hidden."""

from __future__ import annotations

import numpy as np

from upwell.evidence.disclosure.suppression.inside import Inside
from upwell.evidence.disclosure.suppression.net import Circuit, Numbers, circuits_of
from upwell.evidence.disclosure.suppression.search import ANY_PRICE, Known, Search
from upwell.evidence.disclosure.suppression.witnesses import Mask

FEW = 6
"""Open aims up to which each is asked for by itself: its circuits are short, whole and hang on few cells."""

SOME = 0.1
"""Persons: a move of less is none."""

TRIES = 8
"""Programmes that look for the proofs that hang on one cell, before it stays hidden."""


def give_back(search: Search, work: int) -> None:
    """Show what is not needed, the dearest cells first.

    work: unknowns times programmes, at most, in place of a clock; cells that are left then stay hidden.
    """
    begun = search.flow.work
    inside = Inside(search.net, search.hidden)
    nothing = np.zeros(search.net.cells, dtype=bool)
    extra = np.flatnonzero(search.hidden & ~search.start)
    for cell in sorted(extra.tolist(), key=lambda at: (-search.demand.cost[at], at)):
        if not search.hidden[cell]:
            continue
        if search.flow.work - begun + inside.work > work:
            return
        together = inside.together(cell)
        together = together[together < search.net.cells]
        if search.demand.primary[together].any() and len(together) > 1:
            continue  # what moves with a primary cell is its only company
        fewer = search.hidden.copy()
        fewer[together] = search.start[together]
        if _proved(search, inside, cell, fewer, nothing):
            search.hidden = fewer
            inside.close(cell)


def _proved(search: Search, inside: Inside, cell: int, fewer: Mask, nothing: Mask) -> bool:
    """Whether every aim is proved with fewer cells hidden; looks for new circuits where the known ones do not do."""
    for _ in range(TRIES):
        known = search.known(fewer)
        unproved = int(known.unproved.sum())
        if not unproved:
            return True
        moves = _moves(search, inside, cell, known) if unproved > FEW else []
        if unproved > FEW and not moves:
            return False
        found = [circuit for move in moves for circuit in circuits_of(search.net, move)]
        if not _added(search, found, known) and not _sought_singly(search, fewer, known, nothing):
            return False
    return not search.known(fewer).unproved.any()


def _added(search: Search, circuits: list[Circuit], known: Known) -> bool:
    """Keep the circuits that help; whether there were any."""
    return any([search.helps(circuit, known) and search.pool.add(circuit) for circuit in circuits])


def _sought_singly(search: Search, fewer: Mask, known: Known, nothing: Mask) -> bool:
    """Whether a short circuit was found for one of the unproved aims."""
    aim = int(search.random.choice(np.flatnonzero(known.unproved)))
    alone = Known(known.low, known.high, np.arange(len(search.aims)) == aim)
    turns = (np.full(len(search.aims), turn) for turn in (1, -1))
    found = [each for turn in turns for each in search.found(fewer, nothing, alone, price=ANY_PRICE, turn=turn)]
    return _added(search, found, alone)


def _moves(search: Search, inside: Inside, cell: int, known: Known) -> list[Numbers]:
    """Moves of all unproved aims in random directions and back; none when one of them cannot move at all."""
    weights = np.where(known.unproved, search.random.normal(size=len(search.aims)), 0.0)
    moves = _both_ways(search, inside, cell, known, weights)
    still = known.unproved & np.all([np.abs(move[search.aims]) < SOME for move in moves], axis=0)
    if still.any():
        hardest = np.arange(len(still)) == np.flatnonzero(still)[0]
        alone = _both_ways(search, inside, cell, known, hardest.astype(np.float64))
        if all(np.abs(move[search.aims[hardest]]) < SOME for move in alone):
            return []
        moves += alone
    return moves


def _both_ways(search: Search, inside: Inside, cell: int, known: Known, weights: Numbers) -> list[Numbers]:
    reward = np.zeros(len(search.net.persons))
    moves = []
    for sign in (1, -1):
        reward[search.aims] = sign * weights
        move = inside.farthest(cell, reward, _far(search, known))
        moves += [] if move is None else [move]
    return moves


def _far(search: Search, known: Known) -> tuple[Numbers, Numbers]:
    """How far down (0 or less) and up each aim need go."""
    low, high = np.zeros(len(search.net.persons)), np.zeros(len(search.net.persons))
    low[search.aims] = np.minimum(search.least, known.high - search.width).clip(max=0)
    high[search.aims] = np.maximum(search.greatest, known.low + search.width).clip(min=0)
    return low, high
