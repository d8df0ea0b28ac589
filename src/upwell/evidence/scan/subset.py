"""Subset scan: the sub-population whose trouble is most beyond expectation, for what it costs to describe it.

Starts come from low-order tables, are climbed on the records one dimension at a time, and the best are scored
exactly. Every step is exact; the whole is a local optimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.fill import MANY
from upwell.evidence.expected import Likelihood
from upwell.evidence.scan import steps
from upwell.evidence.scan.score import Code, exact_score, excess_score
from upwell.evidence.tables import Frame, outcome_tables

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEW_STARTS = 7  # besides everything, for few persons
MANY_STARTS = 16
MOST_TABLES = 100  # that are looked at for starts: one end stands in many tables
FINALISTS = 4


class Exact(Protocol):
    """How sub-populations of one set of answers are scored exactly; `inside` is bool over the persons compared."""

    def score(self, inside: Bools) -> tuple[float, float]:
        """Gain in nats, and odds ratio."""
        ...


@dataclass(frozen=True)
class Against:
    """Bernoulli score against an expectation that stands as it is."""

    yes: Bools
    expected: Floats

    def score(self, inside: Bools) -> tuple[float, float]:
        """Gain in nats, and odds ratio."""
        return exact_score(self.yes[inside], self.expected[inside])


@dataclass(frozen=True)
class Beside:
    """Score of a set fitted together with the baseline, so that it does not hide in the main effects.

    yes, expected: of the persons compared. A baseline that learned from none of them stands as it is.
    """

    likelihood: Likelihood
    yes: Bools
    expected: Floats
    compared: Bools

    def score(self, inside: Bools) -> tuple[float, float]:
        """Gain in nats, and odds ratio."""
        fit = self.likelihood.apart(self._members(inside))
        return exact_score(self.yes[inside], self.expected[inside]) if fit is None else (fit.gain, fit.ratio)

    def _members(self, inside: Bools) -> Bools:
        members = np.zeros(len(self.compared), dtype=np.bool_)
        members[self.compared] = inside
        return members


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

        exact: how finalists are scored; None: against `expected` as it stands.
        """
        return self.best_each(yes[None, :], expected[None, :], [exact or Against(yes, expected)])[0]

    def best_each(self, yes: Bools, expected: Floats, exact: Sequence[Exact]) -> list[Candidate | None]:
        """The best sub-population of each replicate; yes, expected: shape (replicates, persons)."""
        if self.people.persons > MANY:
            ends = [self._climb_many(y, e) for y, e in zip(yes, expected, strict=True)]
        else:
            ends = self._climb_few(yes, expected)
        return [self._finish(own, *end) for own, end in zip(exact, ends, strict=True)]

    def _climb_few(self, yes: Bools, expected: Floats) -> list[tuple[Floats, Bools]]:
        """Scores and ends of all climbs of each replicate, all side by side."""
        starts = self._pair_starts(yes.astype(np.float64), expected)
        replicates, lanes = starts.shape[:2]
        of = np.repeat(np.arange(replicates), lanes)
        flat = starts.reshape(replicates * lanes, *starts.shape[2:])
        scores, masks = steps.climb(
            self.people, yes.astype(np.float64), expected, steps.Lanes(flat, of), (self.coding, self.least)
        )
        return [(scores[of == r], masks[of == r]) for r in range(replicates)]

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
            found.append(self._scored(exact, masks[lane]))
        best = max(found, key=lambda c: c.score, default=None)
        return None if best is None else self._simplified(exact, best)

    def _scored(self, exact: Exact, allowed: Bools) -> Candidate:
        inside = np.ones(self.people.persons, dtype=np.bool_)
        for j in np.flatnonzero(self._restricted(allowed)):
            inside &= allowed[j][self.people.codes[j]]
        gain, ratio = exact.score(inside)
        return Candidate(gain - self.coding.length(allowed, self.people.sizes), allowed, inside, ratio)

    def _simplified(self, exact: Exact, best: Candidate) -> Candidate:
        """Let go of what the climb kept only because the rest of the set still hid in the main effects."""
        while True:
            options = [self._scored(exact, allowed) for allowed in self._simpler(best.allowed)]
            simpler = max(options, key=lambda c: c.score, default=best)
            if simpler.score <= best.score + steps.GAIN:
                return best
            best = simpler

    def _simpler(self, allowed: Bools) -> list[Bools]:
        """One restriction fewer, or an interval that goes on to an end of its scale."""
        restricted = np.flatnonzero(self._restricted(allowed))
        options = []
        for j in restricted:
            last = int(self.people.sizes[j]) - 1
            spans = [(0, last + 1)] if len(restricted) > 1 else []
            if self.people.ordered[j]:
                held = np.flatnonzero(allowed[j, :last])
                spans += [s for s in ((0, held[-1] + 1), (held[0], last)) if (held[0], held[-1] + 1) != s != (0, last)]
            for begin, end in spans:
                option = allowed.copy()
                option[j, begin:end] = True
                options.append(option)
        return options

    def _restricted(self, mask: Bools) -> Bools:
        return np.array([not mask[j, :size].all() for j, size in enumerate(self.people.sizes)])

    def _climb_many(self, yes: Bools, expected: Floats) -> tuple[Floats, Bools]:
        from upwell.evidence.scan import compiled  # noqa: PLC0415 - numba is slow to import

        rule = compiled.rule(self.people, self.coding, self.least)
        tables = outcome_tables(self.people, yes, expected)
        scores, allowed = compiled.scan_tables(self.people, tables, rule)
        return compiled.climb(self.people, yes, expected, self._starts(tables.triples, scores, allowed), rule)

    def _starts(self, triples: NDArray[np.int64], scores: Floats, allowed: Bools) -> Bools:
        """Everything, and the best distinct ends of the tables; shape (starts, dimensions, width)."""
        dimensions, width = len(self.people.sizes), int(self.people.sizes.max())
        starts = [np.ones((dimensions, width), dtype=np.bool_)]
        seen = {starts[0].tobytes()}
        for t in np.argsort(-scores, kind="stable")[:MOST_TABLES]:
            start = np.ones((dimensions, width), dtype=np.bool_)
            for axis, j in enumerate(triples[t]):
                if not allowed[t, axis, : self.people.sizes[j]].all():
                    start[j] = allowed[t, axis]
            if start.tobytes() not in seen and np.isfinite(scores[t]):
                seen.add(start.tobytes())
                starts.append(start)
            if len(starts) > MANY_STARTS:
                break
        return np.stack(starts)

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
