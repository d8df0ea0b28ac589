"""The auditor: tries to work out hidden counts from what everybody can see. Shares no code with the suppression.

It knows the shown counts, how counts add up, and that nobody is counted below zero. It does not know the threshold,
unless it is told what a publisher's marks promise (floor, ceiling). In turn: row after row by hand (facts.py), by
linear algebra (dependence.py: which follow from sums alone?), by linear programming (corners.py: how far may each
move?), and where it is asked in whole numbers (attack_whole).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.attacking.corners import Solver, Walk, pieces, walk, whole_down, whole_up
from upwell.evidence.disclosure.attacking.dependence import follows
from upwell.evidence.disclosure.attacking.facts import Facts, Told, facts_of, narrowed, reach

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

WHOLE = 1e-4
"""Farthest from a whole number that a count worked out by linear algebra may lie."""

MOST_NODES = 5_000
"""Branches of the search in whole numbers, a cell and an end, before it is said not to have ended."""

FAR = 2**53
"""Persons; a count that nothing bounds."""


@dataclass(frozen=True)
class Public:
    """Counts as printed and how they add up.

    names: one a cell. shown: int64 persons, shape (cells,), -1 where hidden.
    parts: shape (cells, unknowns): a cell is this sum of unknowns, each 0 or more.
    ties: shape (ties, unknowns); ties @ unknowns = sums.
    bands: shape (bands, unknowns); least <= bands @ unknowns <= most: rounded shares, classes on a map.
    """

    names: tuple[str, ...]
    shown: Counts
    parts: sparse.csr_matrix
    ties: sparse.csr_matrix
    sums: Counts
    bands: sparse.csr_matrix = field(default_factory=lambda: sparse.csr_matrix((0, 0), dtype=np.int64))
    least: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    most: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Effort:
    """How the hidden counts of a report were attacked: numbers of counts, and of linear programmes.

    by_hand: counts that arithmetic alone settled. programmes: solved for many counts at once. alone: counts with
    programmes of their own. left: counts that would have needed one, and got none because the system is too large; the
    report gives what was proved of them.
    """

    by_hand: int = 0
    programmes: int = 0
    alone: int = 0
    left: int = 0

    def and_(self, found: Walk) -> Effort:
        """With the programmes of one more piece."""
        return Effort(self.by_hand, self.programmes + found.together, self.alone + found.alone, self.left + found.left)


@dataclass(frozen=True)
class AttackReport:
    """What was found out of each hidden cell, in the order of `names`: int64 persons, bounds that were really reached.

    sums: hidden cells that follow from sums alone (60 less 20 and 33 is 7), without the floor of zero.
    """

    names: tuple[str, ...]
    low: Counts
    high: Counts
    sums: tuple[str, ...] = ()
    effort: Effort = Effort()

    @property
    def exact(self) -> tuple[str, ...]:
        """Hidden cells whose count follows from what is shown."""
        return tuple(name for name, low, high in zip(self.names, self.low, self.high, strict=True) if low >= high)

    def narrower_than(self, width: int) -> tuple[str, ...]:
        """Hidden cells whose possible counts lie less than `width` persons apart."""
        apart = self.high - self.low
        return tuple(name for name, each in zip(self.names, apart, strict=True) if each < width)


@dataclass(frozen=True)
class Whole:
    """Least and greatest count of one cell in whole persons. proved: the search ended; else the truth may be wider."""

    least: int
    greatest: int
    proved: bool


def attack(
    public: Public, *, width: int, seed: int, floor: Counts | None = None, ceiling: Counts | None = None
) -> AttackReport:
    """How far every hidden count could be narrowed. width: persons; wider intervals are not measured to their ends.

    floor, ceiling: what the attacker knows of each cell while it is hidden, int64 persons, one entry a cell (1 where
    zeros are always printed, 10 where nothing but 1 to 10 is hidden; ceiling -1: no such knowledge).
    Raises ValueError when the shown counts contradict each other (then something is misprinted).
    """
    hidden = np.flatnonzero(public.shown < 0)
    names = tuple(public.names[at] for at in hidden)
    if not len(hidden):
        return AttackReport(names, np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    facts = known_facts(public, floor, ceiling)
    by_sums, values = follows(facts, seed=seed)
    facts = _with_values(facts, by_sums, values)
    least, most = reach(facts.aims, facts.low, facts.high)
    low, high = least.copy(), most.copy()
    effort = Effort(by_hand=int((least >= most).sum()))
    for number, piece in enumerate(pieces(facts, least < most)):
        random = np.random.default_rng([seed, number])
        found = walk(piece, least[piece.which], most[piece.which], width=width, random=random)
        left = found.open(width)
        low[piece.which] = np.where(left, found.least, found.low)
        high[piece.which] = np.where(left, found.most, found.high)
        effort = effort.and_(found)
    low, high = np.maximum(whole_up(low), -FAR), np.minimum(whole_down(high), FAR)
    low[by_sums] = high[by_sums] = np.rint((low[by_sums] + high[by_sums]) / 2)
    follow = tuple(names[at] for at in np.flatnonzero(by_sums))
    return AttackReport(names, low.astype(np.int64), high.astype(np.int64), follow, effort)


def attack_whole(
    public: Public,
    cells: Sequence[int],
    *,
    floor: Counts | None = None,
    ceiling: Counts | None = None,
    nodes: int = MOST_NODES,
) -> tuple[Whole, ...]:
    """Least and greatest count of each of some cells (their numbers) over all tables of whole persons.

    nodes: branches searched a cell and an end. Raises ValueError when the shown counts contradict each other.
    """
    facts = known_facts(public, floor, ceiling, aims=np.asarray(cells, dtype=np.int64))
    least, most = reach(facts.aims, facts.low, facts.high)
    found = [Whole(int(low), int(high), True) for low, high in zip(least, np.minimum(most, FAR), strict=True)]
    for piece in pieces(facts, least < most):
        solver = Solver(piece)
        for at, which in enumerate(piece.which):
            aim = np.asarray(piece.aims[[at]].todense(), dtype=np.float64).ravel()
            low, low_is_proved = solver.whole(aim, nodes)
            high, high_is_proved = solver.whole(-aim, nodes)
            known = float(piece.known[at])
            ends = (int(whole_up(np.array(known + low))), int(whole_down(np.array(known - high))))
            found[int(which)] = Whole(*ends, low_is_proved and high_is_proved)
    return tuple(found)


def known_facts(public: Public, floor: Counts | None, ceiling: Counts | None, *, aims: Counts | None = None) -> Facts:
    """Everything that can be read off, narrowed by hand. aims: numbers of the cells asked for; None: all hidden ones.

    Raises ContradictionError, a ValueError, when no table of people has all the shown counts.
    """
    hidden = public.shown < 0
    least = np.where(hidden, -np.inf if floor is None else floor, public.shown).astype(np.float64)
    top = np.inf if ceiling is None else np.where(ceiling < 0, np.inf, ceiling)
    most = np.where(hidden, top, public.shown).astype(np.float64)
    bands = public.bands if public.bands.shape[0] else sparse.csr_matrix((0, public.parts.shape[1]), dtype=np.int64)
    told = Told(
        rows=sparse.vstack([public.parts, public.ties, bands]).tocsr(),
        least=np.concatenate([least, public.sums, public.least]).astype(np.float64),
        most=np.concatenate([most, public.sums, public.most]).astype(np.float64),
    )
    return narrowed(facts_of(told, public.parts[np.flatnonzero(hidden) if aims is None else aims]))


def _with_values(facts: Facts, by_sums: Mask, values: Numbers) -> Facts:
    """Narrowed once more by counts that follow from sums, where these are whole as counts must be."""
    sure = by_sums & (np.abs(values - np.rint(values)) < WHOLE)
    alone = np.diff(facts.aims.indptr) == 1
    at = np.flatnonzero(sure & alone)
    sets = facts.aims.indices[facts.aims.indptr[at]]
    low, high = facts.low.copy(), facts.high.copy()
    new = (low[sets] < high[sets]) & (facts.aims.data[facts.aims.indptr[at]] == 1)
    if not new.any():
        return facts
    low[sets[new]] = high[sets[new]] = np.rint(values[at[new]])
    return narrowed(replace(facts, low=low, high=high))
