"""Expectation: how many would say yes if nothing were unusual, by a named baseline.

Logistic main effects, shrunk, fitted on distinct strata and cross-fitted: nobody's expectation is learned from the
person's own household. Place, agency, project and time are not adjusted for unless the baseline says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import BASELINES
from upwell.records.cases.table import Asked, Column

Floats = NDArray[np.float64]

FOLDS = 5
CROSS_FITTED_BELOW = 100_000
"""From here on half of the persons is held back, which is the stronger guard, and one fit serves."""
RIDGE = 1.0  # prior variance 1 on the log odds of a value: a stratum of a handful says little
PROGRAMME_RIDGE = 4.0  # programmes differ less than groups of people do, and are often small
STEPS = 50


@dataclass(frozen=True)
class Design:
    """Strata of persons who share every adjusted answer. matrix: shape (strata, coefficients), first column 1.

    stratum: int64, shape (persons,). ridge: penalty of each coefficient, 0 for the first.
    """

    matrix: Floats
    stratum: NDArray[np.int64]
    ridge: Floats


@dataclass(frozen=True)
class Expectation:
    """Share expected of each person, and all that is needed to fit it again to other answers.

    share: float64, shape (persons,), cross-fitted; of persons who are not compared, meaningless.
    fitted: the same from one fit to everybody it learns from: the truth of a bootstrap world.
    compared: bool, shape (persons,). fold: uint8, shape (persons,). rounds: (folds learned from, folds foretold).
    coefficients: of the one fit. precision: its Hessian, for the uncertainty of an expectation.
    """

    share: Floats
    fitted: Floats
    compared: NDArray[np.bool_]
    design: Design
    fold: NDArray[np.uint8]
    rounds: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    coefficients: Floats
    precision: Floats

    @property
    def learned(self) -> tuple[int, ...]:
        """Folds that the one fit learns from."""
        return tuple(sorted({fold for learn, _ in self.rounds for fold in learn}))

    @cached_property
    def inverse(self) -> Floats:
        """Of the precision: covariance of the coefficients."""
        return np.linalg.inv(self.precision).astype(np.float64)

    def uncertainty(self, members: NDArray[np.bool_]) -> float:
        """Variance of the expected number among some persons that comes from fitting, persons squared."""
        spread = self.fitted[members] * (1 - self.fitted[members])
        weights = np.bincount(self.design.stratum[members], weights=spread, minlength=len(self.design.matrix))
        slope = self.design.matrix.T @ weights
        return float(slope @ np.linalg.solve(self.precision, slope))


def of(
    asked: Asked, columns: Sequence[Column], baseline: str, *, seed: int, halves: NDArray[np.bool_] | None = None
) -> Expectation:
    """The expectation of a question under a baseline.

    halves: bool, shape (persons,); when given, only those True are learned from and all are foretold.
    Raises EvidenceError for an unknown baseline, or an earlier half with nobody in it.
    """
    if baseline not in BASELINES:
        raise EvidenceError(f"There is no baseline called {baseline!r}. Choose one of: {', '.join(BASELINES)}.")
    design = _design(asked, columns, baseline)
    fold, rounds, compared = _plan(asked, baseline, seed, halves)
    learned = np.isin(fold, np.unique(np.concatenate([learn for learn, _ in rounds])))
    yes, persons = _by_fold(design, fold, asked.yes)
    folds = np.unique(fold[learned])
    coefficients, precision = _fit(design, yes[folds].sum(axis=0), persons[folds].sum(axis=0), None)
    fitted = _logistic(design.matrix @ coefficients)[design.stratum]
    share = np.empty_like(fitted)
    for learn, foretell in rounds:
        if len(rounds) == 1:
            beta = coefficients
        else:
            beta, _ = _fit(design, yes[list(learn)].sum(axis=0), persons[list(learn)].sum(axis=0), coefficients)
        told = np.isin(fold, foretell)
        share[told] = _logistic(design.matrix @ beta)[design.stratum[told]]
    share[~compared] = fitted[~compared]
    return Expectation(
        _inside_unit(share), _inside_unit(fitted), compared, design, fold, rounds, coefficients, precision
    )


def refitted(expectation: Expectation, answers: NDArray[np.bool_]) -> Floats:
    """Expectations fitted again to other answers of the same people, in the same way.

    answers: bool, shape (replicates, persons). Returns float64 of the same shape. Newton steps with the Hessian of
    the first fit: the answers come from its neighbourhood. Error: below 0.002 of a share at 3,000 persons.
    """
    design, strata = expectation.design, len(expectation.design.matrix)
    folds = int(expectation.fold.max()) + 1
    cell = expectation.fold.astype(np.int64) * strata + design.stratum
    yes = np.stack([np.bincount(cell[row], minlength=folds * strata) for row in answers])
    yes = yes.reshape(len(answers), folds, strata)
    persons = np.bincount(cell, minlength=folds * strata).reshape(folds, strata)
    share = np.repeat(expectation.fitted[None, :], len(answers), axis=0)
    for learn, foretell in expectation.rounds:
        rates = _refit(expectation, yes[:, list(learn)].sum(axis=1), persons[list(learn)].sum(axis=0))
        told = np.isin(expectation.fold, foretell)
        share[:, told] = rates[:, design.stratum[told]]
    return _inside_unit(share)


def _refit(expectation: Expectation, yes: NDArray[np.int64], persons: NDArray[np.int64]) -> Floats:
    design = expectation.design
    rates = _logistic(design.matrix @ expectation.coefficients)
    hessian = (design.matrix.T * (persons * rates * (1 - rates))) @ design.matrix + np.diag(design.ridge)
    inverse = np.linalg.inv(hessian + 1e-9 * np.eye(len(hessian)))
    beta = np.repeat(expectation.coefficients[None, :], len(yes), axis=0)
    told = np.repeat(rates[None, :], len(yes), axis=0)
    for _ in range(5):
        slope = (yes - persons * told) @ design.matrix - beta * design.ridge
        beta = beta + np.clip(slope @ inverse, -2, 2)
        told = _logistic(beta @ design.matrix.T)
    return told


@dataclass(frozen=True)
class Apart:
    """A fit in which some persons have their own level, so that they do not raise what is expected of them.

    gain: nats of (penalised) log likelihood over the fit without that level. ratio: their odds ratio, at least 1.
    coefficients: of the others' fit.
    """

    gain: float
    ratio: float
    coefficients: Floats


class Likelihood:
    """Log likelihood ratios of sub-populations against one baseline fitted to one set of answers.

    A sub-population raises the main effects it shares with others, and so hides part of itself. Setting it apart and
    fitting both together is the likelihood ratio test of "this set has its own level beside the main effects".
    """

    def __init__(self, expectation: Expectation, yes: NDArray[np.bool_], *, start: Floats | None = None) -> None:
        """yes: bool, shape (persons,), the answers; start: coefficients near the fit."""
        design, strata = expectation.design, len(expectation.design.matrix)
        self._design, self._yes = design, yes
        self._learned = np.isin(expectation.fold, expectation.learned)
        self._persons = np.bincount(design.stratum[self._learned], minlength=strata).astype(np.float64)
        self._events = np.bincount(design.stratum[self._learned & yes], minlength=strata).astype(np.float64)
        self._inverse = expectation.inverse
        beta = expectation.coefficients if start is None else start
        for _ in range(6):
            residual = self._events - self._persons * _logistic(design.matrix @ beta)
            step = self._inverse @ (design.matrix.T @ residual - design.ridge * beta)
            beta = beta + np.clip(step, -1, 1)
            if np.abs(step).max() < 1e-5:
                break
        self._beta = beta
        self._base = self._value(beta, 0.0, np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))

    def apart(self, members: NDArray[np.bool_]) -> Apart | None:
        """The fit with members (bool, shape (persons,)) set apart; None when nobody of them was learned from."""
        at = self._design.stratum[members & self._learned]
        if not len(at):
            return None
        held, place = np.unique(at, return_inverse=True)
        persons = np.bincount(place).astype(np.float64)
        events = np.bincount(place, weights=self._yes[members & self._learned]).astype(np.float64)
        beta, theta, before = self._beta.copy(), 0.0, 0.0
        for _ in range(12):
            change, turn = self._step(beta, theta, held, events, persons)
            # Steps with the first fit's Hessian shrink by a steady factor: go at once where they would end (Aitken).
            steady = turn / before if before else 0.0
            further = 1 / (1 - steady) if 0 < steady < 0.8 else 1.0
            before = turn if further == 1.0 else 0.0
            beta = beta + np.clip(change * further, -1, 1)
            theta += min(max(turn * further, -1.0), 1.0)
            if abs(turn) < 2e-3:  # the gain then errs by less than 0.001 nats
                break
        theta = min(theta, 12.0)
        if theta <= 0:
            return Apart(0.0, 1.0, self._beta)
        gain = self._value(beta, theta, held, events, persons) - self._base
        return Apart(max(gain, 0.0), float(np.exp(theta)), beta)

    def shares(self, fit: Apart) -> Floats:
        """Expected share of every person by the others' fit; float64, shape (persons,)."""
        return _inside_unit(_logistic(self._design.matrix @ fit.coefficients)[self._design.stratum])

    def _step(
        self, beta: Floats, theta: float, held: NDArray[np.int64], events: Floats, persons: Floats
    ) -> tuple[Floats, float]:
        """Newton step for both at once: the others' Hessian as fitted, that of the set by its Schur complement."""
        matrix = self._design.matrix
        log_odds = matrix @ beta
        residual = self._events - self._persons * _logistic(log_odds)
        own = _logistic(log_odds[held] + theta)
        residual[held] += persons * (_logistic(log_odds[held]) - own)
        slope = matrix.T @ residual - self._design.ridge * beta
        weight = persons * own * (1 - own)
        across = matrix[held].T @ weight
        shared = self._inverse @ across
        spread = float(weight.sum())
        left = max(spread - float(across @ shared), 0.02 * spread, 1e-9)
        turn = (float((events - persons * own).sum()) - float(shared @ slope)) / left
        return self._inverse @ (slope - across * turn), turn

    def _value(self, beta: Floats, theta: float, held: NDArray[np.int64], events: Floats, persons: Floats) -> float:
        log_odds = self._design.matrix @ beta
        value = float(self._events @ log_odds - self._persons @ np.logaddexp(0, log_odds))
        own = log_odds[held] + theta
        value += theta * float(events.sum()) - float(persons @ (np.logaddexp(0, own) - np.logaddexp(0, log_odds[held])))
        return value - 0.5 * float(self._design.ridge @ beta**2)


