"""A search against what was known to be expected: nothing is fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import dimensions
from upwell.evidence.expected import Design, Expectation
from upwell.evidence.question import Finding, Search
from upwell.evidence.scan import describe, searching
from upwell.evidence.scan.searching import Space
from upwell.evidence.scan.surely import ladder, stability
from upwell.evidence.scan.surely.chance import Units
from upwell.evidence.scan.surely.ladder import Ladder
from upwell.library.patterns.options import Options, Progress
from upwell.library.patterns.people import People

Floats = NDArray[np.float64]

BASELINE = "given"


@dataclass(frozen=True)
class Known:
    """A search and, of each finding, whether it stands by e-values; None or nothing where that cannot be told."""

    search: Search
    stands: tuple[bool | None, ...] = ()


def search(people: People, share: Floats, options: Options, told: Progress) -> Known:
    """Sub-populations in which yes is more frequent than `share` (strictly inside 0..1) expects."""
    asked = people.asked
    everybody = np.ones(asked.persons, dtype=np.bool_)
    space = dimensions.dimensions(asked, people.columns, among=everybody, least=options.least)
    note = searching.why_not(asked, options.least) or ("" if space else searching.NO_COLUMN)
    if note:
        return Known(searching.nothing(asked, BASELINE, note))
    told("searching", 0.0)
    per_value = options.penalty if options.objective == "any set" else None
    scan = searching.scan(space, least=options.least, per_value=per_value)
    found = ladder.known(
        scan,
        asked.yes,
        share,
        _units(people, options),
        searches=1,
        seed=options.seed,
        findings=options.findings,
        progress=told,
    )
    findings = _findings(people, space, share, found, options.seed)
    if options.stability and findings:
        allowed = [rung.candidate.allowed for rung in found.findings]
        unit, seed = asked.household, options.seed
        times = stability.returned(scan, (asked.yes, share), unit, allowed, seed=seed, progress=told)
        findings = searching.with_returned(findings, space, times)
    told("searched", 1.0)
    stands = tuple(None if rung.log_e is None else rung.stands for rung in found.findings)
    return Known(searching.searched(asked, BASELINE, (scan, space), findings, needed=found.needed), stands)


def _units(people: People, options: Options) -> Units | None:
    """Who may answer alike; None where every row was said to be a person alone."""
    asked = people.asked
    if options.household is None and options.cluster is None and options.programme is None:
        return None
    programme = describe.programme_codes(asked, people.columns)
    return Units(asked.household, asked.agency if programme is None else programme)


def _findings(people: People, space: Space, share: Floats, found: Ladder, seed: int) -> tuple[Finding, ...]:
    asked = people.asked
    linked = found.linked or ladder.independent(asked.persons)
    programme = describe.programme_codes(asked, people.columns)
    setting = describe.Setting(asked, space, _standing(share), linked, programme)
    begins = people.calendar.begins if people.calendar else None
    findings = []
    for rung in found.findings:
        allowed = list(rung.candidate.allowed[: len(space)])
        place = dimensions.where(space, allowed, people.columns)
        whole = describe.finding(setting, place, rung.candidate.standing)
        told = replace(whole, p=rung.p, p_from=rung.p_from, merged=rung.stands_for)
        findings.append(describe.with_season(setting, told, begins=begins, seed=seed))
    return tuple(findings)


def _standing(share: Floats) -> Expectation:
    """A known expectation in the form of a fitted one: nobody was learned from, so it stands as it is."""
    persons = len(share)
    return Expectation(
        share=share,
        fitted=share,
        compared=np.ones(persons, dtype=np.bool_),
        design=Design(np.ones((1, 1)), np.zeros(persons, dtype=np.int64), np.zeros(1)),
        fold=np.ones(persons, dtype=np.uint8),
        rounds=(((0,), (1,)),),
        coefficients=np.zeros(1),
        precision=np.full((1, 1), 1e300),  # nothing was fitted, so nothing is uncertain of it
    )
