from __future__ import annotations

import numpy as np
import pytest

from factories.people import COLUMNS, people
from upwell.evidence import dimensions, tables
from upwell.evidence.scan.climbing.score import code
from upwell.evidence.scan.climbing.subset import Scan
from upwell.evidence.scan.find import find
from upwell.evidence.scan.surely import stability
from upwell.evidence.scan.surely.further import members

PLANT = {"place": (1,), "sex": (0,)}


def _space(made):
    few = [c for c in COLUMNS if c.name in ("place", "sex", "race", "stay")]
    return dimensions.dimensions(made.asked, few, among=np.ones(made.asked.persons, dtype=bool), least=11)


@pytest.fixture(scope="module")
def searched():
    made = people(900, seed=3, plant=PLANT, odds=10)
    space = _space(made)
    coding = code([d.values for d in space], [d.ordered for d in space], searches=1)
    odds = made.truth / (1 - made.truth) / np.where(made.inside, 10, 1)
    return Scan(tables.frame(space), coding, 11), made, odds / (1 + odds), space


def _returned(searched, places, **kinds):
    scan, made, expected, space = searched
    allowed = [stability.allowed_values(space, place, scan.people) for place in places]
    unit = kinds.pop("unit", made.asked.household)
    return stability.returned(scan, (made.asked.yes, expected), unit, allowed, seed=1, **kinds)


def test_what_was_planted_comes_back_and_what_was_not_does_not(searched):
    *_, space = searched
    names = [dimension.name for dimension in space]

    times = _returned(searched, [(("place", (1,)), ("sex", (0,))), (("race", (0,)), ("stay", (2,)))])

    assert times[0][names.index("place")] >= 38
    assert times[0][names.index("sex")] >= 35
    assert times[0][names.index("race")] == 0
    assert times[1].sum() < 20
    assert times.max() <= stability.SCANS


def test_the_same_seed_draws_the_same_people_and_progress_is_told(searched):
    heard = []
    place = (("place", (1,)), ("sex", (0,)))

    one = _returned(searched, [place], progress=lambda words, share: heard.append(share))
    other = _returned(searched, [place])

    assert (one == other).all()
    assert len(heard) == stability.SCANS
    assert heard == sorted(heard)


def test_one_household_of_everybody_brings_back_the_same_search_every_time(searched):
    scan, made, expected, space = searched
    best = scan.best(made.asked.yes, expected)
    place = dimensions.where(space, list(best.allowed[: len(space)]), COLUMNS)

    times = _returned(searched, [place], unit=np.zeros(900, dtype=np.int64))

    restricted = [not best.allowed[j, :size].all() for j, size in enumerate(scan.people.sizes)]
    assert times[0].tolist() == [50 if closed else 0 for closed in restricted]


def test_a_sub_population_is_read_back_as_the_search_sees_it(searched):
    scan, made, _, space = searched
    place = (("place", (1, 2)), ("stay", (0, 1)))

    allowed = stability.allowed_values(space, place, scan.people)

    assert dimensions.where(space, list(allowed), COLUMNS) == place
    assert np.array_equal(members(scan.people, allowed), dimensions.inside(made.asked, place))


def test_findings_say_what_came_back_only_when_asked_and_are_otherwise_the_same():
    made = people(900, seed=3, plant=PLANT, odds=10)

    plain = find(made.asked, COLUMNS, seed=1, searches=1)
    asked = find(made.asked, COLUMNS, seed=1, searches=1, stability=True)

    assert plain.findings[0].returned == ()
    assert [name for name, _ in asked.findings[0].returned] == [name for name, _ in asked.findings[0].where]
    assert max(times for _, times in asked.findings[0].returned) >= 35
    assert [(f.where, f.p, f.score) for f in asked.findings] == [(f.where, f.p, f.score) for f in plain.findings]