def set_apart(expectation: Expectation, yes: NDArray[np.bool_], members: NDArray[np.bool_]) -> Expectation:
    """The same expectation, learned with members set apart: what is expected of them comes from everybody else.

    Everybody's share is that fit's; precision is that of the others alone. Unchanged when no member was learned from.
    """
    likelihood = Likelihood(expectation, yes)
    fit = likelihood.apart(members)
    if fit is None:
        return expectation
    design = expectation.design
    share = likelihood.shares(fit)
    others = np.isin(expectation.fold, expectation.learned) & ~members
    persons = np.bincount(design.stratum[others], minlength=len(design.matrix))
    rates = _logistic(design.matrix @ fit.coefficients)
    precision = (design.matrix.T * (persons * rates * (1 - rates))) @ design.matrix + np.diag(design.ridge)
    precision[0, 0] += 1e-6
    return replace(expectation, share=share, fitted=share, coefficients=fit.coefficients, precision=precision)


def is_adjusted(column: Column, baseline: str) -> bool:
    """Whether every value of a column has its own level in a baseline."""
    return baseline != "overall" and (column.composition or (column.programme and baseline == "programme"))


def _design(asked: Asked, columns: Sequence[Column], baseline: str) -> Design:
    adjusted = [
        column
        for column in sorted(columns, key=lambda c: c.name)
        if column.name in asked.codes and is_adjusted(column, baseline)
    ]
    key, room = np.zeros(asked.persons, dtype=np.int64), 1
    for column in adjusted:
        if room * len(column.values) >= 2**62:  # numbered again before the key outgrows 64 bits
            key, room = np.unique(key, return_inverse=True)[1].astype(np.int64), asked.persons
        key = key * len(column.values) + asked.codes[column.name]
        room *= len(column.values)
    _, example, stratum = np.unique(key, return_index=True, return_inverse=True)
    blocks, ridge = [np.ones((len(example), 1))], [0.0]
    for column in adjusted:
        codes = asked.codes[column.name][example]
        present = np.unique(codes)
        if len(present) < 2:
            continue
        blocks.append((codes[:, None] == present[None, :]).astype(np.float64))
        ridge += [PROGRAMME_RIDGE if column.programme else RIDGE] * len(present)
    return Design(np.concatenate(blocks, axis=1), stratum.astype(np.int64), np.array(ridge))


