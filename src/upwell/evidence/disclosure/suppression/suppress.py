"""Suppression: which cells to hide so that no small count can be worked out, and the proof that it cannot.

The proof is a pool of witnesses: whole-number tables that agree with everything shown. A protected cell is safe when
two of them (the true table is one) lie as far apart in it as the rules ask. Integer reasoning is covered as well,
because witnesses are whole. Witnesses never leave the case side: a mirror-image pair has the truth as its midpoint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.suppression.cleanup import give_back
from upwell.evidence.disclosure.suppression.cross import cross_of
from upwell.evidence.disclosure.suppression.flow import agrees
from upwell.evidence.disclosure.suppression.net import net_of
from upwell.evidence.disclosure.suppression.search import Demand, Search
from upwell.evidence.disclosure.system import System

__all__ = ["Demand", "Hiding", "agrees", "suppress", "verify"]

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]

FEWEST_BY_BOXES = 400
"""Cells from which a system that is a cross of groups is searched by boxes first (large.py, compiled)."""

MOST_BY_FLOWS = 4_000
"""Cells up to which linear programmes give back what boxes hid without need."""

MOST_WORK = 2_500_000
WORK_A_CELL = 80
"""What giving back may cost beside a search by boxes, and beside one by programmes alone (see cleanup.give_back).

A brief has many small systems and is made while somebody waits; a lattice is one, and dear.
"""


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

    thorough: give back, by linear programmes, what the proofs do not need (never in systems of more than
    MOST_BY_FLOWS cells; systems over several releases are too large for searching twice).
    Same seed, same answer. Cells stay unproved only where forced cells leave no way out.
    """
    cells = len(system.cells)
    if cells < FEWEST_BY_BOXES or cross_of(system) is None:
        return by_flows(system, demand, seed=seed, thorough=thorough)
    from upwell.evidence.disclosure.suppression.large import suppress_large  # noqa: PLC0415 - numba is slow to import

    found = suppress_large(system, demand, seed=seed)
    enough = not (thorough or found.unproved.any())
    if (cells > MOST_BY_FLOWS or enough) and not system.bands.shape[0]:
        return found  # boxes know of no bands: beside those their circuits are weighed again
    search = Search(net_of(system), demand, seed)
    search.hidden = found.hidden.copy()
    search.learn(system.counts, found.witnesses[1:] - system.leaves)
    return _finished(system, search, ~demand.forced, MOST_WORK)


def by_flows(system: System, demand: Demand, *, seed: int, thorough: bool) -> Hiding:
    """The same by linear programmes alone."""
    search = Search(net_of(system), demand, seed)
    search.buy(~demand.forced)
    if thorough and not search.known().unproved.any():
        search.buy_again()
    return _finished(system, search, ~demand.forced, WORK_A_CELL * len(system.cells))


def _finished(system: System, search: Search, may_hide: Mask, work: int) -> Hiding:
    """Company bought for what is still open, then everything given back that no proof needs."""
    search.buy(may_hide)
    if not search.known().unproved.any():
        give_back(search, work)
    return _closed(system, search)


def _closed(system: System, search: Search) -> Hiding:
    """What was found, with only the witnesses that the proofs need."""
    moves, lowest, highest = search.pool.proofs(search.hidden)
    unproved = np.zeros(len(search.hidden), dtype=bool)
    unproved[search.aims] = search.known().unproved
    return Hiding(
        hidden=search.hidden,
        unproved=unproved,
        witnesses=system.leaves + moves.toarray(),
        lowest=lowest,
        highest=highest,
        solved=search.flow.solved,
    )


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
