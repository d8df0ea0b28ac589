"""A search against what was known to be expected: nothing is fitted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import dimensions
from upwell.evidence.dimensions import Dimension
from upwell.evidence.expected import Design, Expectation
from upwell.evidence.question import Finding, Search
from upwell.evidence.scan import describe, reach
from upwell.evidence.scan.climbing.score import Code, any_set, code, subsets_log10
from upwell.evidence.scan.climbing.subset import Scan
from upwell.evidence.scan.find import FEWEST_PERSONS
from upwell.evidence.scan.surely import ladder, stability
from upwell.evidence.scan.surely.chance import Units
from upwell.evidence.scan.surely.ladder import Ladder
from upwell.evidence.tables import Frame, frame
from upwell.library.patterns.options import Options, Progress
from upwell.library.patterns.people import People

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Space = tuple[Dimension, ...]

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
    note = _why_not(people, space, options)
    if note:
        return Known(Search(asked.question.name, asked.persons, BASELINE, (), 0.0, None, None, note))
    told("searching", 0.0)
    persons = frame(space)
    scan = Scan(persons, _coding(persons, space, options), options.least)
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
    findings = _findings(people, space, share, found)
    if options.stability and findings:
        allowed = [rung.candidate.allowed for rung in found.findings]
        unit, seed = asked.household, options.seed
        times = stability.returned(scan, (asked.yes, share), unit, allowed, seed=seed, progress=told)
        findings = _marked(findings, space, times)
    told("searched", 1.0)
    stands = tuple(None if rung.log_e is None else rung.stands for rung in found.findings)
    return Known(_searched(people, scan, space, findings, found.needed), stands)


def _why_not(people: People, space: Space, options: Options) -> str:
    yes, persons = int(people.asked.yes.sum()), people.asked.persons
    if persons < FEWEST_PERSONS:
        return "Too few people were asked to search for patterns."
    if yes < options.least or persons - yes < options.least:
        return "Nearly everybody gave the same answer: there is nothing to search."
    return "" if space else "No column has enough known answers to search."


def _coding(persons: Frame, space: Space, options: Options) -> Code:
    idle = len(persons.sizes) - len(space)
    values, ordered = [d.values for d in space] + [1] * idle, [d.ordered for d in space] + [False] * idle
    if options.objective == "any set":
        return any_set(values, ordered, per_value=options.penalty, families=persons.families)
    return code(values, ordered, searches=1, families=persons.families)


def _units(people: People, options: Options) -> Units | None:
    """Who may answer alike; None where every row was said to be a person alone."""
    asked = people.asked
    if options.household is None and options.cluster is None and options.programme is None:
        return None
    programme = describe.programme_codes(asked, people.columns)
    return Units(asked.household, asked.agency if programme is None else programme)


def _findings(people: People, space: Space, share: Floats, found: Ladder) -> tuple[Finding, ...]:
    asked = people.asked
    linked = found.linked or ladder.independent(asked.persons)
    programme = describe.programme_codes(asked, people.columns)
    setting = describe.Setting(asked, space, _standing(share), linked, programme)
    findings = []
    for rung in found.findings:
        allowed = list(rung.candidate.allowed[: len(space)])
        whole = describe.finding(setting, dimensions.where(space, allowed, people.columns), score=rung.candidate.score)
        findings.append(replace(whole, p=rung.p, p_from=rung.p_from, merged=rung.stands_for))
    return tuple(findings)


def _marked(findings: tuple[Finding, ...], space: Space, times: Numbers) -> tuple[Finding, ...]:
    at = {dimension.name: j for j, dimension in enumerate(space)}
    return tuple(
        replace(finding, returned=tuple((name, int(row[at[name]])) for name, _ in finding.where))
        for finding, row in zip(findings, times, strict=True)
    )


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


def _searched(people: People, scan: Scan, space: Space, findings: tuple[Finding, ...], needed: float | None) -> Search:
    asked = people.asked
    within = reach.people_within(asked.persons)
    smallest = reach.smallest_excess(
        float(asked.yes.mean()), within, length=reach.usual_length(scan.coding), needed=needed
    )
    reached = subsets_log10([d.values for d in space], [d.ordered for d in space], scan.people.families[: len(space)])
    people_within = None if smallest is None else within
    return Search(asked.question.name, asked.persons, BASELINE, findings, reached, smallest, people_within)
