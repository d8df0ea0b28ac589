"""Exact one-dimension steps and climbing on records, in NumPy: the reference, and the way for few persons.

Many climbs run side by side ("lanes"): several starts of several replicates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.scan.score import MOST_RESTRICTED, Code, excess_score
from upwell.evidence.tables import Frame

Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]

FIRST_Q = 2.0  # odds ratio by which values are first put in order
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


def best_set(tally: Tally, *, ordered: bool, cost: Floats, least: int) -> tuple[Floats, Masks]:
    """The best restriction of one dimension, given the others: score less its cost, and the values.

    cost: nats, see Code. least: fewest persons with, and without, the trouble. Score -inf: none allowed.
    """
    known = tally.known()
    if ordered:
        return _best_interval(known, cost, least)
    lanes, values = known.yes.shape
    best, chosen = np.full(lanes, -np.inf), np.zeros((lanes, values + 1), dtype=np.bool_)
    ratio = np.full((lanes, 1), FIRST_Q)
    for _ in range(2):
        share = known.expected / np.maximum(known.persons, 1e-12)
        gain = known.yes * np.log(ratio) - known.persons * np.log1p((ratio - 1) * share)
        order = np.argsort(np.where(known.persons > 0, -gain, np.inf), axis=1, kind="stable")
        sums = known.along(order)
        score = np.where(_beyond(sums, least), excess_score(*sums.parts()) - cost[None, 1 : values + 1], -np.inf)
        size = score.argmax(axis=1)
        at = (np.arange(lanes), size)
        rank = np.argsort(order, axis=1, kind="stable")
        better = score[at] > best
        chosen[better, :values] = (rank <= size[:, None])[better]
        best = np.where(better, score[at], best)
        ratio = _ratio(sums, at)
    return best, chosen


def _ratio(sums: Tally, at: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Floats:
    yes, expected, persons = (part[at] for part in sums.parts())
    odds = yes * (persons - expected) / np.maximum(expected * (persons - yes), 1e-9)
    clipped: Floats = np.clip(odds, 1.2, 50.0)[:, None]
    return clipped


def _best_interval(known: Tally, cost: Floats, least: int) -> tuple[Floats, Masks]:
    lanes, values = known.yes.shape
    spans = [(a, b) for a in range(values) for b in range(a + 1, values + 1) if b - a < values]
    member = np.zeros((len(spans), values + 1), dtype=np.bool_)
    for i, (a, b) in enumerate(spans):
        member[i, a:b] = True
    if not spans:
        return np.full(lanes, -np.inf), np.zeros((lanes, values + 1), dtype=np.bool_)
    begin, end = np.array(spans).T
    summed = []
    for part in known.parts():
        running = np.concatenate([np.zeros((lanes, 1)), np.cumsum(part, axis=1)], axis=1)
        summed.append(running[:, end] - running[:, begin])
    sums = Tally(*summed)
    price = np.where((begin == 0) | (end == values), cost[0], cost[1])
    score = np.where(_beyond(sums, least), excess_score(*sums.parts()) - price, -np.inf)
    best = score.argmax(axis=1)
    return score[np.arange(lanes), best], member[best]


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
        others = coding.base + paid.sum(axis=1) - paid[:, j]
        everyone = [part.sum(axis=1, keepdims=True) for part in tally.parts()]
        # Everybody is no finding: the only restricted dimension stays restricted.
        may_open = _allowed(Tally(*everyone), least)[:, 0] & (count > restricted[:, j])
        open_ = np.where(may_open, excess_score(*everyone)[:, 0], -np.inf) - others
        closed, chosen = best_set(tally, ordered=bool(people.ordered[j]), cost=coding.cost[j], least=least)
        closed = np.where((count < MOST_RESTRICTED) | restricted[:, j], closed - others, -np.inf)
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
