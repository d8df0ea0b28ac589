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
from upwell.evidence.scan.climbing import exactly, steps
from upwell.evidence.scan.climbing.score import Code, exact_score, excess_score
from upwell.evidence.tables import Frame, outcome_tables

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Expected = NDArray[np.float64] | NDArray[np.float32]

FEW_STARTS = 7  # besides everything, for few persons
MANY_STARTS, FEWER_STARTS = 16, 8  # of many persons, and of very many
VERY_MANY = 500_000
MOST_TABLES = 100  # that are looked at for starts: one end stands in many tables
FINALISTS = 4
EXACT_STARTS = 16  # of climbs in the exact form, besides single restrictions


class Exact(Protocol):
    """How sub-populations of one set of answers are scored exactly.

    members: numbers of persons, among those compared.
    """

    def score(self, members: Numbers) -> tuple[float, float]:
        """Gain in nats, and odds ratio."""
        ...


@dataclass(frozen=True)
class Against:
    """Bernoulli score against an expectation that stands as it is."""

    yes: Bools
    expected: Expected

    def score(self, members: Numbers) -> tuple[float, float]:
        """Gain in nats, and odds ratio."""
        return exact_score(self.yes[members], self.expected[members])


@dataclass(frozen=True)
class Beside:
    """Score of a set fitted together with the baseline, so that it does not hide in the main effects.

    yes, expected: of the persons compared. A baseline that learned from none of them stands as it is.
    """

    likelihood: Likelihood
    yes: Bools
    expected: Floats
    compared: Bools

    def score(self, members: Numbers) -> tuple[float, float]:
        """Gain in nats, and odds ratio."""
        among = np.zeros(len(self.compared), dtype=np.bool_)
        among[self._numbers[members]] = True
        fit = self.likelihood.apart(among)
        return exact_score(self.yes[members], self.expected[members]) if fit is None else (fit.gain, fit.ratio)

    @cached_property
    def _numbers(self) -> Numbers:
        return np.flatnonzero(self.compared)


@dataclass(frozen=True)
class Standing:
    """How a sub-population stands in its search. score: exact, in nats, description paid.

    agreed, starts: of so many starts of the search so many ended among these persons. runner_up: score of the best end
    among others, mostly a near relative; None: there was none.
    """

    score: float
    agreed: int = 1
    starts: int = 1
    runner_up: float | None = None


@dataclass(frozen=True)
class Candidate:
    """One sub-population. allowed: bool, shape (dimensions, width); inside: bool, shape (persons,).

    ratio: odds ratio against expectation, at least 1. score, agreed, starts, runner_up: as of its Standing.
    """

    score: float
    allowed: Bools
    inside: Bools
    ratio: float
    agreed: int = 1
    starts: int = 1
    runner_up: float | None = None

    @property
    def standing(self) -> Standing:
        """How it stands in its search, without its persons."""
        return Standing(self.score, self.agreed, self.starts, self.runner_up)


@dataclass(frozen=True)
class _Scored:
    """A candidate whose members are not listed yet. end: the end of the climb that it came from.

    gain: the score before the description is paid.
    """

    score: float
    gain: float
    allowed: Bools
    ratio: float
    end: Bools


def _same_persons(one: _Scored, other: _Scored) -> bool:
    """Whether two finalists hold the same persons, told by what the exact score makes of them."""
    return one.gain == other.gain and one.ratio == other.ratio


