"""Releases of one caseload over a year, and the attacker who holds them all.

Year to date: everybody who came since January, told each month by tract < county < all, crossed with race. `leaving`:
the share of people who leave again each month, or whose record is corrected, so that nobody may reckon with newcomers
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from factories import drafts
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.attacking.attack import AttackReport, Public, attack
from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import System, build
from upwell.evidence.errors import RefusedError
from upwell.evidence.question import Where

COUNTIES = ((0, 1, 2, 3), (4, 5, 6, 7))
TRACTS, RACES, THRESHOLD = 8, 3, 11
DAY = date(2026, 1, 1)

Shown = Sequence[Mapping[str, int]]
"""What each release printed: Cell.id -> persons; empty where it was refused."""


@dataclass(frozen=True)
class SequenceReport:
    """What somebody with every release can tell of the true counts and monthly changes of 1 to 10.

    protected: how many of them there are. exact, near: names of those told to one value, and to at most three.
    large: share of counts of 11 and more that were shown. refused: releases that did not go out.
    """

    protected: int
    exact: tuple[str, ...]
    near: tuple[str, ...]
    large: float
    refused: int


def sequence(seed: int, releases: int = 12, *, people: int = 1_500, leaving: float = 0.0) -> list[Draft]:
    """Drafts of successive months, the same tables each time."""
    random = np.random.default_rng(seed)
    weights = random.lognormal(sigma=1.0, size=(TRACTS, 1)) * random.lognormal(sigma=1.0, size=(1, RACES))
    weights *= random.gamma(1.0, size=weights.shape)
    leaf = random.choice(weights.size, people, p=weights.ravel() / weights.sum())
    came = random.integers(0, releases, people)
    went = came + random.geometric(leaving, people) if leaving else np.full(people, releases)
    return [_draft(leaf[(came <= at) & (at < went)], at) for at in range(releases)]


def _draft(leaf: NDArray[np.int64], month: int) -> Draft:
    codes = {"race": (leaf % RACES).astype(np.uint8), "tract": (leaf // RACES).astype(np.uint8)}
    crowd = Crowd("c", np.zeros(len(leaf), np.uint8), 1, codes, {"race": RACES, "tract": TRACTS})
    places = [[()], [(("tract", county),) for county in COUNTIES], [(("tract", (at,)),) for at in range(TRACTS)]]
    races: list[list[Where]] = [[()], [(("race", (at,)),) for at in range(RACES)]]
    tables = [_table(10 * a + b, [r + p for p in where for r in of]) for a, where in enumerate(places)
              for b, of in enumerate(races)]  # fmt: skip
    meta = {"snapshot": f"month-{month}", "period_to": f"2023-{1 + month % 12:02d}-28"}
    return drafts.draft_of([crowd], tables, meta=meta)


def _table(number: int, wheres: Sequence[Where]) -> DraftTable:
    rows = tuple(DraftRow(str(where), Cell("c", tuple(sorted(where)), (0,))) for where in wheres)
    return DraftTable(f"t{number:02d}", "served", "people", "", "group", rows, split=False, priority=8)


def threshold_only(sequence: Sequence[Draft]) -> Shown:
    """Each release hides its small counts and nothing else."""
    return [
        {cell.id: int(n) for cell, n in zip(each.cells, each.values, strict=True) if not 0 < n < THRESHOLD}
        for each in map(truth, sequence)
    ]


def without_memory(sequence: Sequence[Draft]) -> Shown:
    """Each release through the gate, as if it were the first."""
    return [_released(draft, ()) for draft in sequence]


def with_ledger(sequence: Sequence[Draft], *, said: Callable[[str], None] = lambda words: None) -> Shown:
    """Each release through the gate with the entries of all before. said: gets the words of each refusal."""
    entries: list[LedgerEntry] = []
    shown: list[Mapping[str, int]] = []
    for draft in sequence:
        try:
            entries.append(gate(draft, entries))
            shown.append(entries[-1].shown)
        except RefusedError as error:
            said(str(error))
            shown.append({})
    return shown


def gate(draft: Draft, earlier: Sequence[LedgerEntry]) -> LedgerEntry:
    """The ledger's entry of one release."""
    rules = protection.load("hmis-agency", DAY)
    before = ledger.BEGINNING
    return protect(draft, rules, earlier=earlier, key=bytes(32), made_on=DAY, seed=1, ledger_head=before)[1]


def _released(draft: Draft, earlier: Sequence[LedgerEntry]) -> Mapping[str, int]:
    try:
        return gate(draft, earlier).shown
    except RefusedError:
        return {}


def truth(draft: Draft) -> System:
    """Every cell that a draft asks for, with its true count."""
    return build(draft.crowds[0], [cell for table in draft.tables for cell in cells_of(table)])


