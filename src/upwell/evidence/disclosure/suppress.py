"""Suppression: which cells to hide so that no small count can be worked out, and the proof that it cannot.

The proof is a pool of witnesses: whole-number tables that agree with everything shown. A protected cell is safe when
two of them (the true table is one) lie as far apart in it as the rules ask. Integer reasoning is covered as well,
because witnesses are whole. Witnesses never leave the case side: a mirror-image pair has the truth as its midpoint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.cleanup import give_back
from upwell.evidence.disclosure.flow import agrees
from upwell.evidence.disclosure.net import net_of
from upwell.evidence.disclosure.search import Demand, Search
from upwell.evidence.disclosure.system import System

__all__ = ["Demand", "Hiding", "agrees", "suppress", "verify"]

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]

MOST_BY_FLOWS = 4_000
"""Cells up to which linear programmes find the pattern; larger systems are searched by boxes (large.py)."""


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
    if len(system.cells) > MOST_BY_FLOWS:
        from upwell.evidence.disclosure.large import suppress_large  # noqa: PLC0415 - numba is slow to import

        return suppress_large(system, demand, seed=seed)
    return by_flows(system, demand, seed=seed, thorough=thorough)


def by_flows(system: System, demand: Demand, *, seed: int, thorough: bool) -> Hiding:
    """The same by linear programmes, whatever the size."""
    search = Search(net_of(system), demand, seed)
    search.buy(~demand.forced)
    if not search.known().unproved.any():
        if thorough:
            search.buy_again()
        give_back(search)
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
