"""A search against what was known to be expected: nothing is fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import dimensions
from upwell.evidence.dimensions import Dimension
from upwell.evidence.expected import Design, Expectation
from upwell.evidence.question import Finding, Search
from upwell.evidence.scan import chance, describe, reach
from upwell.evidence.scan.find import FEWEST_PERSONS
from upwell.evidence.scan.score import code, subsets_log10
from upwell.evidence.scan.subset import Scan
from upwell.evidence.tables import frame
from upwell.library.patterns.options import Options, Progress
from upwell.library.patterns.people import People

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def expectation_of(share: Floats) -> Expectation:
    """A known expectation in the form of a fitted one: nobody was learned from, so it stands as it is."""
    persons = len(share)
    design = Design(np.ones((1, 1)), np.zeros(persons, dtype=np.int64), np.zeros(1))
    return Expectation(
        share=share,
        fitted=share,
        compared=np.ones(persons, dtype=np.bool_),
        design=design,
        fold=np.ones(persons, dtype=np.uint8),
        rounds=(((0,), (1,)),),
        coefficients=np.zeros(1),
        precision=np.full((1, 1), 1e300),
    )


def search(people: People, share: Floats, options: Options, told: Progress) -> Search:
    """Sub-populations in which yes is more frequent than `share` (strictly inside 0..1) expects."""
    asked = people.asked
    space = dimensions.dimensions(
        asked, people.columns, among=np.ones(asked.persons, dtype=np.bool_), least=options.least
    )
    note = _why_not(people, space, options)
    if note:
        return Search("yes", asked.persons, "given", (), 0.0, None, None, note)
    told("searching", 0.0)
    scan = _scan(space, options)
    best = scan.best(asked.yes, share)
    told("searched", 1.0)
    found: list[Finding] = []
    if best is not None and best.score > 0:
        setting = _setting(people, space, share, best.inside)
        place = dimensions.where(space, list(best.allowed[: len(space)]), people.columns)
        p = float(np.exp(-best.score))
        if p <= chance.ALPHA:
            found.append(replace(describe.finding(setting, place, score=best.score), p=p, p_from="bound"))
    return _searched(people, scan, space, tuple(found))


def _why_not(people: People, space: tuple[Dimension, ...], options: Options) -> str:
    yes, persons = int(people.asked.yes.sum()), people.asked.persons
    if persons < FEWEST_PERSONS:
        return "Too few people were asked to search for patterns."
    if yes < options.least or persons - yes < options.least:
        return "Nearly everybody gave the same answer: there is nothing to search."
    return "" if space else "No column has enough known answers to search."


def _scan(space: tuple[Dimension, ...], options: Options) -> Scan:
    people = frame(space)
    idle = len(people.sizes) - len(space)
    values, ordered = [d.values for d in space] + [1] * idle, [d.ordered for d in space] + [False] * idle
    return Scan(people, code(values, ordered, searches=1), options.least)


def _setting(people: People, space: tuple[Dimension, ...], share: Floats, apart: Bools) -> describe.Setting:
    asked = people.asked
    programme = describe.programme_codes(asked, people.columns)
    linked = chance.dependence(asked, programme, share, apart)
    return describe.Setting(asked, space, expectation_of(share), linked, programme)


def _searched(people: People, scan: Scan, space: tuple[Dimension, ...], findings: tuple[Finding, ...]) -> Search:
    asked = people.asked
    within = reach.people_within(asked.persons)
    smallest = reach.smallest_excess(
        float(asked.yes.mean()), within, length=reach.usual_length(scan.coding), needed=None
    )
    reached = subsets_log10([d.values for d in space], [d.ordered for d in space])
    return Search("yes", asked.persons, "given", findings, reached, smallest, None if smallest is None else within)