def attack_sequence(
    sequence: Sequence[Draft], shown: Shown, *, leavers: int | None = 0, width: int = 3, seed: int = 9
) -> SequenceReport:
    """Every release held against every other.

    leavers: with how many leavers in all the attacker reckons; None: with any number.
    Raises ValueError when that contradicts what was shown.
    """
    systems = [truth(draft) for draft in sequence]
    public, true = everything(systems, shown, leavers)
    small = np.array([0 < abs(each) < THRESHOLD for each in true])
    report: AttackReport = attack(public, width=width, seed=seed)
    protected = {name for name, each in zip(public.names, small, strict=True) if each} & set(report.names)
    at_most_three = set(report.narrower_than(3))
    large = [(at, cell) for at, each in enumerate(systems) for cell, n in enumerate(each.values) if n >= THRESHOLD]
    told = sum(systems[at].cells[cell].id in shown[at] for at, cell in large)
    return SequenceReport(
        protected=int(small.sum()),
        exact=tuple(sorted(protected & set(report.exact))),
        near=tuple(sorted(protected & at_most_three)),
        large=told / max(1, len(large)),
        refused=sum(not each for each in shown),
    )


def everything(systems: Sequence[System], shown: Shown, leavers: int | None) -> tuple[Public, NDArray[np.int64]]:
    """One system of all releases and of what changed between them, and the true values.

    Unknowns: the people of the first release, then of each later one who came and who went; each 0 or more.
    """
    if leavers == 0:
        return _only_joining(systems, shown)
    releases, cells = len(systems), systems[0].cells
    counts, ties = systems[0].counts, systems[0].ties
    many = counts.shape[1]
    one, times = sparse.identity(many, dtype=np.int64), 2 * releases - 1
    came = [dict.fromkeys(range(at + 1), one) for at in range(releases)]
    went = [dict.fromkeys(range(releases, releases + at), -one) for at in range(releases)]
    people = [_sum_of(plus | minus, times, many) for plus, minus in zip(came, went, strict=True)]
    # somebody left only who was there: people of a release are 0 or more, which further unknowns say
    there = sparse.vstack(people).tocsr()
    bound = sparse.csr_matrix(np.repeat([[0, 1]], [releases * many, (releases - 1) * many], axis=1))
    slack = releases * many
    unknowns = times * many + slack + 1
    limit = sparse.hstack([bound, sparse.csr_matrix((1, slack)), sparse.csr_matrix([[1]])])
    same = sparse.hstack([there, -sparse.identity(slack), sparse.csr_matrix((slack, 1))])
    inner = [sparse.hstack([ties @ each, sparse.csr_matrix((ties.shape[0], slack + 1))]) for each in people]
    rows = [same, *inner, *([limit] if leavers is not None else [])]
    parts = [counts @ each for each in people] + [counts @ (b - a) for a, b in pairwise(people)]
    names = [f"{at}:{cell.id}" for at in range(releases) for cell in cells]
    names += [f"{at}+:{cell.id}" for at in range(1, releases) for cell in cells]
    values = [each.values for each in systems]
    true = np.concatenate([*values, *(b - a for a, b in pairwise(values))])
    known = [shown[at].get(cell.id, -1) for at in range(releases) for cell in cells]
    sides = [np.zeros(sum(row.shape[0] for row in rows[: 1 + releases]))]
    sides += [np.array([leavers])] if leavers is not None else []
    stacked = sparse.vstack(parts)
    public = Public(
        names=tuple(names),
        shown=np.concatenate([known, np.full((releases - 1) * len(cells), -1)]).astype(np.int64),
        parts=sparse.hstack([stacked, sparse.csr_matrix((stacked.shape[0], slack + 1))]).tocsr().astype(np.int64),
        ties=sparse.vstack(rows).tocsr().astype(np.int64),
        sums=np.concatenate(sides).astype(np.int64),
    )
    assert public.parts.shape[1] == unknowns
    return public, true


def _only_joining(systems: Sequence[System], shown: Shown) -> tuple[Public, NDArray[np.int64]]:
    """The same where nobody leaves: the people of the first release and the newcomers of each later one."""
    releases, cells = len(systems), systems[0].cells
    counts, ties = systems[0].counts, systems[0].ties
    so_far = [sparse.csr_matrix(np.arange(releases)[None, :] <= at).astype(np.int64) for at in range(releases)]
    then = [sparse.kron(each, counts) for each in so_far]
    names = [f"{at}:{cell.id}" for at in range(releases) for cell in cells]
    names += [f"{at}+:{cell.id}" for at in range(1, releases) for cell in cells]
    values = [each.values for each in systems]
    known = [shown[at].get(cell.id, -1) for at in range(releases) for cell in cells]
    inner = sparse.vstack([sparse.kron(each, ties) for each in so_far]).tocsr().astype(np.int64)
    public = Public(
        names=tuple(names),
        shown=np.concatenate([known, np.full((releases - 1) * len(cells), -1)]).astype(np.int64),
        parts=sparse.vstack([*then, *(b - a for a, b in pairwise(then))]).tocsr().astype(np.int64),
        ties=inner,
        sums=np.zeros(inner.shape[0], dtype=np.int64),
    )
    return public, np.concatenate([*values, *(b - a for a, b in pairwise(values))])


def _sum_of(parts: Mapping[int, sparse.spmatrix], times: int, many: int) -> sparse.csr_matrix:
    blank = sparse.csr_matrix((many, many), dtype=np.int64)
    return sparse.hstack([parts.get(at, blank) for at in range(times)]).tocsr()
