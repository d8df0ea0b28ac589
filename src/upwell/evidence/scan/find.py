"""find: one question's search, from the answers to findings that chance and composition do not explain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import dimensions, expected
from upwell.evidence.expected import CROSS_FITTED_BELOW, Expectation
from upwell.evidence.question import Finding, Search, Where
from upwell.evidence.scan import describe, searching, traps
from upwell.evidence.scan.climbing.score import tilt
from upwell.evidence.scan.climbing.subset import Beside, Candidate, Exact, Scan
from upwell.evidence.scan.searching import Space
from upwell.evidence.scan.surely import chance, confirm, merge, repeated, sequential
from upwell.evidence.scan.surely import stability as stable
from upwell.evidence.scan.surely.further import further
from upwell.records.cases.table import Asked, Column

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

LEAST = 11
"""Fewest persons inside with, and without, the trouble: fewer could not be told outside under any usual protection."""
CLEARLY = 3.0  # nats; a second finding carries no p, so it must carry itself
MOST_FINDINGS = 5


@dataclass(frozen=True)
class Request:
    """What was asked of the search. searches: questions times baselines in this run. seed: of this question."""

    asked: Asked
    columns: tuple[Column, ...]
    baseline: str
    seed: int
    searches: int
    least: int
    stability: bool = False
    begins: int | None = None


def find(
    asked: Asked,
    columns: Sequence[Column],
    *,
    baseline: str = "composition",
    seed: int,
    searches: int,
    progress: Progress | None = None,
    least: int = LEAST,
    stability: bool = False,
    begins: int | None = None,
) -> Search:
    """Search one question for sub-populations in which "yes" is more frequent than the baseline expects.

    columns: those not among asked.codes are left out. seed: same seed, same answer. searches: questions times
    baselines asked in this run; every p is multiplied by it, so that the run as a whole claims falsely at most 5 %.
    progress: called with words and a share 0..1. least: fewest persons with, and without, the trouble in a finding.
    stability: also search 50 times among households drawn again, and say which parts of each finding come back.
    begins: month of the year, 1..12, of month 0, so that findings tell their season; None: not known.
    A column that says nearly the same as the answer is left out (scan.traps).
    Raises EvidenceError for an unknown baseline, and where somebody stands in more than one row.
    """
    told = progress or (lambda words, share: None)
    own = (seed * 1_000_003 + crc32(asked.question.name.encode())) % 2**63
    request = Request(asked, tuple(columns), baseline, own, max(searches, 1), least, stability, begins)
    repeated.refuse(asked.person)
    note = searching.why_not(asked, least)
    if note:
        return searching.nothing(asked, baseline, note)
    told("fitting what to expect", 0.0)
    columns = traps.trusted(columns, traps.cautions(asked, columns))
    request = replace(request, columns=columns)
    held_back = confirm.halves(asked, own) if asked.persons >= CROSS_FITTED_BELOW else None
    expectation = expected.of(asked, columns, baseline, seed=own, halves=held_back)
    space = dimensions.dimensions(asked, columns, among=expectation.compared, least=least)
    if not space:
        return searching.nothing(asked, baseline, searching.NO_COLUMN)
    told("searching", 0.2)
    search = _confirmed if held_back is not None else _bootstrapped
    result = search(request, expectation, space, told)
    told("searched", 1.0)
    return result


def _scan(request: Request, space: Space) -> Scan:
    by_name = {column.name: column for column in request.columns}
    # "earlier" foretells later people by the levels of earlier ones: one column alone may well be new.
    fitted_now = request.baseline != "earlier"
    adjusted = tuple(fitted_now and expected.is_adjusted(by_name[d.name], request.baseline) for d in space)
    return searching.scan(space, least=request.least, searches=request.searches, adjusted=adjusted)


def _place(request: Request, space: Space, candidate: Candidate) -> Where:
    return dimensions.where(space, list(candidate.allowed[: len(space)]), request.columns)


def _bootstrapped(request: Request, expectation: Expectation, space: Space, told: Progress) -> Search:
    """Below 10**5 persons: the first finding against worlds drawn from the baseline, later ones exploratory."""
    asked, compared = request.asked, expectation.compared
    scan = _scan(request, space)
    exact = Beside(
        expected.Likelihood(expectation, asked.yes), asked.yes[compared], expectation.share[compared], compared
    )
    best = scan.best(asked.yes[compared], expectation.share[compared], exact)
    if best is None or best.score < sequential.WORTH_TESTING:
        return _searched(request, (scan, space), (), None)
    programme = describe.programme_codes(asked, request.columns)
    apart = _everyone(compared, best.inside)
    # The excess itself must not count as the usual noise between programmes, neither inside nor by what it leaves
    # to explain outside.
    others = expected.set_apart(expectation, asked.yes, apart)
    linked = chance.dependence(asked, programme, others.fitted, apart)
    tested = chance.significance(
        scan, expectation, linked, best.score, searches=request.searches, seed=request.seed, told=_worlds_told(told)
    )
    needed = sequential.score_needed(tested.found, searches=request.searches)
    if tested.p > sequential.ALPHA:
        return _searched(request, (scan, space), (), needed)
    setting = describe.Setting(asked, space, expectation, linked, programme)
    first = describe.finding(setting, _place(request, space, best), best.standing)
    told("looking for further findings", 0.9)
    more = further(scan, asked.yes[compared], others.share[compared], best, many=MOST_FINDINGS - 1, above=CLEARLY)
    later = [describe.finding(setting, _place(request, space, each), each.standing) for each in more]
    kept = _merged(
        [replace(first, p=tested.p, p_from="bootstrap"), *(each for each in later if each.excess_low > 0)],
        lambda f: inf if f.p is not None else f.excess_low,
    )
    kept = _with_season(request, setting, kept)
    if request.stability:
        kept = _with_returned(request, scan, space, (others.share, compared), kept)
    return _searched(request, (scan, space), kept, needed)


def _worlds_told(told: Progress) -> Callable[[int, int], None]:
    """How far the comparison with chance is, as progress of the whole search."""
    return lambda drawn, most: told(
        f"comparing with chance ({drawn} of at most {most} worlds)", 0.3 + 0.6 * drawn / most
    )


def _merged(found: list[Finding], order: Callable[[Finding], float]) -> tuple[Finding, ...]:
    """Findings in order, the largest first, and those of nearly the same persons as one."""
    kept = merge.merged([f.inside for f in found], [order(f) for f in found])
    return tuple(replace(found[one.at], merged=one.stands_for) for one in kept)


def _with_season(request: Request, setting: describe.Setting, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(describe.with_season(setting, f, begins=request.begins, seed=request.seed) for f in findings)


def _with_returned(
    request: Request,
    scan: Scan,
    space: Space,
    expectation: tuple[Floats, Bools],
    findings: tuple[Finding, ...],
) -> tuple[Finding, ...]:
    """Findings that say which of their parts come back. expectation: each person's share, and who was searched."""
    share, among = expectation
    answers = (request.asked.yes[among], share[among])
    allowed = [stable.allowed_values(space, finding.where, scan.people) for finding in findings]
    times = stable.returned(scan, answers, request.asked.household[among], allowed, seed=request.seed)
    return searching.with_returned(findings, space, times)


