"""Chance: how often a search as thorough as this one finds as much where nothing is to be found.

A parametric bootstrap: worlds drawn from the expectation, with households that answer together and programmes that
differ as much as these do; in each the baseline is fitted again and the same search repeated.
Sources: Besag & Clifford 1991 (sequential stopping); Abrams, Kleinman & Kulldorff 2010 (Gumbel tail).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import expected
from upwell.evidence.expected import Expectation, Likelihood
from upwell.evidence.scan.subset import Beside, Scan
from upwell.records.cases.table import Asked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ALPHA = 0.05
BATCHES = (10, 15, 25, 50, 99, 200, 200, 400)  # 199 worlds, or more where the answer is near the line
MOST_WORLDS, MOST_WORLDS_OF_MANY, MANY_PERSONS = 999, 399, 20_000
FIRST_LOOK = 199
ENOUGH_ABOVE = 6  # worlds that found as much: then chance is explanation enough
CLEAR = 0.2  # share of the line that a tail estimate must stay below to be taken without more worlds
FEWEST_CLUSTERS = 5
MOST_WINSORISED = 2
SMALLEST_P = 1e-6  # of one search; further out a law through some 200 worlds says nothing
EULER = 0.5772156649015329


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


def dependence(asked: Asked, programme: NDArray[np.uint8] | None, share: Floats, apart: Bools) -> Dependence:
    """Estimated from residuals. apart: persons of a candidate, whose excess must not count as usual noise.

    programme: codes of the programme column, None without one (then agencies are the clusters).
    """
    clusters = asked.agency if programme is None else programme
    household = np.unique(asked.household, return_inverse=True)[1].astype(np.int64)
    cluster = np.unique(clusters, return_inverse=True)[1].astype(np.int64)
    residual, spread = asked.yes - share, share * (1 - share)
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


@dataclass(frozen=True)
class Chance:
    """p: of the best score, over all that was searched in this run. found: best scores of the worlds drawn."""

    p: float
    found: tuple[float, ...]


def significance(
    scan: Scan, expectation: Expectation, linked: Dependence, observed: float, *, searches: int, seed: int
) -> Chance:
    """How often such worlds hold a score of at least `observed`, times the number of searches in this run."""
    rng = np.random.default_rng([seed, 1])
    found: list[float] = []
    for batch in BATCHES:
        answers = worlds(rng, expectation.fitted, linked, batch)
        shares = expected.refitted(expectation, answers)
        among = expectation.compared
        exact = [
            Beside(Likelihood(expectation, row), row[among], share[among], among)
            for row, share in zip(answers, shares, strict=True)
        ]
        best = scan.best_each(answers[:, among], shares[:, among], exact)
        found += [-inf if candidate is None else candidate.score for candidate in best]
        p = _p(found, observed)
        above = sum(score >= observed for score in found)
        enough = MOST_WORLDS if scan.people.persons < MANY_PERSONS else MOST_WORLDS_OF_MANY
        clear = len(found) >= FIRST_LOOK and above == 0 and p * searches <= CLEAR * ALPHA
        if clear or len(found) >= enough or _hopeless(above, len(found), searches):
            break
    return Chance(min(1.0, p * searches), tuple(found))


def _p(found: list[float], observed: float) -> float:
    above = sum(score >= observed for score in found)
    counted = (above + 1) / (len(found) + 1)
    if above or len(found) < FIRST_LOOK:
        return counted
    return min(counted, gumbel_tail(found, observed))


def _hopeless(above: int, drawn: int, searches: int) -> bool:
    """Stopping early only when chance explains the find: it can never turn a false alarm into a claim."""
    if above >= ENOUGH_ABOVE:
        return above / drawn > ALPHA / searches
    return above >= 3 and above / drawn > 4 * ALPHA / searches


def gumbel_tail(found: list[float], observed: float) -> float:
    """P(best score >= observed) by a Gumbel law through the worlds' best scores, fitted by moments.

    The scale is raised by twice its own standard error, and no p below 10**-6 is given, so that a few worlds do not
    promise too much.
    """
    scores = np.array([score for score in found if score > -inf])
    if len(scores) < 20:
        return 1.0
    scale = float(scores.std(ddof=1)) * sqrt(6) / pi
    location = float(scores.mean()) - EULER * scale
    careful = max(scale, 1e-9) * (1 + 2 * 1.05 / sqrt(len(scores)))
    tail = (observed - location) / careful
    return max(SMALLEST_P, -float(np.expm1(-exp(-tail))))


def score_needed(found: tuple[float, ...], *, searches: int) -> float | None:
    """The score that would be beyond chance at 5 %, by the same law; None when too few worlds were drawn."""
    scores = np.array([score for score in found if score > -inf])
    if len(scores) < 20:
        return None
    scale = float(scores.std(ddof=1)) * sqrt(6) / pi
    return float(scores.mean()) - EULER * scale - scale * log(-log(1 - ALPHA / searches))
