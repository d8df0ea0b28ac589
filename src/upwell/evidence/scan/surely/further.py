"""Further findings: each after the expectation inside the earlier ones has been raised to what was seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.scan.climbing.score import tilt
from upwell.evidence.scan.climbing.subset import Candidate, Scan
from upwell.evidence.tables import Frame

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def adjusted(share: Floats, candidate: Candidate) -> Floats:
    """Expectation once a finding is known: its odds ratio applied inside."""
    raised = share.copy()
    raised[candidate.inside] = np.clip(tilt(share[candidate.inside], candidate.ratio), 1e-6, 1 - 1e-6)
    return raised


def members(people: Frame, allowed: Bools) -> Bools:
    """Who is in a sub-population; bool, shape (persons,). allowed: bool, shape (dimensions, width)."""
    inside = np.ones(people.persons, dtype=np.bool_)
    for j in np.flatnonzero(restricted(people, allowed)):
        inside &= allowed[j][people.codes[j]]
    return inside


def restricted(people: Frame, allowed: Bools) -> Bools:
    """Which dimensions are not left alone; bool, shape (dimensions,)."""
    return np.array([not allowed[j, :size].all() for j, size in enumerate(people.sizes)])


def further(scan: Scan, yes: Bools, share: Floats, first: Candidate, *, many: int, above: float) -> list[Candidate]:
    """At most so many later sub-populations, while their score is above a number of nats; the first is not among them.

    share: expected of each person before any finding was known.
    """
    found: list[Candidate] = []
    last = first
    while len(found) < many:
        share = adjusted(share, last)
        candidate = scan.best(yes, share)
        if candidate is None or candidate.score <= above:
            break
        found.append(candidate)
        last = candidate
    return found
