"""Season: is an excess bound to months of the year, or is it there in every month since it began?

A wave of one year's length on the log odds of the excess, against an excess that is the same in every month from some
month on (and, before it, the same at another level). Chance: a parametric bootstrap from the fit without a wave.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, exp, hypot, pi

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.question import MONTHS_OF_A_SEASON, Season

Floats = NDArray[np.float64]

MOST_MONTHS = 120  # what was longer ago is left aside
MOST_CHANGES = 56  # months in which another level may begin; of more, some evenly apart: they bound time and memory
REPLICATES = 199
ALPHA = 0.05
FEWEST_YEARS = 2  # that a wave must help to tell: what came once is no season
EDGE = 3  # months at either end in which no other level begins
STEPS, LONGEST_STEP = 8, 2.0
RIDGE = 1e-2  # of log odds: months without any yes have no finite fit


def season(
    month: NDArray[np.int16],
    yes: NDArray[np.bool_],
    expected: Floats,
    *,
    begins: int,
    seed: int,
    inflation: float = 1.0,
) -> Season:
    """Whether the excess of some persons is bound to months of the year.

    month: of each person, from a month 0 that is month `begins` (1..12) of its year. expected: each person's share,
    strictly inside 0..1; if it knows no season, a season that everybody has is one of the excess too. inflation:
    variance over that of independent persons, at least 1.
    """
    lately = month > (int(month.max()) if len(month) else 0) - MOST_MONTHS
    month, yes, expected = month[lately], yes[lately], expected[lately]
    months = int(month.max()) - int(month.min()) + 1 if len(month) else 0
    if months < MONTHS_OF_A_SEASON:
        return Season("cannot tell", months)
    first = int(month.min())
    base, events, persons = _by_month(month.astype(np.int64) - first, yes, expected)
    steady, waved = _designs(months, wave=False), _designs(months, wave=True)
    still, moved = _fitted(steady, base, events[None], persons), _fitted(waved, base, events[None], persons)
    rng = np.random.default_rng([seed, 12])
    constant = 1 / (1 + np.exp(-still.log_odds[0]))
    worlds = rng.binomial(persons.astype(np.int64), constant, (REPLICATES, months)).astype(np.float64)
    by_chance = _fitted(waved, base, worlds, persons).value - _fitted(steady, base, worlds, persons).value
    gain = float(moved.value[0] - still.value[0]) / max(inflation, 1.0)
    p = float((by_chance >= gain - 1e-9).sum() + 1) / (REPLICATES + 1)
    years = months // 12
    agree = _agreeing(steady[moved.design], waved[moved.design], base, events, persons)
    along, across = (float(term) for term in moved.terms[2:])
    seasonal = p <= ALPHA and agree >= max(FEWEST_YEARS, (years + 1) // 2)
    return Season(
        "seasonal" if seasonal else "not seasonal",
        months,
        p,
        peak=int(round(atan2(across, along) * 6 / pi) + first + begins - 1) % 12 + 1,
        ratio=exp(2 * hypot(along, across)),
        agree=agree,
        years=years,
    )


def _by_month(at: NDArray[np.int64], yes: NDArray[np.bool_], expected: Floats) -> tuple[Floats, Floats, Floats]:
    """Expected log odds, persons with a yes, and persons of each month."""
    persons, told = np.bincount(at).astype(np.float64), np.bincount(at, weights=expected)
    share = np.where(persons > 0, told / np.maximum(persons, 1), told.sum() / persons.sum())
    return np.log(share / (1 - share)), np.bincount(at, weights=yes).astype(np.float64), persons


def _designs(months: int, *, wave: bool) -> Floats:
    """One design for each month in which the level may change, and one without change; (designs, months, terms)."""
    at = np.arange(months)
    turn = 2 * pi * at / 12
    within = np.arange(EDGE, months - EDGE + 1)
    some = np.unique(np.linspace(0, len(within) - 1, min(len(within), MOST_CHANGES)).round().astype(np.int64))
    changes = [0, *within[some].tolist()]
    designs = []
    for change in changes:
        terms = [np.ones(months), (at >= change) if change else np.zeros(months)]
        terms += [np.cos(turn), np.sin(turn)] if wave else []
        designs.append(np.stack(terms, axis=1).astype(np.float64))
    return np.stack(designs)


@dataclass(frozen=True)
class _Fit:
    """The best of all designs for each replicate. value: nats; log_odds: shape (replicates, months).

    terms, design: coefficients and number of the first replicate's design.
    """

    value: Floats
    log_odds: Floats
    terms: Floats
    design: int


def _fitted(designs: Floats, base: Floats, events: Floats, persons: Floats) -> _Fit:
    """Binomial fits of log odds beyond `base`, by Newton steps, for all replicates and designs at once."""
    terms = designs.shape[2]
    squares = (designs[..., None] * designs[:, :, None, :]).reshape(*designs.shape[:2], terms * terms)
    beta = np.zeros((len(designs), len(events), terms))
    ridge = RIDGE * np.eye(terms)
    across = designs.transpose(0, 2, 1)
    for _ in range(STEPS):
        rates = 1 / (1 + np.exp(-(base + beta @ across)))
        slope = (events - persons * rates) @ designs - RIDGE * beta
        hessian = ((persons * rates * (1 - rates)) @ squares).reshape(*beta.shape, terms) + ridge
        beta += np.clip(np.linalg.solve(hessian, slope[..., None])[..., 0], -LONGEST_STEP, LONGEST_STEP)
    log_odds = base + beta @ across
    value = (events * log_odds - persons * np.logaddexp(0, log_odds)).sum(axis=2)
    best = value.argmax(axis=0)
    of = np.arange(len(events))
    return _Fit(value[best, of], log_odds[best, of], beta[best[0], 0], int(best[0]))


def _agreeing(still: Floats, waved: Floats, base: Floats, events: Floats, persons: Floats) -> int:
    """Whole years that a wave learned from the other years tells better; the rest of a year goes with the last.

    still, waved: one design each, shape (months, terms). What came once teaches no other year.
    """
    months = len(events)
    year = np.minimum(np.arange(months) // 12, months // 12 - 1)
    agree = 0
    for own in range(months // 12):
        others = np.where(year == own, 0.0, persons), np.where(year == own, 0.0, events)
        flat, wave = (_fitted(design[None], base, others[1][None], others[0]).log_odds[0] for design in (still, waved))
        gain = events * (wave - flat) - persons * (np.logaddexp(0, wave) - np.logaddexp(0, flat))
        agree += bool(gain[year == own].sum() > 0)
    return agree
