"""A watch: how it is kept, what it knows of the people it looks at, and what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.expected import Expectation
from upwell.evidence.question import Where
from upwell.evidence.scan.surely.chance import Dependence
from upwell.evidence.scan.watching import memory
from upwell.evidence.scan.watching.memory import Memory
from upwell.records.cases.table import Asked, Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Watch:
    """How a watch is kept. alarms: false ones accepted a year. looks: a year. windows: months back from the present.

    least: fewest persons with, and without, the trouble in what is told.
    """

    alarms: float = 1.0
    looks: int = 12
    windows: tuple[int, ...] = (1, 2, 3, 6)
    least: int = 11

    @property
    def alpha(self) -> float:
        """Chance of a false alarm in one look."""
        return self.alarms / self.looks


@dataclass(frozen=True)
class Usual:
    """Share expected of each person before known issues raise it; fit: None where it was known beforehand.

    linked: how persons hang together, None: not at all.
    """

    share: Floats
    fit: Expectation | None = None
    linked: Dependence | None = None


@dataclass(frozen=True)
class Present:
    """The month up to which is looked, and the month that Asked calls 0, on one calendar."""

    now: int
    origin: int = 0


@dataclass(frozen=True)
class Alarm:
    """A trouble that is new, or a known one that is clearly worse. Case-side: every number is exact.

    issue: its number in the memory. first, last: months. expected: known issues taken into account. odds: beyond that.
    p: of the look as a whole ("worse": of this issue alone). years: so seldom would chance alone give such an alarm.
    """

    kind: Literal["new", "worse"]
    issue: int
    where: Where
    first: int
    last: int
    inside: Bools = field(repr=False, compare=False)
    persons: int
    yes: int
    expected: float
    odds: float
    p: float
    years: float


@dataclass(frozen=True)
class Looking:
    asked: Asked
    columns: Sequence[Column]
    usual: Usual
    watch: Watch
    present: Present

    def ago(self) -> NDArray[np.int64]:
        """Months before the present, 0 for this month; negative for what is still to come."""
        return self.present.now - self.present.origin - self.asked.month.astype(np.int64)

    def lately(self, months: int) -> Bools:
        ago = self.ago()
        told: Bools = (ago >= 0) & (ago < months)
        return told

    def lift(self, known: Memory, *, told_only: bool = False) -> Floats:
        return memory.lift(self.asked, self.columns, known, origin=self.present.origin, told_only=told_only)

    def raised(self, known: Memory) -> Floats:
        return memory.raised(self.usual.share, self.lift(known))


@dataclass(frozen=True)
class Seen:
    """What a search of the last months came upon. inside: bool, of all persons. ratio: odds beyond expectation."""

    where: Where
    months: int
    inside: Bools
    score: float
    ratio: float
