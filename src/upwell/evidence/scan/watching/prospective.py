"""What is new this month: a watch that looks again and again, and tells of every trouble once.

Only windows that reach the present are searched, beyond what is known already: inside a known issue its own odds raise
what is expected. A look claims falsely as often as the stated rate a year allows for one look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import dimensions, expected
from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan import searching
from upwell.evidence.scan.climbing.subset import Against, Scan
from upwell.evidence.scan.searching import Space
from upwell.evidence.scan.surely import chance, sequential
from upwell.evidence.scan.surely.chance import Dependence
from upwell.evidence.scan.surely.sequential import Chance
from upwell.evidence.scan.watching import issues, memory
from upwell.evidence.scan.watching.memory import Memory, Part
from upwell.evidence.scan.watching.watch import Alarm, Looking, Present, Seen, Usual, Watch
from upwell.records.cases.table import Asked, Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Progress = Callable[[str, float], None]

FEWEST_EARLIER = 200  # persons from whom to learn what is usual
FEWEST_WORLDS, MOST_WORLDS = 199, 999
BATCH_CELLS = 2 * 10**7  # persons times worlds drawn at once
MOST_ODDS = 50.0
REFITTED_BELOW = 500_000  # persons; beyond, what is usual is known well enough
MOST_FOUND = 5  # in one look, known issues seen wider included


@dataclass(frozen=True)
class Look:
    """What one look came upon. p: of the best that is beyond the known, 1 where nothing could be found.

    memory: what is known from now on. alpha: chance of a false alarm in this look. worlds: drawn. wider: known issues,
    by their numbers before this look, seen from another side. ended: how many were forgotten because they are over.
    """

    alarms: tuple[Alarm, ...]
    memory: Memory
    p: float
    alpha: float
    worlds: int = 0
    wider: tuple[int, ...] = ()
    ended: int = 0
    note: str = ""


def usual(asked: Asked, columns: Sequence[Column], known: Memory, watch: Watch, present: Present) -> Usual:
    """What is usual, learned from the months before all windows: main effects of every column, place and time aside.

    Persons in known issues do not teach it. Raises EvidenceError where too few people are left to learn from.
    """
    month = asked.month.astype(np.int64) + present.origin
    earlier = month <= present.now - max(watch.windows)
    for issue in known.issues:
        for part in issue.parts:
            earlier &= ~(memory.members(asked, columns, part) & (month >= issue.since))
    if earlier.sum() < FEWEST_EARLIER or len(np.unique(asked.yes[earlier])) < 2:
        raise EvidenceError(
            "There are too few people in earlier months to say what is usual: give what was expected of each, or wait."
        )
    every = [replace(column, composition=column.name != "period") for column in columns if column.searched]
    fit = expected.of(asked, every, "composition", seed=1, halves=earlier)
    return Usual(fit.share, fit if asked.persons < REFITTED_BELOW else None)


@dataclass(frozen=True)
class _Window:
    """Persons of the last months, and how they are searched."""

    months: int
    among: Bools
    space: Space
    scan: Scan


def look(
    asked: Asked,
    columns: Sequence[Column],
    usual: Usual,
    known: Memory,
    watch: Watch,
    *,
    present: Present,
    seed: int,
    left_out: Sequence[str] = (),
    progress: Progress | None = None,
) -> Look:
    """What is new in the months up to the present, beyond what is known.

    asked: one row a person; people of later months are left aside. left_out: names of columns that nothing can be told
    of this time; what the memory knows of them it keeps. Raises EvidenceError for a memory of other columns,
    or one that has seen later months.
    """
    known.check(columns, left_out)
    if known.looked is not None and known.looked > present.now:
        raise EvidenceError("This memory has seen a later month already: a watch goes forward.")
    looking = Looking(asked, columns, usual, watch, present)
    known, ended = issues.without_ended(looking, known)
    worse, known = issues.worse(looking, known)
    known = replace(known, looked=present.now)
    windows = _windows(looking)
    if not windows:
        note = "Too few people were asked in the last months to look for anything new."
        return Look(worse, known, 1.0, watch.alpha, ended=ended, note=note)
    alpha = watch.alpha * (1 - issues.FOR_WORSE * bool(known.issues))
    came = _searched(looking, known, windows, _Line(alpha, _worlds(looking, known, windows, seed), progress))
    return replace(came, alarms=(*worse, *came.alarms), ended=ended)


def _windows(looking: Looking) -> list[_Window]:
    asked, least = looking.asked, looking.watch.least
    columns = [column for column in looking.columns if column.name != "period"]
    found = []
    for months in looking.watch.windows:
        among = looking.lately(months)
        yes, persons = int(asked.yes[among].sum()), int(among.sum())
        if persons < searching.FEWEST_PERSONS or searching.too_alike(yes, persons, least):
            continue
        space = dimensions.dimensions(asked, columns, among=among, least=least)
        if space:
            scan = searching.scan(space, least=least, searches=len(looking.watch.windows))
            found.append(_Window(months, among, space, scan))
    return found


Draw = Callable[[int], list[float]]


@dataclass(frozen=True)
class _Line:
    """What is beyond chance: p at most alpha, by so many worlds of `draw`."""

    alpha: float
    draw: Draw
    told: Progress | None

    @property
    def most(self) -> int:
        return min(MOST_WORLDS, max(FEWEST_WORLDS, ceil(sequential.ENOUGH_ABOVE / self.alpha)))

    def drawn(self, worlds: int, most: int) -> None:
        """Tell how many worlds were drawn."""
        if self.told:
            self.told("comparing with chance", worlds / most)


def _worlds(looking: Looking, known: Memory, windows: Sequence[_Window], seed: int) -> Draw:
    """Best scores of worlds in which only what is known is unusual, what is usual being learned again in each."""
    rng = np.random.default_rng([seed, 31, looking.present.now % 2**31])
    fit, everyone = looking.usual.fit, np.ones(looking.asked.persons, dtype=np.bool_)
    drawn = everyone if fit is not None else looking.lately(max(looking.watch.windows))
    linked, lift = _among(looking.usual.linked, drawn), looking.lift(known)[drawn]
    usual = looking.usual.share[drawn] if fit is None else fit.fitted
    truth = memory.raised(usual, lift)
    among = [window.among[drawn] for window in windows]

    def draw(worlds: int) -> list[float]:
        best: list[float] = []
        while len(best) < worlds:
            batch = min(worlds - len(best), max(1, BATCH_CELLS // max(len(truth), 1)))
            answers = chance.worlds(rng, truth, linked, batch)
            told = np.broadcast_to(usual, answers.shape) if fit is None else expected.refitted(fit, answers)
            greatest = np.full(batch, -np.inf)
            for window, inside in zip(windows, among, strict=True):
                shares = memory.raised(told[:, inside], lift[inside])
                greatest = np.maximum(greatest, _greatest(window.scan, answers[:, inside], shares))
            best += [float(score) for score in greatest]
        return best

    return draw


def _among(linked: Dependence | None, drawn: Bools) -> Dependence:
    """How the persons drawn hang together."""
    if linked is None:
        nobody = np.zeros(int(drawn.sum()), dtype=np.int64)
        return Dependence(nobody, 0.0, nobody, 0.0)
    return replace(linked, household=linked.household[drawn], cluster=linked.cluster[drawn])


def _greatest(scan: Scan, answers: Bools, shares: Floats) -> list[float]:
    exact = [Against(yes, share) for yes, share in zip(answers, shares, strict=True)]
    return chance.scores(scan.best_each(answers, shares, exact))


def _searched(looking: Looking, known: Memory, windows: Sequence[_Window], line: _Line) -> Look:
    """Take what is beyond chance one after the other, each raising what is expected for the next."""
    alarms: list[Alarm] = []
    wider: list[int] = []
    drawn: Chance | None = None
    p = 1.0
    for _ in range(MOST_FOUND):
        share = looking.raised(known)
        seen = _best(looking, windows, share)
        if seen is None or seen.score <= sequential.WORTH_TESTING:
            break
        first = drawn is None
        drawn = drawn or sequential.drawn(line.draw, seen.score, most=line.most, early=False, told=line.drawn)
        own = drawn.p if first else drawn.p_of(seen.score)
        p = min(p, own)
        if own > line.alpha:
            break
        at = issues.issue_of(looking, known, seen, share)
        if at is None:
            alarm, known = _alarm(looking, known, seen, share, own)
            alarms.append(alarm)
        else:
            known = known.with_part(at, _part(looking, seen, share, told=False), now=looking.present.now)
            wider.append(at)
    return Look(tuple(alarms), known, p, looking.watch.alpha, len(drawn.found) if drawn else 0, tuple(wider))


def _best(looking: Looking, windows: Sequence[_Window], share: Floats) -> Seen | None:
    """The best sub-population of all windows."""
    yes = looking.asked.yes
    found = [(w, c) for w in windows if (c := w.scan.best(yes[w.among], share[w.among])) is not None]
    if not found:
        return None
    window, candidate = max(found, key=lambda each: each[1].score)
    inside = np.zeros(len(window.among), dtype=np.bool_)
    inside[window.among] = candidate.inside
    space = window.space
    place = dimensions.where(space, list(candidate.allowed[: len(space)]), looking.columns)
    return Seen(place, window.months, inside, candidate.score, candidate.ratio)


def _part(looking: Looking, seen: Seen, share: Floats, *, told: bool) -> Part:
    odds = float(np.clip(seen.ratio, 1.0 + 1e-6, MOST_ODDS))
    now = memory.raised(share[seen.inside], np.full(int(seen.inside.sum()), np.log(odds)))
    error = float(max((now * (1 - now)).sum(), 0.5)) ** -0.5
    return Part(memory.keys_of(seen.where, looking.columns), odds, error, told)


def _alarm(looking: Looking, known: Memory, seen: Seen, share: Floats, p: float) -> tuple[Alarm, Memory]:
    now, inside = looking.present.now, seen.inside
    part, first = _part(looking, seen, share, told=True), now - seen.months + 1
    alarm = Alarm(
        kind="new",
        issue=len(known.issues),
        where=seen.where,
        first=first,
        last=now,
        inside=inside,
        persons=int(inside.sum()),
        yes=int(looking.asked.yes[inside].sum()),
        expected=float(share[inside].sum()),
        odds=part.odds,
        p=p,
        years=1 / (p * looking.watch.looks),
    )
    return alarm, known.with_issue(part, since=first, now=now)
