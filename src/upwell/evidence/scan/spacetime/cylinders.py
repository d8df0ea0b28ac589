"""Space-time scan: the circles of places and intervals of months with the most events beyond expectation.

Source: Kulldorff 1997, 2001 (windows, likelihood ratios, worlds conditional on the number of events). Expected events
are taken as known up to one common level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.spacetime import windows
from upwell.evidence.scan.spacetime.neighbours import Near
from upwell.evidence.scan.spacetime.windows import Circles, Law
from upwell.evidence.scan.surely import sequential

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]
Progress = Callable[[str, float], None]

HALF = 0.5  # of those at risk: a larger circle is better told as a lack elsewhere
COMMON = 0.1  # events a person from which the Poisson law is too weak
LEAST = 2.0


@dataclass(frozen=True)
class Wish:
    """What is looked for. share: of those at risk that a circle may hold. longest: months, None: as long as there are.

    alive: only windows that reach the last month (with `longest`, lest an old cluster be told again). most: clusters
    told. people: `risk` counts persons (Bernoulli law), else expected events. worlds: most that are drawn.
    """

    share: float = HALF
    longest: int | None = None
    alive: bool = False
    people: bool = False
    worlds: int = 999
    most: int = 10


@dataclass(frozen=True)
class Cluster:
    """Places and months with more events than expected. places: nearest to the centre first; first, last: months.

    expected: events, had all windows the same level. score: nats. p: of the best score in a whole search as this one.
    """

    places: tuple[int, ...]
    first: int
    last: int
    events: int
    expected: float
    score: float
    p: float

    @property
    def ratio(self) -> float:
        """Events over those expected."""
        return self.events / self.expected


@dataclass(frozen=True)
class Clusters:
    """All that came of one search: clusters without a place in common, best first, those beyond chance or not.

    p_from: "replicates", or "tail" when none of them held as much as the best. windows: how many were compared.
    worlds: drawn. note: why nothing could be searched, or "".
    """

    clusters: tuple[Cluster, ...]
    windows: int
    worlds: int
    p_from: Literal["replicates", "tail"]
    note: str = ""


@dataclass(frozen=True)
class Plan:
    """Which windows are looked at."""

    circles: Circles
    law: Law

    @property
    def windows(self) -> int:
        """How many windows are compared in one world."""
        months, longest = self.circles.told.shape[1] - 1, self.law.longest
        each = longest if self.law.alive else sum(min(longest, months - first) for first in range(months))
        return int(self.circles.ends.sum()) * each


def search(
    events: Counts, risk: Floats, near: Near, wish: Wish | None = None, *, seed: int, progress: Progress | None = None
) -> Clusters:
    """Circles and months in which events are more frequent than elsewhere.

    events: shape (places, months), each person once. risk: expected events or persons at risk, of the same shape; only
    their proportions matter to the Poisson law. Raises EvidenceError for what cannot be counts or expectations.
    """
    asked = wish or Wish()
    events, risk = np.asarray(events), np.asarray(risk, dtype=np.float64)
    _check(events, risk, near, asked)
    if events.sum() < LEAST:
        return Clusters((), 0, 0, "replicates", "There are too few events to look for clusters.")
    plan = planned(events, risk, near, asked)
    if not plan.circles.ends.any():
        note = "Every place holds more than the share of people that an area may have: there is nothing to compare."
        return Clusters((), 0, 0, "replicates", note)
    found = _separate(plan, events, asked.most)
    if not found:
        return Clusters((), plan.windows, 0, "replicates", "")
    rng = np.random.default_rng([seed, 0x5ACE])

    def draw(worlds: int) -> list[float]:
        return [float(each) for each in windows.greatest(plan.circles, _worlds(rng, plan, risk, worlds), plan.law)]

    told = None if progress is None else lambda worlds, most: progress("comparing with chance", worlds / most)
    drawn = sequential.drawn(draw, found[0].score, most=max(asked.worlds, 1), early=False, told=told)
    best = replace(found[0], p=drawn.p)
    others = [replace(each, p=max(best.p, drawn.p_of(each.score))) for each in found[1:]]
    return Clusters((best, *others), plan.windows, len(drawn.found), "tail" if drawn.tail else "replicates")


def _check(events: Counts, risk: Floats, near: Near, wish: Wish) -> None:
    if events.ndim != 2 or events.shape != risk.shape or len(events) != near.places or not events.size:
        raise EvidenceError("Give events and people at risk for the same places and months, and coordinates of each.")
    if not np.isfinite(risk).all() or (risk < 0).any():
        raise EvidenceError("People at risk, or expected events, are numbers of 0 or more in each place and month.")
    if (events < 0).any() or not np.equal(np.mod(events, 1), 0).all():
        raise EvidenceError("Events are whole numbers of 0 or more.")
    if (events[risk == 0] > 0).any():
        raise EvidenceError("Some events happened where nobody was at risk: check the places and months of both.")
    if wish.people and (np.mod(risk, 1) != 0).any():
        raise EvidenceError("Persons at risk are whole numbers; for expected events leave `people` out.")
    if wish.people and (events > risk).any():
        raise EvidenceError("Somewhere there are more events than people at risk: count each person once.")


def planned(events: Counts, risk: Floats, near: Near, wish: Wish) -> Plan:
    """The windows of one search, each set of places once."""
    total, at_risk = float(events.sum()), float(risk.sum())
    inside = np.where(near.order >= 0, risk.sum(axis=1)[near.order], np.inf).cumsum(axis=1)
    ends = near.ends() & (inside <= wish.share * at_risk * (1 + 1e-12)) & (inside > 0)
    ends &= _first_of_its_kind(near.order, ends)
    centres, widths = np.any(ends, axis=1, keepdims=True), np.flatnonzero(np.any(ends, axis=0))
    held = int(widths.max(initial=0)) + 1
    months = events.shape[1]
    longest = months if wish.longest is None else min(max(wish.longest, 1), months)
    law = Law(total, total / at_risk if wish.people else 0.0, LEAST, longest, wish.alive)
    order = np.ascontiguousarray(np.where(centres, near.order, -1)[:, :held])
    return Plan(Circles(order, np.ascontiguousarray(ends[:, :held]), _before(risk * (total / at_risk))), law)


def _before(by_month: Floats) -> Floats:
    """Sums before each month and, last, of all; shape (..., months + 1)."""
    none = np.zeros((*by_month.shape[:-1], 1))
    return np.concatenate([none, np.cumsum(by_month, axis=-1, dtype=np.float64)], axis=-1)


def _first_of_its_kind(order: NDArray[np.int64], ends: Bools) -> Bools:
    """Whether no earlier circle holds the same places."""
    marks = np.random.default_rng(1).integers(0, 2**63, len(order), dtype=np.uint64)  # a sum of them names a set
    sums = np.where(order >= 0, marks[order], np.uint64(0)).cumsum(axis=1, dtype=np.uint64)
    at = np.flatnonzero(ends)
    first = np.zeros(ends.size, dtype=np.bool_)
    first[at[np.unique(sums.ravel()[at], return_index=True)[1]]] = True
    return first.reshape(ends.shape)


def _separate(plan: Plan, events: Counts, most: int) -> list[Cluster]:
    """The best windows of circles that have no place in common, best first; p still to come."""
    scores, spans = windows.of_each(plan.circles, _before(events.astype(np.float64)), plan.law)
    taken = np.zeros(len(events), dtype=np.bool_)
    found: list[Cluster] = []
    for at in np.argsort(-scores, axis=None, kind="stable"):
        centre, last = divmod(int(at), scores.shape[1])
        places = plan.circles.order[centre, : last + 1]
        if scores[centre, last] <= 0 or len(found) == most:
            break
        if taken[places].any():
            continue
        taken[places] = True
        begin, end = (int(each) for each in spans[centre, last])
        told = float((plan.circles.told[places, end] - plan.circles.told[places, begin]).sum())
        seen = int(events[places, begin:end].sum())
        held = tuple(int(place) for place in places)
        found.append(Cluster(held, begin, end - 1, seen, told, float(scores[centre, last]), 1.0))
    return found


def _worlds(rng: np.random.Generator, plan: Plan, risk: Floats, worlds: int) -> Floats:
    """Events before each month in worlds without clusters, of as many events; shape (worlds, places, months + 1)."""
    total = int(plan.law.total)
    if plan.law.rate > 0:
        drawn = rng.multivariate_hypergeometric(risk.ravel().astype(np.int64), total, worlds, method="marginals")
    else:
        drawn = rng.multinomial(total, risk.ravel() / risk.sum(), worlds)
    return _before(drawn.reshape(worlds, *risk.shape).astype(np.float64))
