from __future__ import annotations

from dataclasses import replace

import numpy as np

from factories.people import COLUMNS, column, people
from upwell.evidence import dimensions, tables
from upwell.records.cases.table import Group


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


def _counties(groups):
    """1,000 people in six tracts; nobody lives in the last."""
    codes = np.repeat([0, 1, 2, 3, 4], [300, 250, 200, 150, 100])
    columns = (column("tract", 6, kind="place", groups=groups),)
    return _space(_with(people(1000, seed=6).asked, "tract", codes), columns)[0], columns


NORTH, SOUTH, ALL = Group("North", (0, 1)), Group("South", (2, 3, 4, 5)), Group("the state", (0, 1, 2, 3, 4, 5))


def test_a_grouped_column_may_be_restricted_to_one_value_or_one_group_but_not_to_everybody():
    tract, _ = _counties((NORTH, SOUTH, ALL))

    assert tract.family == ((0,), (1,), (2,), (3,), (4,), (0, 1), (2, 3, 4))
    assert not tract.ordered


def test_a_frame_holds_a_family_as_bits_and_nothing_for_other_dimensions():
    tract, _ = _counties((NORTH, SOUTH, ALL))
    sex = next(d for d in _space(people(1000, seed=6).asked, COLUMNS) if d.name == "sex")

    people_ = tables.frame((sex, tract))

    assert people_.families[1].tolist() == [1, 2, 4, 8, 16, 3, 28]
    assert [len(family) for family in people_.families] == [0, 7, 0]
    assert tables.frame((sex,)).families == ()


def test_a_group_is_told_with_all_its_codes_also_those_nobody_has():
    tract, columns = _counties((NORTH, SOUTH, ALL))

    south = dimensions.where((tract,), [np.array([False, False, True, True, True, False])], columns)
    one = dimensions.where((tract,), [np.array([False, False, True, False, False, False])], columns)

    assert south == (("tract", SOUTH.codes),)
    assert one == (("tract", (2,)),)


def _many(values, kind="nominal", groups=()):
    persons = np.arange(values, 0, -1) + 20
    codes = np.repeat(np.arange(values), persons)
    columns = (column("town", values, kind=kind, groups=groups),)
    return _space(_with(people(len(codes), seed=7).asked, "town", codes), columns)[0], persons


def test_more_than_64_values_are_folded_the_rarest_into_one():
    town, _ = _many(100)

    assert town.values == 64
    assert town.originals[-1] == tuple(range(63, 100))
    assert town.codes.max() == 63


def test_more_than_64_steps_are_joined_with_their_neighbours():
    town, persons = _many(100, kind="ordinal")

    assert town.values == 64
    assert [code for step in town.originals for code in step] == list(range(100))
    assert max(persons[list(step)].sum() for step in town.originals) <= 3 * persons.max()


def test_more_than_64_grouped_values_are_folded_up_their_smallest_group():
    counties = [Group(f"county {c}", tuple(range(c * 10, c * 10 + 10))) for c in range(10)]
    state = Group("half", tuple(range(50)))
    town, _ = _many(100, groups=(state, *counties))

    rest = [originals for originals in town.originals if len(originals) > 1]

    assert town.values <= 64
    assert all(len({code // 10 for code in originals}) == 1 for originals in rest)
    # Every county can still be told as a whole, and so can the half; what is left of a county can not.
    whole = {tuple(sorted(c for v in held for c in town.originals[v])) for held in town.family}
    assert {group.codes for group in (state, *counties)} <= whole
    assert not whole & set(rest) - {group.codes for group in counties}


def test_a_group_that_folding_has_cut_through_is_no_longer_offered():
    around = Group("around town 98", (40, 98))
    town, _ = _many(100, groups=(around, Group("all others", tuple(range(60, 100)))))

    told = [sorted(c for v in held for c in town.originals[v]) for held in town.family]

    assert all(len(codes) == 1 or codes in (list(around.codes), list(range(60, 100))) for codes in told)


def test_a_grouped_column_with_nothing_to_choose_is_left_out():
    codes = np.zeros(1000)
    columns = (column("tract", 6, kind="place", groups=(NORTH, SOUTH)),)

    assert _space(_with(people(1000, seed=6).asked, "tract", codes), columns) == ()