def _confirmed(request: Request, expectation: Expectation, space: Space, told: Progress) -> Search:
    """From 10**5 persons: found on one half, tested and measured on the other."""
    asked = request.asked
    discovery = confirm.halves(asked, request.seed)
    among = discovery[expectation.compared]
    scan = _scan(request, tuple(replace(d, codes=d.codes[among]) for d in space))
    half = _on_one_half(request, expectation, scan, (space, discovery), told)
    if half is None:
        return _searched(request, (scan, space), (), None)
    told("confirming on the other half", 0.9)
    programme = describe.programme_codes(asked, request.columns)
    setting = describe.Setting(asked, space, expectation, half.linked, programme)
    claimed = confirm.claimed(half.found, searches=request.searches, alpha=sequential.ALPHA)
    results = [
        confirm.measured(setting, describe.finding(setting, tested.place, tested.standing), ~discovery, p)
        for tested, p in claimed
    ]
    kept = _with_season(request, setting, _merged(results, lambda f: f.excess_low))
    if request.stability:
        kept = _with_returned(request, scan, space, (half.share, expectation.compared & discovery), kept)
    return _searched(request, (scan, space), kept, None)


@dataclass(frozen=True)
class _Half:
    """What one half of the persons showed, each find tested on the other half.

    share: expected of everybody, with the first find set apart. linked: dependence, likewise.
    """

    found: list[confirm.Tested]
    linked: chance.Dependence
    share: Floats


def _on_one_half(
    request: Request,
    expectation: Expectation,
    scan: Scan,
    where: tuple[Space, Bools],
    told: Progress,
) -> _Half | None:
    """Search one half again and again, raising what is expected inside each find; None where nothing is found.

    where: the dimensions of all persons, and who is in the half that is searched.
    """
    asked, compared, (space, discovery) = request.asked, expectation.compared, where
    yes, share = asked.yes[compared & discovery], expectation.share
    likelihood = expected.Likelihood(expectation, asked.yes)
    exact: Exact | None = Beside(likelihood, yes, share[compared & discovery], compared & discovery)
    programme = describe.programme_codes(asked, request.columns)
    half: _Half | None = None
    while half is None or len(half.found) < MOST_FINDINGS:
        told("searching one half", 0.2 + 0.15 * (0 if half is None else len(half.found)))
        candidate = scan.best(yes, share[compared & discovery], exact)
        if candidate is None or candidate.score < 0:
            break
        place = _place(request, space, candidate)
        members = dimensions.inside(asked, place) & compared
        if half is None:
            share = expected.set_apart(expectation, asked.yes, members & discovery).share
            half = _Half([], chance.dependence(asked, programme, share, members), share)
        tested = confirm.against(asked, expectation, half.linked, members & ~discovery, share)
        half.found.append(tested.of(place, candidate.standing))
        share = np.where(members, np.clip(tilt(share, candidate.ratio), 1e-6, 1 - 1e-6), share)
        exact = None  # later ones against the expectation that holds the earlier ones
    return half


def _searched(
    request: Request, over: tuple[Scan, Space], findings: tuple[Finding, ...], needed: float | None
) -> Search:
    return searching.searched(request.asked, request.baseline, over, findings, needed=needed)


def _everyone(compared: Bools, inside: Bools) -> Bools:
    """Membership among compared persons, in the order of all persons."""
    members = np.zeros(len(compared), dtype=np.bool_)
    members[compared] = inside
    return members
