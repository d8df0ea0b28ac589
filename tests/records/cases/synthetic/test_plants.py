"""What is planted is there, and only there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.records.cases.synthetic.county import places
from upwell.records.cases.synthetic.generate import generate, in_memory
from upwell.records.cases.synthetic.planting import check_plants, inside, values_of
from upwell.records.cases.synthetic.plants import Plant, demo_plants, random_plants, read_plants
from upwell.records.cases.synthetic.truth import index_stays, planted_persons, planted_rows
from upwell.records.cases.synthetic.vocabulary import QUESTIONS
from upwell.records.errors import RecordsError

TOWN = {"place": ("port-ember",)}
GIVEN = """
[[plant]]
question = "jail"
where = { place = "port-ember", age = ["18-24", "25-34"] }
odds = 3
since = 2024-04-01
words = "Young people come from jail to Port Ember."
"""


def shares(plant: Plant, people: int = 30_000, seed: int = 2) -> tuple[float, float, float, float]:
    """Share of yes inside and outside, with the plant and without it in the same county."""
    found = []
    for plants in ((plant,), ()):
        county = in_memory(people=people, years=3, seed=seed, plants=plants)
        index, held = planted_rows(county, plant)
        found += [index["yes"][held].mean(), index["yes"][~held].mean()]
    return found[0], found[1], found[2], found[3]


@pytest.mark.parametrize("question", [name for name in QUESTIONS if name != "foster"])
def test_a_plant_multiplies_the_odds_inside_and_leaves_the_rest_alone(question: str):
    inside_with, outside_with, inside_without, outside_without = shares(Plant(question, TOWN, 4.0))

    ratio = (inside_with / (1 - inside_with)) / (inside_without / (1 - inside_without))
    assert 2.7 < ratio < 6.0
    assert abs(outside_with - outside_without) < 0.03


def test_a_plant_since_a_day_leaves_what_was_before():
    plant = Plant("jail", TOWN, 6.0, since="2024-04-01")
    before = Plant("jail", TOWN, 1.0, until="2024-03-31")
    county = in_memory(people=30_000, years=3, seed=2, plants=(plant,))

    index, late = planted_rows(county, plant)
    early = inside(before, index, county.places)

    assert index["yes"][late].mean() > 3 * index["yes"][early].mean()
    assert abs(index["yes"][early].mean() - index["yes"][~late & ~early].mean()) < 0.03
    assert not (late & early).any()


def test_odds_of_one_change_nothing_to_the_byte(tmp_path: Path):
    made = [
        generate(people=500, years=2, seed=4, plants=plants, out=tmp_path / name)
        for name, plants in (("with", (Plant("jail", TOWN, 1.0),)), ("without", ()))
    ]

    for path in made[0].out.iterdir():
        assert path.read_bytes() == (made[1].out / path.name).read_bytes()


def test_a_plant_for_one_question_leaves_the_others_as_they_were():
    plant = Plant("violence", TOWN, 5.0)
    planted, sound = (in_memory(people=3_000, years=3, seed=6, plants=plants) for plants in ((plant,), ()))

    for question in QUESTIONS:
        same = np.array_equal(index_stays(planted, question)["yes"], index_stays(sound, question)["yes"])
        assert same == (question != "violence"), question


def test_returns_stay_nested_under_a_plant_on_the_shortest():
    county = in_memory(people=20_000, years=4, seed=6, plants=(Plant("return_6", TOWN, 20.0),))
    stays = county.stays

    for short, long in (("return_6", "return_12"), ("return_12", "return_24")):
        asked = (stays[f"yes.{long}"] >= 0) & (stays[f"yes.{short}"] >= 0)
        assert asked.sum() > 500
        assert (stays[f"yes.{short}"] <= stays[f"yes.{long}"])[asked].all()


def test_planted_persons_are_those_whose_index_stay_is_inside():
    plant = Plant("hospital", {"gender": ("women",), "agency": ("lantern-house",)}, 3.0)
    county = in_memory(people=5_000, years=3, seed=8, plants=(plant,))

    keys = planted_persons(county, plant)

    index = index_stays(county, "hospital")
    women = (index["gender"] == 0) & (index["agency"] == 0)
    assert set(keys) == set(county.keys[index["person"][women]])
    assert len(set(keys)) == len(keys) > 50


def test_planted_json_stands_beside_the_export_and_names_nobody(tmp_path: Path):
    plant = Plant("jail", TOWN, 4.0, words="Many come from jail.")

    made = generate(people=1_000, years=3, seed=4, plants=(plant,), out=tmp_path / "export")

    text = (tmp_path / "export.planted.json").read_text("utf-8")
    (told,) = json.loads(text)["planted"]
    assert told["words"] == "Many come from jail."
    assert told["persons_inside"] == len(planted_persons(made, plant)) > 20
    assert not any(key.decode() in text for key in made.keys)


def test_a_file_of_plants_is_read(tmp_path: Path):
    path = tmp_path / "plants.toml"
    path.write_text(GIVEN)

    (plant,) = read_plants(path)

    assert plant == Plant(
        "jail",
        {"place": ("port-ember",), "age": ("18-24", "25-34")},
        3.0,
        since="2024-04-01",
        words="Young people come from jail to Port Ember.",
    )
    check_plants((plant,), places())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("plant = 3", "list"),
        ("[[plant]]\nquestion = 'jail'", "needs question, where and odds"),
        ("[[plant]]\nquestion = 'jail'\nwhere = 'here'\nodds = 2", "where is a table"),
        ("[[plant]]\nquestion = 'jail'\nwhere = {}\nodds = 'high'", "odds a number"),
        ("[[plant", "not TOML"),
    ],
)
def test_a_wrong_file_of_plants_says_what_is_wrong(text: str, sentence: str, tmp_path: Path):
    path = tmp_path / "plants.toml"
    path.write_text(text)

    with pytest.raises(RecordsError, match=sentence):
        read_plants(path)


def test_a_file_that_is_not_there_is_said_to_be(tmp_path: Path):
    with pytest.raises(RecordsError, match=r"none\.toml cannot be opened"):
        read_plants(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (Plant("joy", TOWN, 2.0), "No question 'joy'"),
        (Plant("jail", {"star_sign": ("leo",)}, 2.0), "cannot restrict 'star_sign'"),
        (Plant("jail", {"place": ("atlantis",)}, 2.0), "place has no atlantis"),
        (Plant("jail", {"place": ()}, 2.0), "place has no"),
        (Plant("jail", {"prior_living": ("homeless",)}, 2.0), "too near to the answer"),
        (Plant("jail", TOWN, 0.0), "above 0"),
        (Plant("jail", TOWN, float("nan")), "above 0"),
        (Plant("jail", TOWN, 2.0, since="spring"), "not a date"),
    ],
)
def test_what_cannot_be_planted_is_refused_with_what_could_be(plant: Plant, sentence: str):
    with pytest.raises(RecordsError, match=sentence):
        check_plants((plant,), places())


@pytest.mark.parametrize("seed", range(4))
def test_the_demo_plants_stand_out_among_six_thousand_people(seed: int):
    plants = demo_plants(seed)
    county = in_memory(people=6_000, years=3, seed=seed, plants=plants)

    for plant in plants:
        index, held = planted_rows(county, plant)
        assert plant.words
        assert index["yes"][held].sum() >= 22, plant
        assert (~index["yes"][held].astype(bool)).sum() >= 22, plant
        assert index["yes"][held].mean() > 1.8 * index["yes"][~held].mean(), plant


@given(st.integers(0, 2**31 - 1))
@settings(max_examples=25, deadline=None)
def test_a_drawn_plant_can_be_planted_and_is_the_same_for_the_same_seed(seed: int):
    (plant,) = random_plants(seed)

    check_plants((plant,), places())
    assert 2.5 <= plant.odds <= 4.0
    assert 1 <= len(plant.where) <= 5
    assert random_plants(seed) == (plant,)


def test_drawn_plants_differ_in_question_and_shape():
    drawn = [random_plants(seed)[0] for seed in range(40)]

    assert len({plant.question for plant in drawn}) >= 7
    assert len({plant.words for plant in drawn}) == 7
    assert any(plant.since for plant in drawn)


def test_the_values_a_plant_may_name_are_known_words():
    values = values_of(places())

    assert values["place"][:2] == ("marlow-bend", "port-ember")
    assert "open-door-housing-inc" in values["agency"]
    assert all(len(set(keys)) == len(keys) for keys in values.values())