Rounds = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def _plan(
    asked: Asked, baseline: str, seed: int, halves: NDArray[np.bool_] | None
) -> tuple[NDArray[np.uint8], Rounds, NDArray[np.bool_]]:
    everyone = np.ones(asked.persons, dtype=np.bool_)
    learned = everyone if halves is None else halves
    if baseline == "earlier":
        middle = (int(asked.month.min()) + int(asked.month.max()) + 1) / 2 if asked.persons else 0
        later = asked.month >= middle
        if not (~later & learned).any():
            raise EvidenceError("Nobody was asked in the earlier half of the period: choose another baseline.")
        fold = np.where(later, 1, np.where(learned, 0, 2)).astype(np.uint8)
        return fold, (((0,), (1,)),), later
    if halves is not None:
        return np.where(halves, 0, 1).astype(np.uint8), (((0,), (0, 1)),), everyone
    if asked.persons >= CROSS_FITTED_BELOW or baseline == "overall":
        return np.zeros(asked.persons, dtype=np.uint8), (((0,), (0,)),), everyone
    fold = (scattered(asked.household, seed) % np.uint64(FOLDS)).astype(np.uint8)
    rounds = tuple((tuple(f for f in range(FOLDS) if f != k), (k,)) for k in range(FOLDS))
    return fold, rounds, everyone


