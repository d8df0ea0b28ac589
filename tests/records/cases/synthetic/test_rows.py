"""Invented records for the search: what was asked for is in them, and nothing else."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.records.cases.synthetic import rows as made
from upwell.records.cases.synthetic.rows import ATTRIBUTES, NAMES, PIECE, Recipe, pieces, rows, world
from upwell.records.errors import RecordsError

FEW = Recipe(4_000, seed=1)


def _surprise(records, among) -> float:
    """Standard deviations of the yes among some rows beyond expectation."""
    told = records.expected[among].astype(float)
    return (records.yes[among].sum() - told.sum()) / np.sqrt((told * (1 - told)).sum())


def test_the_same_seed_gives_the_same_records():
    one, other = rows(FEW), rows(FEW)

    assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in vars(one))


def test_another_seed_gives_other_records():
    assert not np.array_equal(rows(FEW).codes, rows(replace(FEW, seed=2)).codes)


def test_fewer_persons_are_the_first_of_more():
    fewer, more = rows(Recipe(3_000, seed=1)), rows(FEW)

    assert np.array_equal(fewer.codes, more.codes[:, :3_000])
    assert np.array_equal(fewer.yes, more.yes[:3_000])
    assert np.array_equal(fewer.expected, more.expected[:3_000])


def test_every_attribute_stays_within_its_values_and_uses_them():
    records = rows(replace(FEW, persons=40_000))

    assert [int(codes.max()) for codes in records.codes] == [each.values - 1 for each in ATTRIBUTES]


def test_values_are_skewed_save_those_of_time():
    records = rows(replace(FEW, persons=40_000))

    persons = {name: np.bincount(codes) for name, codes in zip(NAMES, records.codes, strict=True)}
    common = {name: each.max() / each.min() for name, each in persons.items()}

    assert common["tract"] > 3
    assert common["quarter"] < 1.3


def test_quarters_follow_the_months():
    records = rows(FEW)

    assert np.array_equal(records.codes[NAMES.index("quarter")], records.month // 3)


def test_attributes_hang_together():
    records = rows(replace(FEW, persons=100_000))
    race, income = (records.codes[NAMES.index(name)].astype(int) for name in ("race", "income"))

    seen = np.bincount(race * 4 + income, minlength=28).reshape(7, 4)
    apart = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum()

    assert ((seen - apart) ** 2 / apart).sum() > 60  # 18 degrees of freedom


@pytest.mark.parametrize("seed", range(5))
def test_with_nothing_planted_the_yes_are_as_expected(seed):
    records = rows(Recipe(100_000, seed=seed))

    assert abs(_surprise(records, np.ones(100_000, dtype=bool))) < 4
    assert abs(_surprise(records, records.codes[NAMES.index("race")] == 1)) < 4
    assert not records.inside.any()


@pytest.mark.parametrize("shape", ["sets", "interval", "county", "mixed"])
@pytest.mark.parametrize("persons", [10_000, 100_000])
def test_a_plant_has_the_size_asked_for(shape, persons):
    inside = [int(rows(Recipe(persons, seed=seed, shape=shape)).inside.sum()) for seed in _possible(shape, persons)]

    assert all(0.8 * 1_100 < each < 1.2 * 1_100 for each in inside)


def _possible(shape, persons) -> list[int]:
    """Three seeds that have such a plant: a county may be too small among few."""
    found = []
    for seed in range(50):
        try:
            world(Recipe(persons, seed=seed, shape=shape))
        except RecordsError:
            continue
        found.append(seed)
    return found[:3]


def test_the_odds_inside_are_those_asked_for():
    records = rows(Recipe(200_000, seed=3, shape="sets", planted=20_000))
    inside = records.inside
    truth = records.expected[inside] * 2.5 / (1 + 1.5 * records.expected[inside])

    assert abs(records.yes[inside].sum() - truth.sum()) < 4 * np.sqrt((truth * (1 - truth)).sum())
    assert _surprise(records, inside) > 30
    assert abs(_surprise(records, ~inside)) < 4


def test_who_is_inside_follows_from_the_plant():
    recipe = Recipe(20_000, seed=5, shape="mixed")
    records = rows(recipe)

    described = np.ones(20_000, dtype=bool)
    for name, values in world(recipe).plant:
        described &= np.isin(records.codes[NAMES.index(name)], values)

    assert np.array_equal(records.inside, described)


def test_a_county_is_five_tracts_in_a_row():
    seed = _possible("county", 100_000)[0]
    tracts = dict(world(Recipe(100_000, seed=seed, shape="county")).plant)["tract"]

    assert tracts == tuple(range(tracts[0], tracts[0] + 5))
    assert tracts[0] % 5 == 0


def test_an_interval_has_no_gap():
    ordered = {each.name for each in ATTRIBUTES if each.ordered}
    plant = dict(world(Recipe(100_000, seed=2, shape="interval")).plant)

    (values,) = (values for name, values in plant.items() if name in ordered)

    assert values == tuple(range(values[0], values[-1] + 1))


def test_a_trouble_since_a_month_is_not_there_before():
    records = rows(Recipe(50_000, seed=4, shape="sets", since=20))

    assert records.month[records.inside].min() == 20
    assert 800 < records.inside.sum() < 1_400


def test_repeated_rows_of_a_person_share_all_but_the_quarter():
    records = rows(Recipe(1_000, seed=6, repeats=4))
    apart = np.delete(records.codes, NAMES.index("quarter"), axis=0).reshape(10, 1_000, 4)

    assert np.array_equal(records.person, np.repeat(np.arange(1_000), 4))
    assert (apart == apart[:, :, :1]).all()


def test_repeated_rows_of_a_person_share_one_fate():
    records = rows(Recipe(20_000, seed=6, repeats=4, effects=0.0))

    assert len(np.unique(records.yes.reshape(-1, 4).sum(axis=1))) == 2


def test_programmes_differ_unseen_where_asked_but_the_rate_stays():
    records = rows(Recipe(400_000, seed=7, spread=0.5))
    programme = records.codes[NAMES.index("programme")]

    apart = [_surprise(records, programme == number) for number in range(24)]

    assert np.std(apart) > 10
    assert abs(records.yes.mean() / records.expected.mean() - 1) < 0.2


def test_pieces_hold_the_records_in_order_without_holding_all_at_once():
    recipe = Recipe(PIECE + 1_000, seed=8, shape="sets")
    parts = list(pieces(world(recipe)))
    whole = rows(recipe)

    assert [len(part.yes) for part in parts] == [PIECE, 1_000]
    assert np.array_equal(np.concatenate([part.yes for part in parts]), whole.yes)
    assert np.array_equal(np.concatenate([part.person for part in parts]), np.arange(recipe.persons))


def test_ten_million_rows_begin_at_once():
    first = next(islice(pieces(world(Recipe(10**7, seed=9, shape="sets"))), 1))

    assert len(first.yes) == PIECE


@pytest.mark.parametrize(
    "wrong",
    [{"persons": 0}, {"repeats": 0}, {"planted": 0}, {"rate": 0.0}, {"odds": 0.0}, {"spread": -1.0}, {"since": 36}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_cannot_be_made_is_refused_in_a_sentence(wrong):
    with pytest.raises(RecordsError, match=r"\.$"):
        replace(FEW, **wrong)


def test_a_plant_larger_than_the_records_is_refused():
    with pytest.raises(RecordsError, match="Ask for another"):
        world(Recipe(1_000, seed=1, shape="sets", planted=5_000))


@given(st.integers(0, 2**31), st.integers(1, 3), st.sampled_from([200, 999]))
@settings(max_examples=10, deadline=None)
def test_chances_lie_between_nothing_and_certainty(seed, repeats, persons):
    records = made.rows(Recipe(persons, seed=seed, repeats=repeats, effects=1.0))

    assert len(records.yes) == persons * repeats
    assert ((records.expected > 0) & (records.expected < 1)).all()
