"""Chance: how often a search as thorough as this one finds as much where nothing is to be found.

A parametric bootstrap: worlds drawn from the expectation, with households that answer together and programmes that
differ as much as these do; in each the baseline is fitted again and the same search repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import expected
from upwell.evidence.expected import Expectation, Likelihood
from upwell.evidence.scan.climbing.subset import Beside, Candidate, Scan
from upwell.evidence.scan.surely.sequential import Chance, Told, drawn
from upwell.records.cases.table import Asked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_WORLDS = ((20_000, 999), (1_000_000, 399))  # below so many persons at most so many worlds
MOST_WORLDS_OF_MANY = 199
AT_ONCE = 4_000_000  # answers drawn at a time: bounds memory
FEWEST_CLUSTERS = 5
MOST_WINSORISED = 2


@dataclass(frozen=True)
class Dependence:
    """How persons hang together beyond the expectation.

    together: share 0..1 of persons whose answer is drawn with their household's. household, cluster: int64 numbers
    from 0. spread: sd of the clusters' own log odds.
    """

    household: NDArray[np.int64]
    together: float
    cluster: NDArray[np.int64]
    spread: float

    def inflation(self, share: Floats, members: Bools) -> float:
        """Variance of the number of yes among members, over what it were if persons were independent; >= 1."""
        spread = share[members] * (1 - share[members])
        shared = 2 * self.together**2 * float(_shared(self.household[members], share[members]).sum())
        clustered = self.spread**2 * float((np.bincount(self.cluster[members], weights=spread) ** 2).sum())
        return 1 + (shared + clustered) / max(float(spread.sum()), 1e-12)


def _shared(household: NDArray[np.int64], share: Floats) -> Floats:
    """Covariance of all pairs in each household, were their answers drawn together: sum of min(p, p') - p p'."""
    order = np.lexsort((-share, household))
    household, share = household[order], share[order]
    first = np.searchsorted(household, household, side="left")
    smaller = np.bincount(household, weights=share * (np.arange(len(share)) - first))
    products = (np.bincount(household, weights=share) ** 2 - np.bincount(household, weights=share**2)) / 2
    covariance: Floats = np.maximum(smaller - products, 0.0)
    return covariance


@dataclass(frozen=True)
class Units:
    """Which persons belong together. household, cluster: any whole numbers, shape (persons,)."""

    household: NDArray[np.int64] | NDArray[np.int32]
    cluster: NDArray[np.int64] | NDArray[np.int32] | NDArray[np.uint8]


def dependence(asked: Asked, programme: NDArray[np.uint8] | None, share: Floats, apart: Bools) -> Dependence:
    """Estimated from residuals. apart: persons of a candidate, whose excess must not count as usual noise.

    programme: codes of the programme column, None without one (then agencies are the clusters).
    """
    return estimated(Units(asked.household, asked.agency if programme is None else programme), asked.yes, share, apart)


def estimated(units: Units, yes: Bools, share: Floats, apart: Bools) -> Dependence:
    """As `dependence`, of any persons; all arrays of shape (persons,)."""
    household = np.unique(units.household, return_inverse=True)[1].astype(np.int64)
    cluster = np.unique(units.cluster, return_inverse=True)[1].astype(np.int64)
    residual, spread = yes - share, share * (1 - share)
    together = _together(household[~apart], residual[~apart], share[~apart])
    return Dependence(household, together, cluster, _cluster_spread(cluster, residual, spread, apart))


def _together(household: NDArray[np.int64], residual: Floats, share: Floats) -> float:
    """Root of the share of pairs in a household that answer together, 0..1, by moments of their residuals."""
    pairs = float(_shared(household, share).sum())
    if pairs < 1:
        return 0.0
    products = ((np.bincount(household, weights=residual) ** 2).sum() - (residual**2).sum()) / 2
    return float(np.sqrt(np.clip(products / pairs, 0.0, 1.0)))


def _cluster_spread(cluster: NDArray[np.int64], residual: Floats, spread: Floats, apart: Bools) -> float:
    """Sd of log odds between clusters, by moments (DerSimonian & Laird); 0 with too few clusters to tell."""
    whole = np.bincount(cluster, weights=spread)
    information = np.bincount(cluster, weights=np.where(apart, 0.0, spread))
    used = information > np.maximum(0.5 * whole, 0.5)
    if used.sum() < FEWEST_CLUSTERS:  # few clusters, or a candidate that is everywhere: those outside it must tell
        used = information > np.maximum(0.1 * whole, 2.0)
    if used.sum() < FEWEST_CLUSTERS:
        # A candidate that takes most of nearly every cluster leaves nothing to tell by: then its own excess has to
        # count as usual noise, which can only hide it.
        information, apart, used = whole, np.zeros_like(apart), whole > 0.5
    if used.sum() < FEWEST_CLUSTERS:
        return 0.0
    excess = np.bincount(cluster, weights=np.where(apart, 0.0, residual))
    misfit = excess[used] ** 2 / information[used]
    # A cluster that is wholly in the candidate was picked because it stands out: leaving it out as if by lot would
    # make the others look too much alike. It counts as one that stands out as much as the next (winsorised).
    lost = min(int((whole > 0.5).sum() - used.sum()), MOST_WINSORISED)
    clusters = int(used.sum()) + lost
    # Expectations were fitted to the same people: one degree of freedom goes to the common level.
    surplus = float(misfit.sum()) + lost * float(misfit.max()) - (clusters - 1)
    return sqrt(max(0.0, surplus / (float(information[used].mean()) * clusters)))


def worlds(rng: np.random.Generator, share: Floats, linked: Dependence, replicates: int) -> Bools:
    """Answers drawn with nothing to find; bool, shape (replicates, persons)."""
    shape = (replicates, len(share))
    drawn = rng.random(shape)
    if linked.together > 0:
        shared = rng.random((replicates, int(linked.household.max()) + 1))[:, linked.household]
        drawn = np.where(rng.random(shape) < linked.together, shared, drawn)
    chance: Floats = share[None, :]
    if linked.spread > 0:
        own = rng.normal(0.0, linked.spread, (replicates, int(linked.cluster.max()) + 1))
        odds = share / (1 - share) * np.exp(own)[:, linked.cluster]
        chance = odds / (1 + odds)
    answers: Bools = drawn < chance
    return answers


def significance(
    scan: Scan,
    expectation: Expectation,
    linked: Dependence,
    observed: float,
    *,
    searches: int,
    seed: int,
    told: Told | None = None,
) -> Chance:
    """How often such worlds hold a score of at least `observed`, times the number of searches in this run."""
    rng = np.random.default_rng([seed, 1])
    among = expectation.compared

    def draw(replicates: int) -> list[float]:
        answers = worlds(rng, expectation.fitted, linked, replicates)
        shares = expected.refitted(expectation, answers)
        exact = [
            Beside(Likelihood(expectation, row), row[among], share[among], among)
            for row, share in zip(answers, shares, strict=True)
        ]
        return scores(scan.best_each(answers[:, among], shares[:, among], exact))

    return one_after_the_other(draw, observed, len(expectation.fitted), searches=searches, told=told)


def scores(best: Sequence[Candidate | None]) -> list[float]:
    """The score of each best sub-population, -inf where none had enough persons."""
    return [-inf if candidate is None else candidate.score for candidate in best]


def one_after_the_other(
    draw: Callable[[int], list[float]], observed: float, persons: int, *, searches: int, told: Told | None = None
) -> Chance:
    """The worlds of a search, a few at a time where persons are very many; see `sequential.drawn`."""
    at_once = max(1, AT_ONCE // persons)
    return drawn(draw, observed, most=most_worlds(persons), searches=searches, at_once=at_once, told=told)


def most_worlds(persons: int) -> int:
    """Worlds that are drawn at most."""
    return next((worlds for below, worlds in MOST_WORLDS if persons < below), MOST_WORLDS_OF_MANY)
