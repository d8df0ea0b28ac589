"""A search as a whole: whether there can be one, what is searched, and what is told of it beside its findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.dimensions import Dimension
from upwell.evidence.question import Finding, Search
from upwell.evidence.scan import reach
from upwell.evidence.scan.climbing.score import any_set, code, subsets_log10
from upwell.evidence.scan.climbing.subset import Scan
from upwell.evidence.tables import frame
from upwell.records.cases.table import Asked

Space = tuple[Dimension, ...]

FEWEST_PERSONS = 50
NO_COLUMN = "No column has enough known answers to search."


def why_not(asked: Asked, least: int) -> str:
    """Why these answers cannot be searched, or "". least: fewest persons with, and without, the trouble."""
    if asked.question.whole_export_only:
        return "This question is told for everybody together only: it is never split, so it is not searched."
    if asked.persons < FEWEST_PERSONS:
        return "Too few people were asked to search for patterns."
    if too_alike(int(asked.yes.sum()), asked.persons, least):
        return "Nearly everybody gave the same answer: there is nothing to search."
    return ""


def too_alike(yes: int, persons: int, least: int) -> bool:
    """Whether fewer than `least` persons have the trouble, or have it not."""
    return min(yes, persons - yes) < least


def scan(
    space: Space,
    *,
    least: int,
    searches: int = 1,
    per_value: float | None = None,
    adjusted: tuple[bool, ...] = (),
) -> Scan:
    """The scan of some dimensions; idle ones that fill a frame cost as much as one value does.

    searches: as many as the description has to pay for. per_value: nats for each value named, of the objective "any
    set"; None: the description is paid. least, adjusted: as of Scan.
    """
    people = frame(space)
    idle = len(people.sizes) - len(space)
    values = [dimension.values for dimension in space] + [1] * idle
    ordered = [dimension.ordered for dimension in space] + [False] * idle
    if per_value is not None:
        coding = any_set(values, ordered, per_value=per_value, families=people.families)
    else:
        coding = code(values, ordered, searches=searches, families=people.families)
    return Scan(people, coding, least, adjusted)


def nothing(asked: Asked, baseline: str, note: str) -> Search:
    """No search, and why."""
    return Search(asked.question.name, asked.persons, baseline, (), 0.0, None, None, note)


def searched(
    asked: Asked,
    baseline: str,
    over: tuple[Scan, Space],
    findings: tuple[Finding, ...],
    *,
    needed: float | None,
) -> Search:
    """A search with its findings, its size, and the smallest excess that it would have seen.

    over: the scan and the dimensions that it was made of. needed: score beyond chance, None where no worlds tell it.
    """
    made, space = over
    people = reach.people_within(asked.persons)
    smallest = reach.smallest_excess(
        float(asked.yes.mean()), people, length=reach.usual_length(made.coding), needed=needed
    )
    return Search(
        asked.question.name,
        asked.persons,
        baseline,
        findings,
        subsets_log10([d.values for d in space], [d.ordered for d in space], made.people.families[: len(space)]),
        smallest,
        None if smallest is None else people,
    )


def with_returned(findings: Sequence[Finding], space: Space, times: NDArray[np.int64]) -> tuple[Finding, ...]:
    """Findings that say how often each of their parts came back. times: int64, shape (findings, dimensions)."""
    at = {dimension.name: j for j, dimension in enumerate(space)}
    return tuple(
        replace(finding, returned=tuple((name, int(row[at[name]])) for name, _ in finding.where))
        for finding, row in zip(findings, times, strict=True)
    )