def scattered(numbers: NDArray[np.int32], seed: int) -> NDArray[np.uint64]:
    """A well mixed number for each number, the same wherever it stands (splitmix64): members stay together."""
    with np.errstate(over="ignore"):
        mixed = numbers.astype(np.int64).astype(np.uint64) + np.uint64(seed % 2**63) * np.uint64(0x9E3779B97F4A7C15)
        mixed += np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        scrambled: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return scrambled


def _by_fold(
    design: Design, fold: NDArray[np.uint8], yes: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    strata, folds = len(design.matrix), int(fold.max(initial=0)) + 1
    cell = fold.astype(np.int64) * strata + design.stratum
    persons = np.bincount(cell, minlength=folds * strata).reshape(folds, strata)
    return np.bincount(cell[yes], minlength=folds * strata).reshape(folds, strata), persons


def _fit(
    design: Design, yes: NDArray[np.int64], persons: NDArray[np.int64], start: Floats | None
) -> tuple[Floats, Floats]:
    """Coefficients of the shrunk logistic fit and the Hessian there, by damped Newton steps."""
    matrix = design.matrix
    total, events = float(persons.sum()), float(yes.sum())
    beta = np.zeros(matrix.shape[1])
    beta[0] = log((events + 0.5) / (total - events + 0.5))
    if start is not None:
        beta = start.copy()
    hessian = np.eye(len(beta))
    for _ in range(STEPS):
        rates = _logistic(matrix @ beta)
        hessian = (matrix.T * (persons * rates * (1 - rates))) @ matrix + np.diag(design.ridge)
        hessian[0, 0] += 1e-6
        step = np.linalg.solve(hessian, matrix.T @ (yes - persons * rates) - design.ridge * beta)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-6:
            break
    return beta, hessian


def _logistic(log_odds: Floats) -> Floats:
    rates: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -35, 35)))
    return rates


def _inside_unit(share: Floats) -> Floats:
    bounded: Floats = np.clip(share, 1e-6, 1 - 1e-6)
    return bounded