@dataclass(frozen=True)
class Scan:
    """A search that can be repeated on other answers of the same people.

    least: fewest persons with, and without, the trouble inside: below it nothing could be told outside.
    adjusted: for each dimension whether the expectation has a level of its own for each of its values; () for none.
    What one such dimension alone describes is expected as it is: only shrinkage would make it look unusual.
    """

    people: Frame
    coding: Code
    least: int
    adjusted: tuple[bool, ...] = ()

    def best(self, yes: Bools, expected: Expected, exact: Exact | None = None) -> Candidate | None:
        """The best sub-population, or None when none has enough persons.

        exact: how finalists are scored; None: against `expected` as it stands.
        """
        return next(iter(self.several(yes, expected, exact, many=1)), None)

    def several(self, yes: Bools, expected: Expected, exact: Exact | None = None, *, many: int) -> list[Candidate]:
        """The best sub-populations, no two of them the same, best first: at most so many of the ends of all climbs.

        They mostly are one another's near relatives: what else could be told instead of the first.
        """
        (end,) = self._climb(yes[None, :], expected[None, :])
        return self._finish(exact or Against(yes, expected), *end, many)

    def best_each(self, yes: Bools, expected: Expected, exact: Sequence[Exact]) -> list[Candidate | None]:
        """The best sub-population of each replicate; yes, expected: shape (replicates, persons)."""
        ends = self._climb(yes, expected)
        found = [self._finish(own, *end, 1) for own, end in zip(exact, ends, strict=True)]
        return [next(iter(each), None) for each in found]

    def _climb(self, yes: Bools, expected: Expected) -> list[tuple[Floats, Bools]]:
        if self.people.persons > MANY:
            ends = [self._climb_many(y, e) for y, e in zip(yes, expected, strict=True)]
        else:
            ends = self._climb_few(yes, expected.astype(np.float64))
        if not self.coding.exactly:
            return ends
        return [self._climb_exactly(*each) for each in zip(yes, expected, ends, strict=True)]

    def _climb_exactly(self, yes: Bools, expected: Expected, ends: tuple[Floats, Bools]) -> tuple[Floats, Bools]:
        """Go on in the exact form: from the best as they would be told, and from the best ends."""
        scores, masks = ends
        few = EXACT_STARTS if self.people.persons < VERY_MANY else FINALISTS
        finite = [lane for lane in np.argsort(-scores, kind="stable")[:few] if np.isfinite(scores[lane])]
        reached = {masks[lane].tobytes() for lane in finite}
        told = [each.allowed for each in self._finish(Against(yes, expected), scores, masks, FINALISTS)]
        new = [allowed for allowed in told if allowed.tobytes() not in reached]
        starts = np.array([*new, *masks[finite]], dtype=np.bool_).reshape(-1, *self._shape)
        climb = exactly.Climb(self.people, exactly.outcome(yes, expected), (self.coding, self.least))
        return climb.ends(starts)

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

    def _finish(self, exact: Exact, scores: Floats, masks: Bools, many: int) -> list[Candidate]:
        """Score the finalists exactly on the records."""
        ends: dict[bytes, int] = {}
        finalists: list[Bools] = []
        for lane in np.argsort(-scores, kind="stable"):
            if not np.isfinite(scores[lane]) or self._is_expected(masks[lane]):
                continue
            end = masks[lane].tobytes()
            if end not in ends and len(ends) < max(FINALISTS, many):
                finalists.append(masks[lane])
            ends[end] = ends.get(end, 0) + 1
        ranked = sorted((self._scored(exact, end, end) for end in finalists), key=lambda c: -c.score)
        found: dict[bytes, Candidate] = {}
        for scored in ranked[:many]:
            best = self._simplified(exact, scored)
            agreed = sum(ends[each.end.tobytes()] for each in ranked if _same_persons(each, scored))
            others = [e.score for e in ranked if not (_same_persons(e, scored) or _same_persons(e, best))]
            standing = Standing(best.score, agreed, len(scores), next(iter(others), None))
            found.setdefault(best.allowed.tobytes(), self._candidate(best, standing))
        return sorted(found.values(), key=lambda c: -c.score)

    def _candidate(self, scored: _Scored, standing: Standing) -> Candidate:
        inside = np.zeros(self.people.persons, dtype=np.bool_)
        inside[self._members(scored.allowed)] = True
        told = (standing.agreed, standing.starts, standing.runner_up)
        return Candidate(scored.score, scored.allowed, inside, scored.ratio, *told)

    def _scored(self, exact: Exact, allowed: Bools, end: Bools) -> _Scored:
        gain, ratio = exact.score(self._members(allowed))
        return _Scored(gain - self.coding.length(allowed, self.people.sizes), gain, allowed, ratio, end)

    def _members(self, allowed: Bools) -> Numbers:
        if self.people.persons > MANY:
            from upwell.evidence.scan.climbing import lanes  # noqa: PLC0415 - numba is slow to import

            return lanes.members(self.people, allowed)
        inside = np.ones(self.people.persons, dtype=np.bool_)
        for j in np.flatnonzero(self._restricted(allowed)):
            inside &= allowed[j][self.people.codes[j]]
        return np.flatnonzero(inside)

    def _simplified(self, exact: Exact, best: _Scored) -> _Scored:
        """Let go of what the climb kept only because the rest of the set still hid in the main effects."""
        while True:
            simple = [allowed for allowed in self._simpler(best.allowed) if not self._is_expected(allowed)]
            options = [self._scored(exact, allowed, best.end) for allowed in simple]
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

    def _is_expected(self, mask: Bools) -> bool:
        """Whether a set is everybody, or described by one adjusted dimension alone."""
        restricted = np.flatnonzero(self._restricted(mask))
        alone = len(restricted) == 1 and int(restricted[0]) < len(self.adjusted)
        return not len(restricted) or (alone and self.adjusted[int(restricted[0])])

    def _restricted(self, mask: Bools) -> Bools:
        return np.array([not mask[j, :size].all() for j, size in enumerate(self.people.sizes)])

    def _climb_many(self, yes: Bools, expected: Expected) -> tuple[Floats, Bools]:
        from upwell.evidence.scan.climbing import compiled, grids, lanes  # noqa: PLC0415 - numba is slow to import

        rule = compiled.rule(self.people, self.coding, self.least)
        tables = outcome_tables(self.people, yes, expected)
        scores, allowed = grids.scan_tables(self.people, tables, rule)
        starts = self._starts(tables.triples, scores, allowed)
        return lanes.climb(self.people, lanes.Answers(yes, expected, tables), starts, rule)

    def _starts(self, triples: NDArray[np.int64], scores: Floats, allowed: Bools) -> Bools:
        """The best distinct ends of the tables; shape (starts, dimensions, width)."""
        starts: dict[bytes, Bools] = {}
        most = MANY_STARTS if self.people.persons < VERY_MANY else FEWER_STARTS
        for t in np.argsort(-scores, kind="stable")[:MOST_TABLES]:
            if len(starts) == most or not np.isfinite(scores[t]):
                break
            start = np.ones(self._shape, dtype=np.bool_)
            for axis, j in enumerate(triples[t]):
                start[j, : self.people.sizes[j]] = allowed[t, axis, : self.people.sizes[j]]
            starts.setdefault(start.tobytes(), start)
        return np.array(list(starts.values()), dtype=np.bool_).reshape(len(starts), *self._shape)

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.people.sizes), int(self.people.sizes.max())

    @cached_property
    def _pairs(self) -> _Pairs:
        return _pairs(self.people, self.coding)

    def _pair_starts(self, yes: Floats, expected: Floats) -> Bools:
        """Everything, and the best cell of each of the best pair tables; (replicates, starts, dimensions, width)."""
        pairs, sizes = self._pairs, self.people.sizes
        starts = np.ones((len(yes), FEW_STARTS + 1, *self._shape), dtype=np.bool_)
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
