"""Examine: what outsiders can work out of published tables, count by count and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.attacking.attack import AttackReport, Effort, attack, attack_whole
from upwell.evidence.disclosure.attacking.explain import Explained, explain
from upwell.evidence.disclosure.attacking.outside import Outside, Seen
from upwell.evidence.disclosure.attacking.told import sentences

Counts = NDArray[np.int64]
Verdict = Literal["exact", "near", "narrowed", "open"]

WIDE = 10
"""Persons between the least and greatest possible count, from which on a withheld count is called open."""

NEAR = 3
"""A count that can be told to so many values or fewer is nearly known."""

MOST_WHOLE = 200
"""Counts that are looked at in whole persons, when they are nearly known and not exactly."""

MOST_UNKNOWNS = 5_000
"""Unknowns of a system above which looking in whole persons is left out."""


@dataclass(frozen=True)
class Finding:
    """One withheld count. low, high: persons, what it can be. how: sentences that prove an exact one, () when none.

    promised: persons between the least and greatest count that its mark leaves open; WIDE where it leaves more.
    whole: only whole-number reasoning makes it exact or narrow.
    """

    cell: Seen
    low: int
    high: int
    promised: int = WIDE
    how: tuple[str, ...] = ()
    whole: bool = False

    @property
    def exact(self) -> bool:
        """Whether the count follows."""
        return self.low >= self.high


@dataclass(frozen=True)
class Examined:
    """Everything found out of one set of tables that count the same people."""

    seen: Outside
    findings: tuple[Finding, ...]
    effort: Effort
    said: tuple[str, ...]

    @property
    def exact(self) -> tuple[Finding, ...]:
        """Counts that follow exactly, those with the fewest steps first."""
        return tuple(sorted(self._of("exact"), key=lambda each: len(each.how) or 99))

    @property
    def near(self) -> tuple[Finding, ...]:
        """Counts told to two or three values."""
        return self._of("near")

    @property
    def narrowed(self) -> tuple[Finding, ...]:
        """Counts told to more than three values, and fewer than the mark leaves open, or than eleven."""
        return self._of("narrowed")

    @property
    def safe(self) -> int:
        """Counts that stay open."""
        return len(self._of("open"))

    def verdict(self, finding: Finding) -> Verdict:
        """How closely a count is told."""
        if finding.exact:
            return "exact"
        if finding.high - finding.low < min(NEAR, finding.promised):
            return "near"
        return "narrowed" if finding.high - finding.low < finding.promised else "open"

    def _of(self, verdict: Verdict) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if self.verdict(each) == verdict)


def examine(seen: Outside, *, seed: int, whole: bool = True) -> Examined:
    """Attack tables as outsiders see them, and explain what follows. whole: reason in whole persons too, where small.

    Raises ValueError when the printed counts contradict each other.
    """
    report = attack(seen.public, width=WIDE, seed=seed, floor=seen.floor, ceiling=seen.ceiling)
    hidden = np.flatnonzero(seen.public.shown < 0)
    low, high = report.low.copy(), report.high.copy()
    closer = _in_whole(seen, report, hidden, low, high) if whole else np.zeros(len(hidden), dtype=bool)
    found = {int(cell): int(least) for cell, least, most in zip(hidden, low, high, strict=True) if least >= most}
    told = {each.cell: each for each in _explained(seen, found)}
    findings = tuple(
        Finding(
            seen.cells[cell], int(low[at]), int(high[at]),
            _promised(seen, cell), sentences(told[cell], seen) if cell in told else (), bool(closer[at]),
        )
        for at, cell in enumerate(hidden.tolist())
    )  # fmt: skip
    return Examined(seen, findings, report.effort, seen.said)


def _promised(seen: Outside, cell: int) -> int:
    ceiling = int(seen.ceiling[cell])
    return WIDE if ceiling < 0 else min(WIDE, ceiling - int(seen.floor[cell]))


def _explained(seen: Outside, found: dict[int, int]) -> Sequence[Explained]:
    if not found:
        return ()
    return explain(seen.public, found, floor=seen.floor, ceiling=seen.ceiling, shares=seen.shares)


def _in_whole(seen: Outside, report: AttackReport, hidden: Counts, low: Counts, high: Counts) -> NDArray[np.bool_]:
    """Narrow what is nearly known by whole-number reasoning, in place. Gives which counts became narrower."""
    closer = np.zeros(len(hidden), dtype=bool)
    near = np.flatnonzero((high > low) & (high - low < NEAR))[:MOST_WHOLE]
    if not len(near) or seen.public.parts.shape[1] > MOST_UNKNOWNS:
        return closer
    ends = attack_whole(seen.public, hidden[near].tolist(), floor=seen.floor, ceiling=seen.ceiling)
    for at, each in zip(near, ends, strict=True):
        if each.least > low[at] or each.greatest < high[at]:
            low[at], high[at] = max(low[at], each.least), min(high[at], each.greatest)
            closer[at] = True
    return closer
