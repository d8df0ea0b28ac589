"""Neighbourhoods and hierarchies in the ordinary search: what is planted in one is found as that one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from factories.people import column, people
from upwell.evidence import dimensions
from upwell.evidence.scan import searching
from upwell.evidence.scan.climbing.subset import Candidate
from upwell.evidence.scan.spacetime import neighbours, nested
from upwell.records.cases.table import Asked, Column, Group

PLACES = 12
LINE = neighbours.planar(np.stack([np.arange(float(PLACES)), np.zeros(PLACES)], axis=1))
NEAR = column("place", PLACES, kind="place")
SEX = column("sex", 3)


def _asked(places: tuple[int, ...], *, persons: int = 1_500) -> tuple[Asked, np.ndarray]:
    """People of whom those in some places, and of one sex, have three times the odds."""
    made = people(persons, seed=1)
    rng = np.random.default_rng(2)
    codes = {"place": rng.integers(0, PLACES, persons).astype(np.uint8), "sex": made.asked.codes["sex"]}
    raised = np.isin(codes["place"], places) & (codes["sex"] == 0)
    share = np.full(persons, 0.2)
    yes = rng.random(persons) < np.where(raised, 3 * 0.2 / (0.8 + 3 * 0.2), 0.2)
    return replace(made.asked, codes=codes, yes=yes), share


def _found(asked: Asked, share: np.ndarray, place: Column) -> tuple[Candidate, dict[str, tuple[int, ...]]]:
    columns = (place, SEX)
    space = dimensions.dimensions(asked, columns, among=np.ones(asked.persons, dtype=bool), least=11)
    best = searching.scan(space, least=11).best(asked.yes, share)
    assert best is not None
    return best, dict(dimensions.where(space, list(best.allowed[: len(space)]), columns))


def test_a_trouble_among_neighbours_is_found_as_a_neighbourhood() -> None:
    asked, share = _asked((4, 5, 6))
    grouped = replace(NEAR, groups=neighbours.around(NEAR, range(PLACES), LINE))

    best, where = _found(asked, share, grouped)

    assert where == {"place": (4, 5, 6), "sex": (0,)} and best.score > 3


def test_a_trouble_in_a_county_is_found_as_that_county() -> None:
    asked, share = _asked((0, 1, 2, 3))
    parents = {f"place{at}": f"county {at // 4}" for at in range(PLACES)} | {f"county {at}": "" for at in range(3)}
    grouped = replace(NEAR, groups=nested.by_parents(NEAR, parents))

    best, where = _found(asked, share, grouped)

    assert where == {"place": (0, 1, 2, 3), "sex": (0,)} and best.score > 3
    assert Group("in county 0", where["place"]) in grouped.groups


def test_places_that_are_no_neighbours_are_never_told_of_together() -> None:
    asked, share = _asked((0, 11))
    grouped = replace(NEAR, groups=neighbours.around(NEAR, range(PLACES), LINE))

    _, where = _found(asked, share, grouped)

    assert len(where.get("place", ())) <= 1 or where["place"] in {group.codes for group in grouped.groups}
