"""Climbing in the exact form: how a search of any set ends, whatever the number of values it holds.

The binomial form, which leads the other climbs, understates large sets of mixed expectations, and a set of many
cheap values is large. In the Bernoulli form K log q - sum log(1 - p + q p) every value of a dimension adds its own
gain once q is given, so that the best set at that q is a sorted prefix (LTSS; Neill 2012, Zhang & Neill 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.scan.climbing.score import Code, Prices
from upwell.evidence.scan.climbing.steps import GAIN, listed
from upwell.evidence.tables import Frame

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]

KNOTS = 512  # expectations between which a person's own one is divided
LOG_RATIOS = np.geomspace(0.02, 5.0, 32)  # logs of the odds ratios at which sets are first chosen
FIRST_LOG_RATIOS = np.log([1.2, 3.0])  # the same, where a climb begins with everybody
MOST_STEPS = 40  # Newton steps to a set's own odds ratio
MOST_TURNS = 6  # times a set and its odds ratio are chosen by turns
MOST_SWEEPS = 12


@dataclass(frozen=True)
class Outcome:
    """Answers, and expectations divided between knots, so that a sum over persons is a sum over few knots.

    yes: bool, shape (persons,). knots: expectations, ascending. below: int64, each person's knot; beyond: 0..1, the
    part that belongs to the next one. Error of a score: below (distance of knots)**2 / 8 times (q - 1)**2 a person.
    """

    yes: Bools
    knots: Floats
    below: Numbers
    beyond: Floats


def outcome(yes: Bools, expected: NDArray[np.float64] | NDArray[np.float32]) -> Outcome:
    """The answers of persons; expected: shares strictly inside 0..1."""
    shares = expected.astype(np.float64)
    first, last = (float(shares.min()), float(shares.max())) if len(shares) else (0.5, 0.5)
    knots = np.linspace(first, last, KNOTS)
    at = (shares - first) * ((KNOTS - 1) / max(last - first, 1e-12))
    below = np.minimum(at.astype(np.int64), KNOTS - 2)
    return Outcome(yes, knots, below, np.clip(at - below, 0.0, 1.0))


@dataclass(frozen=True)
class Told:
    """What is counted by value: yes, persons: shape (values,). shares: persons by value and knot."""

    yes: Floats
    persons: Floats
    shares: Floats

    def known(self) -> Told:
        """Without the unknown answers, which stand last."""
        return Told(self.yes[:-1], self.persons[:-1], self.shares[:-1])


def told(answers: Outcome, codes: NDArray[np.uint8], size: int, among: Numbers) -> Told:
    """Count some persons, by their numbers, by the values of one dimension."""
    own = codes[among].astype(np.int64)
    cell = own * KNOTS + answers.below[among]
    shares = np.bincount(cell, minlength=size * KNOTS).astype(np.float64).reshape(size, KNOTS)
    part = np.bincount(cell, weights=answers.beyond[among], minlength=size * KNOTS).reshape(size, KNOTS)
    shares -= part
    shares[:, 1:] += part[:, :-1]
    yes = np.bincount(own[answers.yes[among]], minlength=size).astype(np.float64)
    return Told(yes, np.bincount(own, minlength=size).astype(np.float64), shares)


def gains(counts: Told, knots: Floats, log_ratios: Floats) -> Floats:
    """What each value adds to the score at each odds ratio; shape (values, ratios)."""
    each = np.log1p(np.expm1(log_ratios)[None, :] * knots[:, None])
    added: Floats = counts.yes[:, None] * log_ratios[None, :] - counts.shares @ each
    return added


def own_ratio(yes: float, shares: Floats, knots: Floats) -> tuple[float, float]:
    """Score of one set before its price, and the log of its odds ratio, at least 0; shares: persons by knot."""
    held = shares > 0
    persons, expected = shares[held], knots[held]
    log_ratio = 0.0
    if yes > float(persons @ expected):
        for _ in range(MOST_STEPS):
            tilted = expected / (expected + (1 - expected) * np.exp(-log_ratio))
            step = (yes - float(persons @ tilted)) / max(float(persons @ (tilted * (1 - tilted))), 1e-12)
            log_ratio = min(max(log_ratio + min(max(step, -1.0), 1.0), 0.0), 20.0)
            if abs(step) < 1e-9:
                break
    return yes * log_ratio - float(persons @ np.log1p(np.expm1(log_ratio) * expected)), log_ratio


def best_sets(counts: Told, added: Floats, prices: Prices, least: int) -> tuple[Floats, Bools]:
    """At each odds ratio the best set, less its price: exact. counts: of known values; added: as of `gains`.

    Returns scores, -inf where none is allowed, and sets, bool, shape (ratios, values).
    """
    no = counts.persons - counts.yes
    if len(prices.family) or prices.ordered:
        members = listed(len(counts.yes), prices)
        if not len(members):
            return np.full(added.shape[1], -np.inf), np.zeros(added.T.shape, dtype=np.bool_)
        held = members.sum(axis=1)
        price = np.where(members[:, 0] | members[:, -1], prices.ends[held], prices.cost[held])
        enough = (members @ counts.yes >= least) & (members @ no >= least)
        score = np.where(enough[:, None], members.astype(np.float64) @ added - price[:, None], -np.inf)
        best = score.argmax(axis=0)
        return score[best, np.arange(added.shape[1])], members[best]
    order = np.argsort(-added, axis=0, kind="stable")
    enough = (np.cumsum(counts.yes[order], axis=0) >= least) & (np.cumsum(no[order], axis=0) >= least)
    along = np.cumsum(np.take_along_axis(added, order, axis=0), axis=0)
    score = np.where(enough, along - prices.cost[1 : len(order) + 1, None], -np.inf)
    best = score.argmax(axis=0)
    return score[best, np.arange(added.shape[1])], (np.argsort(order, axis=0, kind="stable") <= best[None, :]).T


def best_set(counts: Told, knots: Floats, prices: Prices, *, least: int) -> tuple[float, Bools]:
    """The best restriction of one dimension, given the others: score at its own odds ratio less price, and values.

    The best of many odds ratios, then of the best set's own, by turns until nothing is gained.
    """
    known = counts.known()
    score, chosen = -np.inf, np.zeros(len(counts.yes), dtype=np.bool_)
    log_ratios = LOG_RATIOS
    for _ in range(MOST_TURNS):
        scores, sets = best_sets(known, gains(known, knots, log_ratios), prices, least)
        at = int(scores.argmax())
        if not np.isfinite(scores[at]):
            break
        gain, own = own_ratio(float(known.yes[sets[at]].sum()), known.shares[sets[at]].sum(axis=0), knots)
        found = gain - _price(sets[at], prices)
        if found <= score + GAIN:
            break
        score, log_ratios = found, np.array([own])
        chosen[:-1] = sets[at]
    return score, chosen


def _price(members: Bools, prices: Prices) -> float:
    return float((prices.ends if members[0] or members[-1] else prices.cost)[members.sum()])


class Climb:
    """One climb after the other over the same persons: all dimensions in turn, until none gains."""

    def __init__(self, people: Frame, answers: Outcome, rule: tuple[Code, int]) -> None:
        """rule: the prices of values, and the fewest persons with and without the trouble."""
        self._people, self._answers, self._rule = people, answers, rule
        self._met: dict[bytes, int] = {}  # every set that a climb passed through, and which climb

    def ends(self, starts: Bools) -> tuple[Floats, Bools]:
        """Scores and ends of these starts and of `_firsts`; starts: bool, shape (starts, dimensions, width).

        A climb that meets the way of an earlier one ends where that ended. Everybody is no finding: none goes there.
        """
        masks = np.concatenate([starts, self._firsts(starts.shape[1:])])
        scores = np.full(len(masks), -np.inf)
        for lane in range(len(masks)):
            met, scores[lane] = self._one(masks[lane], lane)
            if met != lane:
                scores[lane], masks[lane] = scores[met], masks[met]
        return scores, masks

    def _firsts(self, shape: tuple[int, ...]) -> Bools:
        """Everybody with one restriction, the best of each dimension at each of a few odds ratios."""
        everybody, sizes = np.arange(self._people.persons), self._people.sizes
        (coding, least), answers = self._rule, self._answers
        firsts = []
        for j, size in enumerate(sizes):
            counts = told(answers, self._people.codes[j], int(size), everybody).known()
            scores, sets = best_sets(counts, gains(counts, answers.knots, FIRST_LOG_RATIOS), coding.one(j), least)
            for each in sets[np.isfinite(scores)]:
                first = np.ones(shape, dtype=np.bool_)
                first[j, :size] = np.append(each, False)
                firsts.append(first)
        return np.array(firsts, dtype=np.bool_).reshape(-1, *shape)

    def _one(self, mask: Bools, lane: int) -> tuple[int, float]:
        """Change the mask to the end of its climb; which climb's way it met, and its score."""
        sizes = self._people.sizes
        outside = np.stack([self._outside(mask, j) for j in range(len(sizes))])
        misses = outside.sum(axis=0, dtype=np.uint8)
        score, idle = self._score(mask, misses), 0
        for step in range(MOST_SWEEPS * len(sizes)):
            met = self._met.setdefault(mask.tobytes(), lane)
            if met != lane or idle == len(sizes):
                return met, score
            j, idle = step % len(sizes), idle + 1
            found, chosen = self._step(mask, j, misses - outside[j])
            if found > score + GAIN:
                score, idle = found, 1
                mask[j, : sizes[j]] = chosen
                misses -= outside[j]
                outside[j] = self._outside(mask, j)
                misses += outside[j]
        return lane, score

    def _step(self, mask: Bools, j: int, misses: NDArray[np.uint8]) -> tuple[float, Bools]:
        """The better of restricting a dimension and leaving it alone: score of the whole set, and values."""
        (coding, least), people, knots = self._rule, self._people, self._answers.knots
        opened = mask.copy()
        opened[j] = True
        others = coding.length(opened, people.sizes)
        counts = told(self._answers, people.codes[j], int(people.sizes[j]), np.flatnonzero(misses == 0))
        closed, chosen = best_set(counts, knots, coding.one(j), least=least)
        open_ = _gain(counts, knots, least) if any(self._restricted(opened)) else -np.inf
        if closed > open_:
            return closed - others, chosen
        return open_ - others, np.ones(len(chosen), dtype=np.bool_)

    def _score(self, mask: Bools, misses: NDArray[np.uint8]) -> float:
        (coding, least), answers = self._rule, self._answers
        together = np.zeros(len(misses), dtype=np.uint8)
        counts = told(answers, together, 1, np.flatnonzero(misses == 0))
        return _gain(counts, answers.knots, least) - coding.length(mask, self._people.sizes)

    def _outside(self, mask: Bools, j: int) -> Bools:
        outside: Bools = ~mask[j][self._people.codes[j]]
        return outside

    def _restricted(self, mask: Bools) -> list[bool]:
        return [not mask[j, :size].all() for j, size in enumerate(self._people.sizes)]


def _gain(counts: Told, knots: Floats, least: int) -> float:
    """Score of all who are counted, before its price; -inf where they are too few."""
    yes, persons = float(counts.yes.sum()), float(counts.persons.sum())
    if yes < least or persons - yes < least:
        return -np.inf
    return own_ratio(yes, counts.shares.sum(axis=0), knots)[0]
