"""One attack on one hidden pattern, counted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.attacking.attack import AttackReport, Public, attack
from upwell.evidence.disclosure.system import System

LARGE = 11
OTHER_SEED = 7_777_777
"""Added to a seed for the attack: the gate never uses it."""

Mask = NDArray[np.bool_]


@dataclass
class Tally:
    """Sums over many systems.

    systems: asked. refused: of them. protected: hidden counts attacked. exact: told to one value. near: told to at
    most three values. narrow: told more closely than asked. large: counts of 11 and more that were asked for; shown: of
    them. failures: what was broken, words with its seed. given_up: what no pattern was found for, likewise.
    """

    systems: int = 0
    refused: int = 0
    protected: int = 0
    exact: int = 0
    near: int = 0
    narrow: int = 0
    large: int = 0
    shown: int = 0
    failures: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)

    @property
    def share_large_shown(self) -> float:
        """Of counts of 11 and more, tables left out included; 0..1."""
        return self.shown / max(1, self.large)

    def add(self, other: Tally) -> None:
        """The sums of both."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def public_of(system: System, hidden: Mask) -> Public:
    """What everybody sees of a system."""
    names = tuple(cell.id for cell in system.cells)
    shown = np.where(hidden, -1, system.values)
    return Public(names, shown, system.counts, system.ties, system.sums, system.bands, system.least, system.most)


def tallied(report: AttackReport, own: Mask, width: int) -> Tally:
    """What an attack found of the protected among the hidden cells. own: bool, one a hidden cell."""
    apart = report.high - report.low
    return Tally(
        protected=int(own.sum()),
        exact=int((own & (apart < 1)).sum()),
        near=int((own & (apart < 3)).sum()),
        narrow=int((own & (apart < width)).sum()),
    )


def audited(system: System, hidden: Mask, protected: Mask, *, seed: int, width: int = 3) -> Tally:
    """A pattern under attack, and what it shows."""
    told = tallied(attack(public_of(system, hidden), width=width, seed=seed + OTHER_SEED), protected[hidden], width)
    large = system.values >= LARGE
    told.systems, told.large, told.shown = 1, int(large.sum()), int((large & ~hidden).sum())
    return told
