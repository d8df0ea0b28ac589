"""How a hidden count follows from printed ones, in words that anybody can check with a pencil.

Shortest first: one sum ("the total 60 less 20 and 33"), a printed percentage of a known total, a chain of these, a
remainder that is as small or as large as it can be; where none of these reaches, two weighted sums of printed numbers,
taken from the multipliers of the linear programme, that leave the count one value. Every derivation is checked in exact
arithmetic; what does not prove its number is not given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.attacking.attack import Public, known_facts
from upwell.evidence.disclosure.attacking.facts import Facts
from upwell.evidence.disclosure.attacking.proof import Combination, combination

Counts = NDArray[np.int64]

MOST_PROOFS = 200
"""Counts for which multipliers are asked of a linear programme."""


@dataclass(frozen=True)
class Step:
    """One count worked out from others. how: "sum" | "least" | "most" | "share" | "combination".

    cell: its number in the public tables, -1 where nothing printed counts just these people. value: persons.
    plus, minus: numbers and counts of the cells that are added and taken away. beside: other hidden counts of the same
    equation (for "least" and "most": all of them are as small, or as large, as they can be).
    bounds: for "combination", what proves that it is at least and at most that.
    """

    cell: int
    set: int
    value: int
    how: str
    plus: tuple[tuple[int, int, int], ...] = ()
    minus: tuple[tuple[int, int, int], ...] = ()
    beside: tuple[int, ...] = ()
    bounds: tuple[Combination, ...] = ()
    share: str = ""


@dataclass(frozen=True)
class Share:
    """A printed percentage. part, whole: numbers of cells. low <= scale x part / whole <= high. words: as printed."""

    part: int
    whole: int
    low: int
    high: int
    scale: int
    words: str


@dataclass(frozen=True)
class Explained:
    """A hidden cell, its count, and the steps that lead to it; the last one is its own. (): it follows, unexplained."""

    cell: int
    value: int
    steps: tuple[Step, ...]


def explain(
    public: Public,
    found: Mapping[int, int],
    *,
    floor: Counts | None = None,
    ceiling: Counts | None = None,
    shares: Sequence[Share] = (),
) -> tuple[Explained, ...]:
    """Why each hidden cell has its count. found: number of a hidden cell -> its count, as the attack worked it out."""
    cells = np.arange(len(public.names))
    facts = known_facts(public, floor, ceiling, aims=cells)
    game = _Game(public, facts, floor, ceiling)
    game.play(shares)
    explained = []
    proofs = 0
    for cell, value in found.items():
        steps = game.steps_to(int(game.set_of[cell]))
        if not steps and proofs < MOST_PROOFS:
            proofs += 1
            bounds = combination(public, cell, value, floor, ceiling)
            steps = (Step(cell, int(game.set_of[cell]), value, "combination", bounds=bounds),) if bounds else ()
        explained.append(Explained(cell, value, steps if steps and steps[-1].value == value else ()))
    return tuple(explained)


class _Game:
    """Counts worked out one after the other, in whole numbers, with the equation that gave each."""

    def __init__(self, public: Public, facts: Facts, floor: Counts | None, ceiling: Counts | None) -> None:
        self.rows = _equations(facts)
        alone = np.diff(facts.aims.indptr) == 1
        self.set_of = np.where(alone, facts.aims.indices[np.minimum(facts.aims.indptr[:-1], facts.aims.nnz - 1)], -1)
        sets = facts.board.sets.shape[0]
        self.cell_of = np.full(sets, -1, dtype=np.int64)
        self.low, self.high = np.zeros(sets, dtype=np.int64), np.full(sets, -1, dtype=np.int64)
        self.value = np.full(sets, -1, dtype=np.int64)
        for cell in reversed(np.flatnonzero(alone)):
            at = self.set_of[cell]
            if public.shown[cell] >= 0 or self.value[at] < 0:
                self.cell_of[at] = cell
            if public.shown[cell] >= 0:
                self.value[at] = public.shown[cell]
            else:
                self.low[at] = max(self.low[at], 0 if floor is None else floor[cell])
                top = -1 if ceiling is None else ceiling[cell]
                self.high[at] = top if self.high[at] < 0 else min(top, self.high[at]) if top >= 0 else self.high[at]
        self.steps: dict[int, Step] = {}

    def play(self, shares: Sequence[Share]) -> None:
        """Round after round: whatever one equation gives now; each round may use what the rounds before gave."""
        while True:
            known = self.value >= 0
            new: dict[int, Step] = {}
            for row in self.rows:
                for step in self._given_by(row, known):
                    if step.set not in new or _length(step) < _length(new[step.set]):
                        new[step.set] = step
            for step in filter(None, (self._of_share(share) for share in shares)):
                new.setdefault(step.set, step)
            if not new:
                return
            for at, step in new.items():
                self.value[at] = step.value
                self.steps[at] = step

    def _given_by(self, row: _Row, known: NDArray[np.bool_]) -> Iterable[Step]:
        unknown = [at for at in row.sets if not known[at]]
        if not unknown:
            return
        rest = row.side - sum(
            weight * int(self.value[at]) for at, weight in zip(row.sets, row.weights, strict=True) if known[at]
        )
        weights = {at: weight for at, weight in zip(row.sets, row.weights, strict=True) if not known[at]}
        if len(unknown) == 1:
            weight = weights[unknown[0]]
            if rest % weight == 0 and rest // weight >= 0:
                yield self._step(row, unknown[0], (rest // weight, "sum"))
        elif len(set(weights.values())) == 1:
            yield from self._at_an_end(row, unknown, rest // weights[unknown[0]])

    def _at_an_end(self, row: _Row, unknown: Sequence[int], rest: int) -> Iterable[Step]:
        """Several unknowns that add up to the least, or to the most, that they can."""
        least, most = [int(self.low[at]) for at in unknown], [int(self.high[at]) for at in unknown]
        ends, how = (least, "least") if rest == sum(least) else (most, "most")
        if rest != sum(ends) or min(ends) < 0:
            return
        for at, value in zip(unknown, ends, strict=True):
            yield self._step(row, at, (value, how), beside=tuple(other for other in unknown if other != at))

    def _step(self, row: _Row, at: int, found: tuple[int, str], *, beside: tuple[int, ...] = ()) -> Step:
        known = self.value >= 0
        value, how = found
        sign = row.weights[row.sets.index(at)]
        told = [
            (int(self.cell_of[each]), each, int(self.value[each]), weight * sign)
            for each, weight in zip(row.sets, row.weights, strict=True)
            if known[each]
        ]
        plus = [(cell, each, value) for cell, each, value, weight in told if weight < 0]
        minus = [(cell, each, value) for cell, each, value, weight in told if weight > 0]
        return Step(int(self.cell_of[at]), at, value, how, tuple(plus), tuple(minus), beside)

    def _of_share(self, share: Share) -> Step | None:
        """A count that its printed percentage of a known total leaves one value."""
        part, whole = int(self.set_of[share.part]), int(self.set_of[share.whole])
        if min(part, whole) < 0 or self.value[part] >= 0 or self.value[whole] < 0:
            return None
        total = int(self.value[whole])
        least, most = -(-share.low * total // share.scale), share.high * total // share.scale
        if least != most or least < 0:
            return None
        return Step(share.part, part, least, "share", ((share.whole, whole, total),), share=share.words)

    def steps_to(self, at: int) -> tuple[Step, ...]:
        """The steps that a count needs, in order, its own last; () where it was not reached."""
        found: dict[int, Step] = {}

        def need(each: int) -> None:
            step = self.steps.get(each)
            if step is None or each in found:
                return
            for _, other, _ in (*step.plus, *step.minus):
                need(other)
            found[each] = step

        need(at)
        return tuple(found.values())


@dataclass(frozen=True)
class _Row:
    """sum of weights x sets = side; whole numbers."""

    sets: tuple[int, ...]
    weights: tuple[int, ...]
    side: int


def _equations(facts: Facts) -> list[_Row]:
    """Every equation with weights of 1 and -1 that has more than one set."""
    rows = facts.rows[facts.exact]
    sides = facts.least[facts.exact]
    found = []
    for at in range(rows.shape[0]):
        part = slice(rows.indptr[at], rows.indptr[at + 1])
        weights = rows.data[part]
        if len(weights) > 1 and (np.abs(weights) == 1).all():
            found.append(_Row(tuple(rows.indices[part].tolist()), tuple(weights.astype(int).tolist()), int(sides[at])))
    return found


def _length(step: Step) -> int:
    """How much there is to read: terms, and unnamed counts twice."""
    terms = (*step.plus, *step.minus)
    return len(terms) + 3 * len(step.beside) + 2 * sum(cell < 0 for cell, _, _ in terms)
