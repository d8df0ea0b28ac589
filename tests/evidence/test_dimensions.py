from __future__ import annotations

from dataclasses import replace

import numpy as np

from factories.people import COLUMNS, column, people
from upwell.evidence import dimensions


def _space(asked, columns, least=11):
    return dimensions.dimensions(asked, columns, among=np.ones(asked.persons, dtype=bool), least=least)


def _with(asked, name, codes):
    return replace(asked, codes={**asked.codes, name: np.asarray(codes, dtype=np.uint8)})


def test_unknown_answers_stand_behind_the_known_ones_and_never_in_a_finding():
    asked = people(2000, seed=1).asked
    sex = next(d for d in _space(asked, COLUMNS) if d.name == "sex")
    unknown = asked.codes["sex"] == 3

    place = dimensions.where((sex,), [np.array([True, True, False, False])], COLUMNS)

    assert (sex.codes[unknown] == sex.values).all()
    assert place == (("sex", (0, 1)),)
    assert not dimensions.inside(asked, place)[unknown].any()


def test_constant_mostly_missing_and_unsearched_columns_are_left_out():
    asked = people(1000, seed=2).asked
    asked = _with(asked, "constant", np.zeros(1000))
    asked = _with(asked, "missing", np.where(np.arange(1000) < 400, np.arange(1000) % 2, 2))
    asked = _with(asked, "table_only", np.arange(1000) % 2)
    columns = (
        column("constant", 3),
        column("missing", 2, unknown=1),
        column("table_only", 2, searched=False),
        column("absent", 2),
        column("sex", 3, unknown=1),
    )

    assert [d.name for d in _space(asked, columns)] == ["sex"]


def test_rare_values_are_folded_together_and_named_by_all_their_codes():
    codes = np.repeat([0, 1, 2, 3], [500, 480, 8, 12])
    asked = _with(people(1000, seed=3).asked, "town", codes)
    town = _space(asked, (column("town", 4),))[0]

    mask = np.array([False, False, True, False])
    if town.originals[2] != (2,):
        mask = np.array([False, False, False, True])

    assert (2,) in town.originals
    assert town.values == 4
    assert dimensions.where((town,), [np.append(mask, False)], (column("town", 4),))[0][0] == "town"


def test_two_rare_values_become_one():
    codes = np.repeat([0, 1, 2, 3], [500, 485, 8, 7])
    asked = _with(people(1000, seed=3).asked, "town", codes)

    town = _space(asked, (column("town", 4),))[0]

    assert town.originals == ((0,), (1,), (2, 3))


def test_an_interval_of_an_ordinal_holds_the_steps_nobody_stood_on():
    codes = np.repeat([0, 2, 4], [300, 300, 400])
    asked = _with(people(1000, seed=4).asked, "stay", codes)
    columns = (column("stay", 5, kind="ordinal"),)
    stay = _space(asked, columns)[0]

    place = dimensions.where((stay,), [np.array([True, True, False, False])], columns)

    assert place == (("stay", (0, 1, 2)),)


def test_a_column_that_follows_the_month_is_known_as_time():
    space = _space(people(3000, seed=5).asked, COLUMNS)

    assert [d.name for d in space if d.time] == ["half"]
