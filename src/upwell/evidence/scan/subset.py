"""Subset scan: the sub-population whose trouble is most beyond expectation, for what it costs to describe it.

Starts come from low-order tables, are climbed on the records one dimension at a time, and the best are scored
exactly. Every step is exact; the whole is a local optimum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.fill import MANY
from upwell.evidence.expected import Likelihood
from upwell.evidence.scan import steps
from upwell.evidence.scan.score import Code, exact_score, excess_score
from upwell.evidence.tables import Frame, outcome_tables, person_tables

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEW_STARTS = 7  # besides everything, for few persons
MANY_STARTS = 16
FINALISTS = 4


Exact = Callable[[Bools], tuple[float, float]]
"""Gain in nats and odds ratio of some of the persons who are compared."""


def bernoulli(yes: Bools, expected: Floats) -> Exact:
    """The exact score against a given expectation."""
    return lambda inside: exact_score(yes[inside], expected[inside])


def beside(likelihood: Likelihood, yes: Bools, expected: Floats, compared: Bools) -> Exact:
    """The exact score of a set fitted together with the baseline, so that it does not hide in the main effects.

    yes, expected: of the persons compared. A baseline that learned from none of them stands as it is.
    """

    def exact(inside: Bools) -> tuple[float, float]:
        members = np.zeros(len(compared), dtype=np.bool_)
        members[compared] = inside
        fit = likelihood.apart(members)
        return exact_score(yes[inside], expected[inside]) if fit is None else (fit.gain, fit.ratio)

    return exact


@dataclass(frozen=True)
class Candidate:
    """One sub-population. allowed: bool, shape (dimensions, width); inside: bool, shape (persons,).

    score: exact, in nats, description paid. ratio: odds ratio against expectation, at least 1.
    """

    score: float
    allowed: Bools
    inside: Bools
    ratio: float


@dataclass(frozen=True)
class Scan:
    """A search that can be repeated on other answers of the same people.

    least: fewest persons with, and without, the trouble inside: below it nothing could be told outside.
    """

    people: Frame
    coding: Code
    least: int

    def best(self, yes: Bools, expected: Floats, exact: Exact | None = None) -> Candidate | None:
        """The best sub-population, or None when none has enough persons.

        exact: gain in nats and odds ratio of some persons; None: the Bernoulli score against `expected`.
        """
        return self.best_each(yes[None, :], expected[None, :], [exact or bernoulli(yes, expected)])[0]

    def best_each(self, yes: Bools, expected: Floats, exact: Sequence[Exact]) -> list[Candidate | None]:
        """The best sub-population of each replicate; yes, expected: shape (replicates, persons)."""
        if self.people.persons > MANY:
            ends = [self._climb_many(y, e) for y, e in zip(yes, expected, strict=True)]
        else:
            scores, masks, of = self._climb_few(yes, expected)
            ends = [(scores[of == r], masks[of == r]) for r in range(len(yes))]
        return [self._finish(own, *end) for own, end in zip(exact, ends, strict=True)]

    def _finish(self, exact: Exact, scores: Floats, masks: Bools) -> Candidate | None:
        """Score the finalists exactly on the records."""
        found: list[Candidate] = []
        seen: set[bytes] = set()
        for lane in np.argsort(-scores, kind="stable"):
            restricted = self._restricted(masks[lane])
            if len(seen) == FINALISTS or not np.isfinite(scores[lane]):
                break
            if not restricted.any() or masks[lane].tobytes() in seen:
                continue
            seen.add(masks[lane].tobytes())
            inside = np.ones(self.people.persons, dtype=np.bool_)
            for j in np.flatnonzero(restricted):
                inside &= masks[lane][j][self.people.codes[j]]
            gain, ratio = exact(inside)
            length = self.coding.length(masks[lane], self.people.sizes)
            found.append(Candidate(gain - length, masks[lane], inside, ratio))
        return max(found, key=lambda c: c.score, default=None)

    def _restricted(self, mask: Bools) -> Bools:
        return np.array([not mask[j, :size].all() for j, size in enumerate(self.people.sizes)])

    def _climb_many(self, yes: Bools, expected: Floats) -> tuple[Floats, Bools]:
        from upwell.evidence.scan import compiled  # noqa: PLC0415 - numba is slow to import

        rule = compiled.rule(self.people, self.coding, self.least)
        tables = outcome_tables(self.people, yes, expected)
        scores, allowed = compiled.scan_tables(self.people, tables, self._persons_in_cells, rule)
        starts = self._starts(scores, allowed)
        return compiled.climb(self.people, yes, expected, starts, rule)

    @cached_property
    def _persons_in_cells(self) -> NDArray[np.int64]:
        return person_tables(self.people)

    def _starts(self, scores: Floats, allowed: Bools) -> Bools:
        """Everything, and the best distinct ends of the tables; shape (starts, dimensions, width)."""
        dimensions, width = len(self.people.sizes), int(self.people.sizes.max())
        starts = [np.ones((dimensions, width), dtype=np.bool_)]
        seen = {starts[0].tobytes()}
        for t in np.argsort(-scores, kind="stable"):
            start = np.ones((dimensions, width), dtype=np.bool_)
            for axis, j in enumerate(self.people.triples[t]):
                if not allowed[t, axis, : self.people.sizes[j]].all():
                    start[j] = allowed[t, axis]
            if start.tobytes() not in seen and np.isfinite(scores[t]):
                seen.add(start.tobytes())
                starts.append(start)
            if len(starts) > MANY_STARTS:
                break
        return np.stack(starts)

    def _climb_few(self, yes: Bools, expected: Floats) -> tuple[Floats, Bools, NDArray[np.int64]]:
        starts = self._pair_starts(yes.astype(np.float64), expected)
        replicates, lanes = starts.shape[:2]
        of = np.repeat(np.arange(replicates), lanes)
        flat = starts.reshape(replicates * lanes, *starts.shape[2:])
        scores, masks = steps.climb(
            self.people, yes.astype(np.float64), expected, steps.Lanes(flat, of), (self.coding, self.least)
        )
        return scores, masks, of

    @cached_property
    def _pairs(self) -> _Pairs:
        return _pairs(self.people, self.coding)

    def _pair_starts(self, yes: Floats, expected: Floats) -> Bools:
        """Everything, and the best cell of each of the best pair tables; (replicates, starts, dimensions, width)."""
        pairs, sizes = self._pairs, self.people.sizes
        starts = np.ones((len(yes), FEW_STARTS + 1, len(sizes), int(sizes.max())), dtype=np.bool_)
        for r in range(len(yes)):
            weights = np.broadcast_to(expected[r], pairs.cell.shape).ravel()
            told = np.bincount(pairs.cell.ravel(), weights=weights, minlength=len(pairs.cost)).astype(np.float64)
            events = np.bincount(pairs.cell[:, yes[r] > 0].ravel(), minlength=len(pairs.cost)).astype(np.float64)
            score = excess_score(events, told, pairs.persons) - pairs.cost
            best = np.maximum.reduceat(score, pairs.begin)
            for lane, t in enumerate(np.argsort(-best, kind="stable")[:FEW_STARTS], start=1):
                a, b = pairs.of[t]
                cell = int(score[pairs.begin[t] : pairs.begin[t] + sizes[a] * sizes[b]].argmax())
                starts[r, lane, a] = starts[r, lane, b] = False
                starts[r, lane, a, cell // sizes[b]] = starts[r, lane, b, cell % sizes[b]] = True
        return starts


@dataclass(frozen=True)
class _Pairs:
    """Pair tables for few persons. cell: int64, shape (tables, persons). begin: each table's first cell.

    of: the two dimensions of each table. cost: nats of one cell, inf where an answer is unknown. persons: in cells.
    """

    cell: NDArray[np.int64]
    begin: NDArray[np.int64]
    of: list[tuple[int, int]]
    cost: Floats
    persons: Floats


def _pairs(people: Frame, coding: Code) -> _Pairs:
    of = list(combinations(range(len(people.sizes)), 2))
    cells, begin, cost, first = [], [], [], 0
    for a, b in of:
        rows, columns = int(people.sizes[a]), int(people.sizes[b])
        cells.append(first + people.codes[a].astype(np.int64) * columns + people.codes[b])
        begin.append(first)
        first += rows * columns
        price = np.full((rows, columns), np.inf)
        price[:-1, :-1] = coding.cost[a, 1] + coding.cost[b, 1]
        cost.append(price.ravel())
    cell = np.stack(cells)
    persons = np.bincount(cell.ravel(), minlength=first).astype(np.float64)
    return _Pairs(cell, np.array(begin, dtype=np.int64), of, np.concatenate(cost), persons)
