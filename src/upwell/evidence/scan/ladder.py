"""How sure a finding is when the expectation is known: bound, then worlds, then nothing.

A known expectation comes from outside the answers searched (a census, another county, earlier years). Then
P(best score >= x) <= e**-x for persons who answer independently, whatever was searched (STATISTICS 3), and nothing
needs to be drawn. The bound gives away about six nats, which worlds drawn from the expectation win back: only for
scores near the line, with the same search, and in every case where persons hang together or the score is no
description length.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.scan import chance, evalues, merge
from upwell.evidence.scan.chance import ALPHA, Dependence, Units
from upwell.evidence.scan.further import further
from upwell.evidence.scan.score import exact_score, tilt
from upwell.evidence.scan.subset import Against, Candidate, Scan

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

CLEARLY = 3.0  # nats; from here on the bound alone is below 5 %
WORTH_TESTING = -5.0  # nats; below it no world needs to be drawn to know that chance suffices


@dataclass(frozen=True)
class Rung:
    """One finding. p: search-corrected; None for later ones, which the search came upon after it had seen the first.

    log_e: nats, evidence against the expectation among its persons who are in no earlier finding, description paid;
    None where persons hang together or the score is no description length. stands: by e-BH at 5 % over everything that
    could have been described, so also a finding without p may stand. stands_for: descriptions merged into it.
    """

    candidate: Candidate
    p: float | None
    p_from: Literal["bound", "replicates", "exploratory"]
    log_e: float | None = None
    stands: bool = False
    stands_for: int = 1


@dataclass(frozen=True)
class Ladder:
    """findings: best first, () when chance suffices. p: of the best score, 1 where nothing could be found.

    best: what the search found, beyond chance or not. linked: how persons hang together, None when they do not.
    worlds: how many were drawn. needed: score that would be beyond chance, None when too few worlds were drawn to say.
    """

    findings: tuple[Rung, ...]
    p: float
    best: Candidate | None
    linked: Dependence | None
    worlds: int = 0
    needed: float | None = None


@dataclass(frozen=True)
class _Asked:
    scan: Scan
    yes: Bools
    expected: Floats
    searches: int
    seed: int
    told: Progress | None


def known(
    scan: Scan,
    yes: Bools,
    expected: Floats,
    linked: Dependence | Units | None,
    *,
    searches: int,
    seed: int,
    findings: int = 1,
    progress: Progress | None = None,
) -> Ladder:
    """The best sub-population against a known expectation, how sure it is, and what else stands out.

    yes, expected: shape (persons,), expected strictly inside 0..1. linked: None where every row is a person and nobody
    answers with another; Units where that is to be estimated from the answers. searches: as paid for in scan.coding.
    findings: at most so many are looked for. progress: called with words and, while worlds are drawn, with those drawn
    over the most that will be drawn: by a clock of the caller's the seconds since the share was 0, times
    (1 - share) / share, are the longest that it can still take.
    """
    best = scan.best(yes, expected)
    if best is None or (described(scan) and best.score <= WORTH_TESTING):
        return Ladder((), 1.0, best, None)
    asked = _Asked(scan, yes, expected, max(searches, 1), seed, progress)
    if isinstance(linked, Units):
        linked = chance.estimated(linked, yes, expected, best.inside)
    if described(scan) and linked is None and best.score >= CLEARLY:
        answer = Ladder((Rung(best, min(1.0, exp(-best.score)), "bound"),), exp(-best.score), best, None)
    else:
        answer = _replicated(asked, best, linked)
    return _and_further(asked, answer, findings) if answer.findings else answer


def described(scan: Scan) -> bool:
    """Whether the score is paid for by a description length, as the bound needs."""
    # Saying "everybody" costs nothing in the any-set objective, and always something in a code.
    return scan.coding.base > 0


def _replicated(asked: _Asked, best: Candidate, linked: Dependence | None) -> Ladder:
    rng = np.random.default_rng([asked.seed, 1])
    usual = linked or independent(len(asked.yes))

    def told(drawn: int, most: int) -> None:
        if asked.told:
            asked.told(f"comparing with chance: {drawn} of at most {most} worlds drawn", drawn / most)

    told(0, chance.most_worlds(len(asked.yes)))

    def draw(replicates: int) -> list[float]:
        answers = chance.worlds(rng, asked.expected, usual, replicates)
        expected = np.broadcast_to(asked.expected, answers.shape)
        exact = [Against(row, asked.expected) for row in answers]
        return chance.scores(asked.scan.best_each(answers, expected, exact))

    came = chance.one_after_the_other(draw, best.score, len(asked.yes), searches=asked.searches, told=told)
    needed = chance.score_needed(came.found, searches=asked.searches)
    found = (Rung(best, came.p, "replicates"),) if came.p <= ALPHA else ()
    return Ladder(found, came.p, best, linked, len(came.found), needed)


def independent(persons: int) -> Dependence:
    """Everybody for themselves."""
    nobody = np.zeros(1, dtype=np.int64)
    return Dependence(nobody.repeat(persons), 0.0, nobody.repeat(persons), 0.0)


def _and_further(asked: _Asked, answer: Ladder, findings: int) -> Ladder:
    """With later findings, exploratory all of them, merged, and each with its e-value where there is one."""
    first, scan = answer.findings[0], asked.scan
    above = CLEARLY if described(scan) else max(answer.needed or 0.0, 0.0)
    later = further(scan, asked.yes, asked.expected, first.candidate, many=findings - 1, above=above)
    # The first carries the p, so it stays whatever is merged into it.
    found = [first.candidate, *later]
    scores = [float("inf"), *(candidate.score for candidate in later)]
    rungs = []
    for one in merge.merged([candidate.inside for candidate in found], scores):
        rung = first if one.at == 0 else Rung(found[one.at], None, "exploratory")
        rungs.append(replace(rung, stands_for=one.stands_for))
    if described(scan) and answer.linked is None:
        rungs = _weighed(asked, rungs)
    return replace(answer, findings=tuple(rungs))


def _weighed(asked: _Asked, rungs: Sequence[Rung]) -> list[Rung]:
    scan = asked.scan
    values = evalues.beyond_the_earlier(
        [rung.candidate.inside for rung in rungs],
        [scan.coding.length(rung.candidate.allowed, scan.people.sizes) for rung in rungs],
        asked.yes,
        asked.expected,
    )
    stands = evalues.e_bh(values, alpha=ALPHA)
    return [replace(r, log_e=value, stands=stand) for r, value, stand in zip(rungs, values, stands, strict=True)]


def excess(yes: Bools, expected: Floats, inside: Bools, linked: Dependence | None) -> tuple[float, float]:
    """95 % interval of persons with the trouble beyond a known expectation, dependence included.

    yes, expected, inside: shape (persons,). It is of this sub-population as if it had been named beforehand: the search
    probably overstates it.
    """
    told, happened = expected[inside], yes[inside]
    _, ratio = exact_score(happened, told)
    # At a ratio without upper end the spread would vanish; half a person either way keeps an interval honest.
    most = 0.5 / max(len(told), 1)
    tilted = np.clip(tilt(told, ratio), most, 1 - most)
    spread = float((tilted * (1 - tilted)).sum()) * (linked.inflation(expected, inside) if linked else 1.0)
    half = 1.96 * sqrt(spread)
    beyond = float(happened.sum()) - float(told.sum())
    return beyond - half, beyond + half
