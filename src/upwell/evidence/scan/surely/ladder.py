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
from math import exp, inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.expected import CROSS_FITTED_BELOW
from upwell.evidence.scan.climbing.score import exact_score
from upwell.evidence.scan.climbing.subset import Against, Candidate, Scan
from upwell.evidence.scan.surely import chance, evalues, merge, sequential
from upwell.evidence.scan.surely.chance import Dependence, Units
from upwell.evidence.scan.surely.confirm import halves_of, holm
from upwell.evidence.scan.surely.further import adjusted, further, members
from upwell.evidence.scan.surely.sequential import ALPHA, WORTH_TESTING
from upwell.evidence.scan.surely.tail import at_least

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

CLEARLY = 3.0  # nats; from here on the bound alone is below 5 %


@dataclass(frozen=True)
class Rung:
    """One finding. p: search-corrected; of later ones None below 10**5 persons, and else that of the half held back.

    log_e: nats, evidence against the expectation among its persons who are in no earlier finding, description paid;
    None where persons hang together or the score is no description length. stands: by e-BH at 5 % over everything that
    could have been described, so also a finding without p may stand. stands_for: descriptions merged into it.
    """

    candidate: Candidate
    p: float | None
    p_from: Literal["bound", "replicates", "confirmation", "exploratory"]
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
    needed = sequential.score_needed(came.found, searches=asked.searches)
    found = (Rung(best, came.p, "replicates"),) if came.p <= ALPHA else ()
    return Ladder(found, came.p, best, linked, len(came.found), needed)


def independent(persons: int) -> Dependence:
    """Everybody for themselves."""
    nobody = np.zeros(1, dtype=np.int64)
    return Dependence(nobody.repeat(persons), 0.0, nobody.repeat(persons), 0.0)


def _and_further(asked: _Asked, answer: Ladder, findings: int) -> Ladder:
    """With later findings, merged, and each with its e-value where there is one."""
    first, scan = answer.findings[0], asked.scan
    if findings > 1 and len(asked.yes) >= CROSS_FITTED_BELOW:
        later = _confirmed(asked, answer, findings - 1)
    else:
        above = CLEARLY if described(scan) else max(answer.needed or 0.0, 0.0)
        more = further(scan, asked.yes, asked.expected, first.candidate, many=findings - 1, above=above)
        later = [Rung(candidate, None, "exploratory") for candidate in more]
    found = [first, *later]
    # The first carries the p of the whole search, so it stays whatever is merged into it.
    scores = [inf, *(rung.candidate.score for rung in later)]
    kept = merge.merged([rung.candidate.inside for rung in found], scores)
    rungs = [replace(found[one.at], stands_for=one.stands_for) for one in kept]
    if described(scan) and answer.linked is None:
        rungs = _weighed(asked, rungs)
    return replace(answer, findings=tuple(rungs))


def _confirmed(asked: _Asked, answer: Ladder, many: int) -> list[Rung]:
    """Later findings of one half of the persons that hold in the other half, with the p of that half (Holm).

    They are tested among persons who are in no earlier finding: the earlier ones were chosen by everybody's answers.
    """
    first, people, linked = answer.findings[0].candidate, asked.scan.people, answer.linked
    unit = np.arange(len(asked.yes)) if linked is None else linked.household
    discovery = halves_of(unit.astype(np.int32), asked.seed)
    scan = replace(asked.scan, people=replace(people, codes=np.ascontiguousarray(people.codes[:, discovery])))
    yes, expected = asked.yes[discovery], asked.expected[discovery]
    inside = first.inside[discovery]
    gain, ratio = exact_score(yes[inside], expected[inside])
    seen = replace(first, score=gain, inside=inside, ratio=ratio)
    held_back, last, share = ~discovery, first, asked.expected
    found: list[Candidate] = []
    p: list[float] = []
    for half in further(scan, yes, expected, seen, many=many, above=0.0):
        share, held_back = adjusted(share, last), held_back & ~last.inside
        inside = members(people, half.allowed)
        gain, ratio = exact_score(asked.yes[inside], share[inside])
        score = gain - scan.coding.length(half.allowed, people.sizes)
        last = Candidate(score, half.allowed, inside, ratio, half.agreed, half.starts)
        found.append(last)
        p.append(_against(asked, linked, inside & held_back))
    corrected = holm(p, searches=asked.searches)
    rungs = zip(found, corrected, strict=True)
    return [Rung(candidate, p, "confirmation") for candidate, p in rungs if p <= ALPHA]


def _against(asked: _Asked, linked: Dependence | None, inside: Bools) -> float:
    """The chance of as many yes among the members held back."""
    if not inside.any():
        return 1.0
    inflation = 1.0 if linked is None else linked.inflation(asked.expected, inside)
    return at_least(int(asked.yes[inside].sum()), asked.expected[inside], inflation=inflation)


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
