"""Confirmation: what was found among one half of the persons is tested and measured among the other half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import expected
from upwell.evidence.expected import Expectation, scattered
from upwell.evidence.question import Finding, Where
from upwell.evidence.scan.climbing.subset import Standing
from upwell.evidence.scan.describe import Setting, interval
from upwell.evidence.scan.surely.chance import Dependence
from upwell.evidence.scan.surely.tail import at_least
from upwell.records.cases.table import Asked

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def halves(asked: Asked, seed: int) -> Bools:
    """True for the persons who discover; members of a household stay together."""
    return halves_of(asked.household, seed)


def halves_of(unit: NDArray[np.int32], seed: int) -> Bools:
    """True for about half of the units; unit: a number for each person, those of one number stay together."""
    return (scattered(unit, seed ^ 0x5EED) & np.uint64(1)).astype(np.bool_)


NOWHERE = Standing(0.0)


@dataclass(frozen=True)
class Tested:
    """A candidate with the one-sided p of the half that did not find it."""

    p: float
    place: Where = ()
    standing: Standing = NOWHERE

    def of(self, place: Where, standing: Standing) -> Tested:
        """The same p, and what it is about."""
        return replace(self, place=place, standing=standing)


def against(asked: Asked, expectation: Expectation, linked: Dependence, members: Bools, share: Floats) -> Tested:
    """The chance of as many yes among the members held back, by an expectation that never saw them.

    share: expected share of each person, earlier findings taken into account. Households, clusters and the fit's own
    uncertainty widen the tail.
    """
    told = share[members]
    if not len(told):
        return Tested(1.0)
    spread = max(float((told * (1 - told)).sum()), 1e-12)
    inflation = linked.inflation(share, members) + expectation.uncertainty(members) / spread
    return Tested(at_least(int(asked.yes[members].sum()), told, inflation=inflation))


def claimed(found: Sequence[Tested], *, searches: int, alpha: float) -> list[tuple[Tested, float]]:
    """Those that stand after Holm over the candidates and Bonferroni over the searches of the run, with that p."""
    corrected = holm([tested.p for tested in found], searches=searches)
    kept = [(tested, p) for tested, p in zip(found, corrected, strict=True) if p <= alpha]
    return sorted(kept, key=lambda one: one[1])


def holm(p: Sequence[float], *, searches: int = 1) -> list[float]:
    """Corrected p of each, in the order given (Holm 1979): rejecting those at most alpha errs at all in at most alpha.

    searches: other searches of the same run, for which each is multiplied (Bonferroni).
    """
    corrected, largest = [1.0] * len(p), 0.0
    for rank, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        largest = max(largest, min(1.0, p[i] * (len(p) - rank) * searches))
        corrected[i] = largest
    return corrected


def measured(setting: Setting, whole: Finding, held_back: Bools, p: float) -> Finding:
    """A finding with expectation and interval of the half held back, scaled to all its persons."""
    members = whole.inside & held_back
    apart = expected.set_apart(setting.expectation, setting.asked.yes, whole.inside & ~held_back)
    setting = replace(setting, expectation=apart)
    scale = whole.persons / max(int(members.sum()), 1)
    low, high = interval(setting, members)
    told = float(setting.expectation.share[members].sum())
    return replace(
        whole,
        expected=told * scale,
        excess_low=low * scale,
        excess_high=high * scale,
        p=p,
        p_from="confirmation",
    )
