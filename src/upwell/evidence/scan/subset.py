"""Subset scan: the sub-population whose trouble is most beyond expectation, for what it costs to describe it.

Starts come from low-order tables, are climbed on the records one dimension at a time, and the best are scored
exactly. Every step is exact; the whole is a local optimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.fill import MANY
from upwell.evidence.scan import steps
from upwell.evidence.scan.score import Code, exact_score, excess_score
from upwell.evidence.tables import Frame, outcome_tables, person_tables

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEW_STARTS = 7  # besides everything, for few persons
MANY_STARTS = 16
FINALISTS = 3


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

    def best(self, yes: Bools, expected: Floats) -> Candidate | None:
        """The best sub-population, or None when none has enough persons."""
        return self.best_each(yes[None, :], expected[None, :])[0]

    def best_each(self, yes: Bools, expected: Floats) -> list[Candidate | None]:
        """The best sub-population of each replicate; yes, expected: shape (replicates, persons)."""
        if self.people.persons > MANY:
            return [self._finish(y, e, *self._climb_many(y, e)) for y, e in zip(yes, expected, strict=True)]
        scores, masks, of = self._climb_few(yes, expected)
        return [self._finish(yes[r], expected[r], scores[of == r], masks[of == r]) for r in range(len(yes))]

    def _finish(self, yes: Bools, expected: Floats, scores: Floats, masks: Bools) -> Candidate | None:
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
            inside = np.ones(len(yes), dtype=np.bool_)
            for j in np.flatnonzero(restricted):
                inside &= masks[lane][j][self.people.codes[j]]
            likelihood, ratio = exact_score(yes[inside], expected[inside])
            length = self.coding.length(masks[lane], self.people.sizes)
            found.append(Candidate(likelihood - length, masks[lane], inside, ratio))
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
    def _hot(self) -> Floats:
        """One column for each value of each dimension, 1 where a person has it; shape (persons, columns)."""
        blocks = [
            codes[:, None] == np.arange(size)[None, :]
            for codes, size in zip(self.people.codes, self.people.sizes, strict=True)
        ]
        return np.concatenate(blocks, axis=1).astype(np.float64)

    def _pair_starts(self, yes: Floats, expected: Floats) -> Bools:
        """Everything, and the best cell of each of the best pair tables; (replicates, starts, dimensions, width)."""
        sizes, hot = self.people.sizes, self._hot
        edges = np.concatenate(([0], np.cumsum(sizes)))
        of = np.repeat(np.arange(len(sizes)), sizes)
        value = np.arange(len(of)) - edges[of]
        price = np.where(value < sizes[of] - 1, self.coding.cost[of, 1], np.inf)
        same = of[:, None] == of[None, :]
        cost = np.where(same, np.diag(price) + np.where(np.eye(len(of)) > 0, 0, np.inf), price[:, None] + price)
        cost = np.where(np.isnan(cost) | (of[:, None] > of[None, :]), np.inf, cost)
        persons = hot.T @ hot
        starts = np.ones((len(yes), FEW_STARTS + 1, len(sizes), int(sizes.max())), dtype=np.bool_)
        for r in range(len(yes)):
            cells = excess_score((hot.T * yes[r]) @ hot, (hot.T * expected[r]) @ hot, persons) - cost
            blocks = np.maximum.reduceat(np.maximum.reduceat(cells, edges[:-1], axis=0), edges[:-1], axis=1)
            for lane, block in enumerate(np.argsort(-blocks, axis=None, kind="stable")[:FEW_STARTS], start=1):
                a, b = divmod(int(block), len(sizes))
                part = cells[edges[a] : edges[a + 1], edges[b] : edges[b + 1]]
                first, second = np.unravel_index(int(part.argmax()), part.shape)
                starts[r, lane, a] = False
                starts[r, lane, b] = False
                starts[r, lane, a, first] = starts[r, lane, b, second] = True
        return starts
