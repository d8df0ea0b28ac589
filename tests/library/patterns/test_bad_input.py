"""Bad input is a clear sentence or a correct answer, never a crash."""

from __future__ import annotations

import numpy as np
import pytest

from upwell.evidence.errors import EvidenceError
from upwell.library import find_patterns

CHANCE = np.random.default_rng(21)
PERSONS = 600
PLACE = CHANCE.choice(["north", "south", "east"], PERSONS)
WHO = CHANCE.choice(["alone", "family"], PERSONS)
YES = CHANCE.random(PERSONS) < np.where((PLACE == "north") & (WHO == "family"), 0.8, 0.1)
COLUMNS = {"place": PLACE, "who": WHO}
EXPECTED = np.full(PERSONS, 0.1)


def _refused(columns: object = COLUMNS, yes: object = YES, **more: object) -> str:
    with pytest.raises(EvidenceError) as told:
        find_patterns(columns, yes, **more)  # type: ignore[arg-type]
    return str(told.value)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("persons", [0, 1, 2, 10, 49])
def test_few_records_or_none_are_no_search(persons: int, known: bool) -> None:
    columns = {name: values[:persons] for name, values in COLUMNS.items()}

    found = find_patterns(columns, YES[:persons], expected=EXPECTED[:persons] if known else None)

    assert (found.findings, found.persons) == ((), persons)
    assert "Too few people" in found.sentence()
    assert found.rows() == [] and found.to_dict()["findings"] == []


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("answer", [True, False])
def test_when_everybody_answers_alike_there_is_nothing_to_search(answer: bool, known: bool) -> None:
    found = find_patterns(COLUMNS, np.full(PERSONS, answer), expected=EXPECTED if known else None)

    assert found.findings == () and "same answer" in found.sentence()


@pytest.mark.parametrize("known", [False, True])
def test_constant_and_empty_attributes_are_left_out_and_it_is_said(known: bool) -> None:
    columns = {"one": ["x"] * PERSONS, "none": [None] * PERSONS, "rare": ["x"] + [""] * (PERSONS - 1)}
    mostly = {"mostly": [value if at % 3 == 0 else None for at, value in enumerate(PLACE)]}

    found = find_patterns(COLUMNS | columns | mostly, YES, expected=EXPECTED if known else None)

    assert found.attributes == ("place", "who")
    told = " ".join(found.said)
    assert "'one' was left out: it has one value" in told and "'none' was left out: it is empty" in told
    assert "'mostly' was left out: it is unknown for most people" in told


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("columns", [{}, {"one": ["x"] * PERSONS}])
def test_without_any_attribute_it_says_so(columns: dict[str, list[str]], known: bool) -> None:
    found = find_patterns(columns, YES, expected=EXPECTED if known else None)

    assert found.findings == () and "No column has enough known answers" in found.note


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        (float("nan"), "is missing"),
        (None, "is missing"),
        (-0.1, "below 0"),
        (1.5, "above 1"),
        (float("inf"), "above 1"),
        (-float("inf"), "below 0"),
        ("often", "no number"),
    ],
)
def test_an_expectation_that_is_no_share_is_a_sentence(wrong: object, wanted: str) -> None:
    expected = [*EXPECTED.tolist()[:-1], wrong]

    told = _refused(expected=expected)

    assert wanted in told and "nan" not in told


def test_a_masked_expectation_is_missing() -> None:
    assert "is missing" in _refused(expected=np.ma.array(EXPECTED, mask=np.arange(PERSONS) == 3))


@pytest.mark.parametrize("edge", [0, 1, True])
def test_expectations_of_none_and_of_all_are_shares(edge: float) -> None:
    expected = np.where(np.arange(PERSONS) == 5, edge, EXPECTED)

    found = find_patterns(COLUMNS, YES, expected=expected)

    assert found.findings and np.isfinite(found.findings[0].score)


def test_weights_are_refused_with_what_to_do() -> None:
    told = _refused(weights=np.ones(PERSONS))

    assert "one row a person" in told and "`expected`" in told


@pytest.mark.parametrize(
    "answers", [["maybe"] * PERSONS, list(range(PERSONS)), [0.5] * PERSONS, [2] * PERSONS, [b"\xff"] * PERSONS]
)
def test_answers_that_are_not_yes_or_no_are_a_sentence(answers: list[object]) -> None:
    told = _refused(yes=answers)

    assert "yes and no" in told and "maybe" not in told


@pytest.mark.parametrize("pair", [("yes", "no"), ("True", "false"), (1, 0), (1.0, 0.0), ("Y", "N"), ("1", "0")])
def test_yes_may_be_written_in_every_usual_way(pair: tuple[object, object]) -> None:
    written = [pair[0] if each else pair[1] for each in YES]

    assert find_patterns(COLUMNS, written, expected=EXPECTED).yes == int(YES.sum())


def test_rows_without_an_answer_are_left_out_and_it_is_said() -> None:
    answers = [None if at < 20 else bool(each) for at, each in enumerate(YES)]

    found = find_patterns(COLUMNS, answers, expected=EXPECTED)

    assert found.persons == PERSONS - 20 and "Rows without an answer were left out." in found.said
    assert len(found.members()) == PERSONS and not found.members()[:20].any()


