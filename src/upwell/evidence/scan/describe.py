"""From a candidate to a Finding: its size with interval, since when, and the views that could contradict it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from upwell.evidence import expected
from upwell.evidence.dimensions import Dimension, inside
from upwell.evidence.expected import Expectation
from upwell.evidence.question import Finding, Where
from upwell.evidence.scan import within
from upwell.evidence.scan.climbing.score import exact_score, tilt
from upwell.evidence.scan.climbing.subset import Standing
from upwell.evidence.scan.spacetime import since
from upwell.evidence.scan.spacetime.season import season
from upwell.evidence.scan.surely.chance import Dependence
from upwell.records.cases.table import Asked, Column

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """What every finding of one search is described against."""

    asked: Asked
    space: tuple[Dimension, ...]
    expectation: Expectation
    linked: Dependence
    programme: NDArray[np.uint8] | None


def programme_codes(asked: Asked, columns: Sequence[Column]) -> NDArray[np.uint8] | None:
    """Codes of the column that names the service unit, when the question has one."""
    names = [column.name for column in columns if column.programme and column.name in asked.codes]
    return asked.codes[names[0]] if names else None


def finding(setting: Setting, place: Where, standing: Standing) -> Finding:
    """An exploratory finding about a sub-population, with every number taken from all its persons.

    What is expected of them is learned from everybody else, so that they do not raise it themselves.
    """
    asked = setting.asked
    members = inside(asked, place) & setting.expectation.compared
    expectation = expected.set_apart(setting.expectation, asked.yes, members)
    setting = replace(setting, expectation=expectation)
    low, high = interval(setting, members)
    view = None
    if setting.programme is not None:
        view = within.view(setting.programme, asked.yes, expectation.fitted, members, expectation.compared)
    least = least_without(asked, expectation.share, members)
    found = Finding(
        where=place,
        inside=members,
        persons=int(members.sum()),
        yes=int(asked.yes[members].sum()),
        expected=float(expectation.share[members].sum()),
        excess_low=low,
        excess_high=high,
        score=standing.score,
        p=None,
        p_from="exploratory",
        within_programme=None if view is None else view.expected,
        agrees=None if view is None else view.agrees,
        onset=None,
        onset_low=None,
        onset_high=None,
        persists=None,
        leave_one_out=None if least is None else least > 1e-9,
        least_without=least,
        agreed=standing.agreed,
        starts=standing.starts,
        runner_up=standing.runner_up,
    )
    return _timed(setting, found)


def interval(setting: Setting, members: Bools) -> tuple[float, float]:
    """95 % interval of excess persons: of the answers, their dependence, and the fitting of the expectation."""
    share, yes = setting.expectation.share[members], setting.asked.yes[members]
    _, ratio = exact_score(yes, share)
    # At a ratio without upper end the spread would vanish; half a person either way keeps an interval honest.
    tilted = np.clip(tilt(share, ratio), 0.5 / max(len(yes), 1), 1 - 0.5 / max(len(yes), 1))
    spread = float((tilted * (1 - tilted)).sum()) * setting.linked.inflation(setting.expectation.share, members)
    half = 1.96 * sqrt(spread + setting.expectation.uncertainty(members))
    excess = float(yes.sum()) - float(share.sum())
    return excess - half, excess + half


def least_without(asked: Asked, share: Floats, members: Bools) -> float | None:
    """Smallest excess, in persons, when any single agency is left out; None when there is only one.

    An excess that vanishes with one agency may be that agency's way of writing things down.
    """
    if len(np.unique(asked.agency)) < 2:
        return None
    agency = np.unique(asked.agency, return_inverse=True)[1]
    by_agency = np.bincount(agency[members], weights=(asked.yes - share)[members])
    return float((by_agency.sum() - by_agency).min(initial=float(by_agency.sum())))


def _timed(setting: Setting, found: Finding) -> Finding:
    """With onset and persistence, from the same sub-population in every month (its own limits in time left aside)."""
    asked, share, always = setting.asked, setting.expectation.share, _always(setting, found.where)
    month, yes, expected = asked.month[always], asked.yes[always], share[always]
    begun = since.onset(month, yes, expected)
    last = int(asked.month[setting.expectation.compared].max())
    return replace(
        found,
        onset=None if begun is None else begun.month,
        onset_low=None if begun is None else begun.low,
        onset_high=None if begun is None else begun.high,
        persists=since.persists(month, yes, expected, last=last, inflation=setting.linked.inflation(share, always)),
    )


def _always(setting: Setting, place: Where) -> Bools:
    """The same sub-population in every month."""
    steps = {dimension.name for dimension in setting.space if dimension.time}
    place = tuple(part for part in place if part[0] not in steps)
    members: Bools = inside(setting.asked, place) & setting.expectation.compared
    return members


def with_season(setting: Setting, found: Finding, *, begins: int | None, seed: int) -> Finding:
    """With its season, from the same persons as its onset: those of every month, against what others make expected.

    begins: month of the year, 1..12, of month 0; None: not known, then no season is told. It costs some 0.1 CPU seconds
    for three years, so it is told of what is claimed alone.
    """
    if begins is None:
        return found
    asked, always = setting.asked, _always(setting, found.where)
    share = expected.set_apart(setting.expectation, asked.yes, found.inside).share
    told = season(
        asked.month[always],
        asked.yes[always],
        share[always],
        begins=begins,
        seed=seed,
        inflation=setting.linked.inflation(share, always),
    )
    return replace(found, season=told)
