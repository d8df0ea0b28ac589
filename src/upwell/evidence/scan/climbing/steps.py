"""Exact one-dimension steps and climbing on records, in NumPy: the reference, and the way for few persons.

Many climbs run side by side ("lanes"): several starts of several replicates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.scan.climbing.score import Code, Prices, excess_score
from upwell.evidence.tables import Frame

Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]

FIRST_Q = (1.2, 2.0, 6.0)  # odds ratios by which values are first put in order
TURNS = 2  # times they are put in order, each time by the best set so far
ROUNDS = 12
GAIN = 1e-9


@dataclass(frozen=True)
class Tally:
    """Events, expectation and persons by value of one dimension: each float64, shape (lanes, values + 1)."""

    yes: Floats
    expected: Floats
    persons: Floats

    def known(self) -> Tally:
        """Without the unknown answers, which stand last."""
        return Tally(self.yes[:, :-1], self.expected[:, :-1], self.persons[:, :-1])

    def along(self, order: NDArray[np.int64]) -> Tally:
        """Cumulated in a given order of values."""
        return Tally(*(np.cumsum(np.take_along_axis(part, order, axis=1), axis=1) for part in self.parts()))

    def parts(self) -> tuple[Floats, Floats, Floats]:
        """The three arrays."""
        return self.yes, self.expected, self.persons


def best_set(tally: Tally, prices: Prices, *, least: int) -> tuple[Floats, Masks]:
    """The best restriction of one dimension, given the others: score less its price, and the values.

    least: fewest persons with, and without, the trouble. Score -inf: none allowed.
    Intervals and families are tried one by one. Of any set there are too many: the score is convex in (events,
    expectation, persons), so the best set of m values is the first m in the order of a tangent's gains; the tangent is
    that of a few odds ratios, then of the best set they gave (error: nearly always none, see the tests).
    """
    known = tally.known()
    values = known.yes.shape[1]
    if len(prices.family) or prices.ordered:
        return _best_listed(known, prices, least)
    lanes = len(known.yes)
    best, chosen = np.full(lanes, -np.inf), np.zeros((lanes, values + 1), dtype=np.bool_)
    everyone = [part.sum(axis=1) for part in known.parts()]
    for first in FIRST_Q:
        ratio, share = np.full(lanes, first), np.clip(everyone[1] / np.maximum(everyone[2], 1e-12), 1e-9, 1.0)
        for _ in range(TURNS):
            score, members, ratio, share = _best_prefix(known, (ratio, share), prices, least)
            better = score > best
            best[better] = score[better]
            chosen[better, :values] = members[better]
    return best, chosen


def _best_prefix(
    known: Tally, tangent: tuple[Floats, Floats], prices: Prices, least: int
) -> tuple[Floats, Masks, Floats, Floats]:
    """Score of the best first values in the order of a tangent, which they are, and their own ratio and share."""
    ratio, share = (part[:, None] for part in tangent)
    lanes, values = known.yes.shape
    line = 1 + (ratio - 1) * share
    slope = (ratio - 1) / line
    gain = known.yes * np.log(ratio) - known.expected * slope - known.persons * (np.log(line) - slope * share)
    order = np.argsort(np.where(known.persons > 0, -gain, np.inf), axis=1, kind="stable")
    sums = known.along(order)
    score = np.where(_beyond(sums, least), excess_score(*sums.parts()) - prices.cost[None, 1 : values + 1], -np.inf)
    size = score.argmax(axis=1)
    at = (np.arange(lanes), size)
    members = np.argsort(order, axis=1, kind="stable") <= size[:, None]
    return score[at], members, *_own(sums, at)


def _own(sums: Tally, at: tuple[NDArray[np.int64], NDArray[np.int64]]) -> tuple[Floats, Floats]:
    yes, expected, persons = (part[at] for part in sums.parts())
    odds = yes * (persons - expected) / np.maximum(expected * (persons - yes), 1e-9)
    return np.clip(odds, 1.05, 100.0), np.clip(expected / np.maximum(persons, 1e-12), 1e-9, 1.0)


def _best_listed(known: Tally, prices: Prices, least: int) -> tuple[Floats, Masks]:
    lanes, values = known.yes.shape
    members = listed(values, prices)
    if not len(members):
        return np.full(lanes, -np.inf), np.zeros((lanes, values + 1), dtype=np.bool_)
    sums = Tally(*(part @ members.T.astype(np.float64) for part in known.parts()))
    held = members.sum(axis=1)
    price = np.where(members[:, 0] | members[:, -1], prices.ends[held], prices.cost[held])
    score = np.where(_beyond(sums, least), excess_score(*sums.parts()) - price, -np.inf)
    best = score.argmax(axis=1)
    return score[np.arange(lanes), best], np.pad(members, ((0, 0), (0, 1)))[best]


def listed(values: int, prices: Prices) -> Masks:
    """All sets of a family, or all intervals short of everything; bool, shape (sets, values)."""
    bits = np.arange(values, dtype=np.uint64)
    if len(prices.family):
        held: Masks = (prices.family[:, None] >> bits & np.uint64(1)).astype(np.bool_)
        return held
    spans = [(a, b) for a in range(values) for b in range(a + 1, values + 1) if b - a < values]
    members = np.zeros((len(spans), values), dtype=np.bool_)
    for i, (a, b) in enumerate(spans):
        members[i, a:b] = True
    return members


def _allowed(sums: Tally, least: int) -> Masks:
    allowed: Masks = (sums.yes >= least) & (sums.persons - sums.yes >= least)
    return allowed


def _beyond(sums: Tally, least: int) -> Masks:
    beyond: Masks = _allowed(sums, least) & (sums.yes > sums.expected)
    return beyond


@dataclass(frozen=True)
class Lanes:
    """Climbs side by side. masks: bool, shape (lanes, dimensions, width); yes, expected: shape (replicates, persons).

    of: int64, shape (lanes,), the replicate that each lane belongs to.
    """

    masks: Masks
    of: NDArray[np.int64]


def climb(people: Frame, yes: Floats, expected: Floats, lanes: Lanes, rule: tuple[Code, int]) -> tuple[Floats, Masks]:
    """Change one dimension at a time, always the one that gains most, until none gains.

    rule: the code of descriptions, and the fewest persons with and without the trouble.
    Returns the score of each lane (-inf while its persons are too few) and its allowed values.
    """
    coding, least = rule
    masks = lanes.masks.copy()
    score = np.full(len(masks), -np.inf)
    active = np.arange(len(masks))
    for _ in range(ROUNDS):
        if not len(active):
            break
        best, dimension, chosen = _best_change(
            people, (yes, expected), (masks[active], lanes.of[active]), (coding, least)
        )
        gains = best > score[active] + GAIN
        active, best, dimension, chosen = active[gains], best[gains], dimension[gains], chosen[gains]
        score[active] = best
        masks[active, dimension] = chosen
    return score, masks


def _best_change(
    people: Frame, outcome: tuple[Floats, Floats], lanes: tuple[Masks, NDArray[np.int64]], rule: tuple[Code, int]
) -> tuple[Floats, NDArray[np.int64], Masks]:
    """For every lane the best single change: score, dimension and its new allowed values."""
    (masks, of), (coding, least) = lanes, rule
    dimensions, width = len(people.sizes), masks.shape[2]
    paid, restricted = _paid(masks, people, coding)
    outside = np.stack([~masks[:, j, :][:, people.codes[j]] for j in range(dimensions)])
    misses = outside.sum(axis=0, dtype=np.uint8)
    best, at = np.full(len(masks), -np.inf), np.zeros(len(masks), dtype=np.int64)
    values = np.ones((len(masks), width), dtype=np.bool_)
    count = restricted.sum(axis=1)
    for j, size in enumerate(people.sizes):
        tally = _tally(people, j, (misses - outside[j]) == 0, outcome, of)
        others = coding.base + np.delete(paid, j, axis=1).sum(axis=1)
        everyone = [part.sum(axis=1, keepdims=True) for part in tally.parts()]
        # Everybody is no finding: the only restricted dimension stays restricted.
        may_open = _allowed(Tally(*everyone), least)[:, 0] & (count > restricted[:, j])
        open_ = np.where(may_open, excess_score(*everyone)[:, 0], -np.inf) - others
        closed, chosen = best_set(tally, coding.one(j), least=least)
        closed = np.where((count < coding.most) | restricted[:, j], closed - others, -np.inf)
        top, use = np.maximum(open_, closed), closed > open_
        better = top > best
        new = np.ones((len(masks), width), dtype=np.bool_)
        new[use, :size] = chosen[use]
        best, at = np.where(better, top, best), np.where(better, j, at)
        values[better] = new[better]
    return best, at, values


def _paid(masks: Masks, people: Frame, coding: Code) -> tuple[Floats, Masks]:
    paid, restricted = np.zeros(masks.shape[:2]), np.zeros(masks.shape[:2], dtype=np.bool_)
    for j, size in enumerate(people.sizes):
        restricted[:, j] = ~masks[:, j, :size].all(axis=1)
        paid[:, j] = np.where(restricted[:, j], coding.price(j, masks[:, j, : size - 1]), 0.0)
    return paid, restricted


def _tally(people: Frame, j: int, eligible: Masks, outcome: tuple[Floats, Floats], of: NDArray[np.int64]) -> Tally:
    hot = (people.codes[j][:, None] == np.arange(people.sizes[j])[None, :]).astype(np.float64)
    member = eligible.astype(np.float64)
    return Tally((member * outcome[0][of]) @ hot, (member * outcome[1][of]) @ hot, member @ hot)
