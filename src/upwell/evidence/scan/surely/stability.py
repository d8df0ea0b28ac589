"""Stability: which parts of a finding come back when the same search is made among persons drawn again.

It is told beside a finding and never used to change it: the sub-population that was tested stays the one told of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.dimensions import Dimension
from upwell.evidence.question import Where
from upwell.evidence.scan.climbing.subset import Scan
from upwell.evidence.scan.surely.further import further, members, restricted
from upwell.evidence.scan.surely.merge import SAME, jaccard
from upwell.evidence.scan.surely.repeated import drawn_again
from upwell.evidence.tables import Frame

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Progress = Callable[[str, float], None]

SCANS = 50


def returned(
    scan: Scan,
    answers: tuple[Bools, Floats],
    unit: NDArray[np.int64] | NDArray[np.int32],
    found: Sequence[Bools],
    *,
    seed: int,
    progress: Progress | None = None,
) -> Numbers:
    """In how many of 50 such searches each restriction of each finding came back; int64, shape (findings, dimensions).

    answers: yes and what is expected, shape (persons,) each, expected before any finding was known. unit: numbers of
    those who are drawn together (person, household, cluster). found: allowed values of the findings, shape (dimensions,
    width) each; where one leaves a dimension alone 0 is told. A restriction came back when, of the sub-populations
    found again, the one most like the finding allows the same values but for those of one in five persons.
    """
    rng = np.random.default_rng([seed, 2])
    together = np.unique(unit, return_inverse=True)[1].astype(np.int64)
    times = np.zeros((len(found), len(scan.people.sizes)), dtype=np.int64)
    own = [members(scan.people, allowed) for allowed in found]
    for done in range(SCANS):
        if progress:
            progress(f"searching among people drawn again: {done} of {SCANS} times", done / SCANS)
        again = _searched(scan, answers, drawn_again(rng, together), many=len(found))
        if not again:
            continue
        insides = [members(scan.people, allowed) for allowed in again]
        for k, allowed in enumerate(found):
            alike = [jaccard(own[k], inside) for inside in insides]
            if max(alike) > 0:
                times[k] += _came_back(scan.people, allowed, again[int(np.argmax(alike))])
    return times


def allowed_values(space: Sequence[Dimension], place: Where, people: Frame) -> Bools:
    """A sub-population as a search sees it: allowed values, shape (dimensions, width)."""
    allowed = np.ones((len(people.sizes), int(people.sizes.max())), dtype=np.bool_)
    chosen = dict(place)
    for j, dimension in enumerate(space):
        if dimension.name in chosen:
            allowed[j] = False
            for value, originals in enumerate(dimension.originals):
                allowed[j, value] = any(code in chosen[dimension.name] for code in originals)
    return allowed


def _searched(scan: Scan, answers: tuple[Bools, Floats], rows: Numbers, *, many: int) -> list[Bools]:
    """Allowed values of what is found among some rows, persons in it as often as they were drawn."""
    people = replace(scan.people, codes=np.ascontiguousarray(scan.people.codes[:, rows]))
    drawn = replace(scan, people=people)
    yes, expected = answers[0][rows], answers[1][rows]
    first = drawn.best(yes, expected)
    if first is None:
        return []
    later = further(drawn, yes, expected, first, many=many - 1, above=0.0)
    return [candidate.allowed for candidate in (first, *later)]


def _came_back(people: Frame, allowed: Bools, again: Bools) -> Bools:
    """For each dimension, whether it is restricted, and again, to nearly the same values."""
    alike = restricted(people, allowed) & restricted(people, again)
    for j in np.flatnonzero(alike):
        persons = np.bincount(people.codes[j], minlength=len(allowed[j]))
        either, both = persons[allowed[j] | again[j]].sum(), persons[allowed[j] & again[j]].sum()
        alike[j] = both >= SAME * either
    return alike