@pytest.mark.parametrize("role", ["expected", "person", "household", "cluster", "programme", "month"])
def test_lengths_that_differ_are_a_sentence(role: str) -> None:
    assert "one value a person" in _refused(**{role: [0.5] * (PERSONS - 1)})
    assert "no column 'plaice'. Did you mean 'place'?" in _refused(**{role: "plaice"})


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"baseline": "best"}, "Choose one of"),
        ({"baseline": "programme"}, "needs programme="),
        ({"baseline": "earlier"}, "needs month="),
        ({"objective": "any"}, "'description' or 'any set'"),
        ({"objective": "any set"}, "needs `expected`"),
        ({"penalty": 0}, "more than 0"),
        ({"penalty": float("nan")}, "more than 0"),
        ({"least": 0}, "1 or more"),
        ({"findings": 0}, "1 to 5"),
        ({"attributes": ["plaice"]}, "Did you mean 'place'"),
        ({"attributes": ["place", "place"]}, "named twice"),
        ({"ordered": ["plaice"]}, "Did you mean 'place'"),
        ({"ordered": {"place": ["north", "south"]}}, "lacks a value"),
        ({"groups": {"place": ["north"]}}, "a mapping of words to values"),
        ({"groups": {"place": {}}, "ordered": ["place"]}, "not both"),
        ({"month": ["soon"] * PERSONS}, "A month is a date"),
        ({"month": ["0001-01"] + ["2025-01"] * (PERSONS - 1)}, "200 years"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(more: dict[str, object], wanted: str) -> None:
    assert wanted in _refused(**more)


def test_the_answer_is_no_attribute() -> None:
    assert "is no attribute" in _refused(COLUMNS | {"returned": YES}, "returned", attributes=["place", "returned"])


def test_more_than_64_values_are_folded_and_it_is_said() -> None:
    tract = np.array([f"t{number:03d}" for number in CHANCE.zipf(1.3, 1900) % 150])
    yes = CHANCE.random(1900) < np.where(tract == "t001", 0.6, 0.1)

    found = find_patterns({"tract": tract}, yes, expected=np.full(1900, 0.1))

    assert "the rarest were put together as 'other'" in found.said[0]
    assert found.findings[0].where == (("tract", ("t001",)),)


def test_many_numbers_are_cut_into_steps_and_it_is_said() -> None:
    age = CHANCE.integers(0, 100, 1900)
    yes = CHANCE.random(1900) < np.where(age >= 75, 0.5, 0.1)

    found = find_patterns({"age": age}, yes, expected=np.full(1900, 0.1))

    assert "taken as a number in order" in found.said[0] and "cut into 20 steps" in found.said[0]
    assert found.findings[0].group.endswith("on") and found.findings[0].group.startswith("age: from 7")


def test_a_key_is_no_attribute() -> None:
    found = find_patterns(COLUMNS | {"id": [f"p{at}" for at in range(PERSONS)]}, YES, expected=EXPECTED)

    assert "id" not in found.attributes and "as in a key" in found.said[0]


def test_repeated_persons_become_index_episodes_and_it_is_said() -> None:
    person = np.repeat(np.arange(PERSONS), 3)
    columns = {name: np.repeat(values, 3) for name, values in COLUMNS.items()}
    month = np.tile([3, 1, 2], PERSONS)

    found = find_patterns(columns, np.repeat(YES, 3), person=person, month=month, expected=np.repeat(EXPECTED, 3))

    assert found.persons == PERSONS and found.yes == int(YES.sum())
    assert any("row" in told and "a person" in told for told in found.said)
    assert set(np.flatnonzero(found.members()) % 3) == {1}  # the first in time


def test_which_row_counts_does_not_hang_on_the_answer() -> None:
    person = np.repeat(np.arange(PERSONS), 2)
    columns = {name: np.repeat(values, 2) for name, values in COLUMNS.items()}
    one, other = np.repeat(YES, 2), np.repeat(YES, 2)
    other[1::2] = ~other[1::2]

    first = find_patterns(columns, one, person=person, expected=np.repeat(EXPECTED, 2))
    second = find_patterns(columns, other, person=person, expected=np.repeat(EXPECTED, 2))

    assert first.to_dict() == second.to_dict()


def test_people_without_a_person_or_a_month_are_left_out_and_it_is_said() -> None:
    person = [None if at < 5 else at for at in range(PERSONS)]
    month = ["" if 5 <= at < 12 else "2025-03" for at in range(PERSONS)]

    found = find_patterns(COLUMNS, YES, person=person, month=month, expected=EXPECTED)

    assert found.persons == PERSONS - 12
    assert {"Rows without a person were left out.", "Rows without a month were left out."} <= set(found.said)


@pytest.mark.parametrize("attribute", ["place", "who"])
def test_an_attribute_of_one_name_may_be_given_without_a_list(attribute: str) -> None:
    assert find_patterns(COLUMNS, YES, attributes=attribute, expected=EXPECTED).attributes == (attribute,)
