"""The same bad input through every kind of source: a clear sentence or a correct answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from factories.sources import Columns, Frame, parquet_of, relation_of
from upwell.evidence.errors import EvidenceError
from upwell.library import find_patterns
from upwell.library.patterns import Patterns

PERSONS = 300
CHANCE = np.random.default_rng(22)
PLACE = CHANCE.choice(["north", "south", "east"], PERSONS).tolist()
YES = (CHANCE.random(PERSONS) < np.where(np.array(PLACE) == "north", 0.6, 0.1)).tolist()
COLUMNS: dict[str, list[object]] = {"place": PLACE, "returned": YES, "expected": [0.1] * PERSONS}

KINDS: dict[str, Callable[[Columns, Path], object]] = {
    "mapping": lambda columns, folder: columns,
    "arrays": lambda columns, folder: {name: np.array(values) for name, values in columns.items()},
    "frame": lambda columns, folder: Frame(columns),
    "relation": lambda columns, folder: relation_of(columns),
    "Parquet": lambda columns, folder: parquet_of(columns, folder / "people.parquet"),
}
Source = Callable[[Columns], object]


@pytest.fixture(params=KINDS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    return lambda columns: KINDS[request.param](columns, tmp_path)


def _found(given: object, **more: object) -> Patterns:
    return find_patterns(given, "returned", expected="expected", **more)  # type: ignore[arg-type]


def test_the_pattern_is_found(source: Source) -> None:
    assert _found(source(COLUMNS)).findings[0].where == (("place", ("north",)),)


@pytest.mark.parametrize("persons", [1, 2, 30])
def test_few_records_are_no_search(source: Source, persons: int) -> None:
    found = _found(source({name: values[:persons] for name, values in COLUMNS.items()}))

    assert found.persons == persons and "Too few people" in found.note


def test_no_records_are_no_search(source: Source, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["source"] in ("relation", "Parquet"):
        empty: object = relation_of(COLUMNS).limit(0)
    else:
        empty = source({name: [] for name in COLUMNS})

    found = _found(empty)

    assert found.persons == 0 and "Too few people" in found.note


@pytest.mark.parametrize("answer", [True, False])
def test_all_events_and_no_events_are_nothing_to_search(source: Source, answer: bool) -> None:
    assert "same answer" in _found(source(COLUMNS | {"returned": [answer] * PERSONS})).note


def test_constant_columns_are_left_out(source: Source) -> None:
    found = _found(source(COLUMNS | {"one": ["x"] * PERSONS}))

    assert found.attributes == ("place",) and "it has one value" in found.said[0]


def test_empty_columns_are_left_out(source: Source) -> None:
    found = _found(source(COLUMNS | {"none": [""] * PERSONS}))

    assert found.attributes == ("place",) and "it is empty" in found.said[0]


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [(float("nan"), "is missing"), (-0.5, "below 0"), (1.01, "above 1"), (float("inf"), "above 1")],
)
def test_an_expectation_that_is_no_share_is_a_sentence(source: Source, wrong: float, wanted: str) -> None:
    with pytest.raises(EvidenceError, match=wanted):
        _found(source(COLUMNS | {"expected": [0.1] * (PERSONS - 1) + [wrong]}))


def test_more_than_64_values_are_folded(source: Source) -> None:
    tract = [f"t{number % 90:02d}" for number in range(PERSONS)]

    assert "were put together" in _found(source(COLUMNS | {"tract": tract})).said[0]


def test_a_missing_column_is_a_sentence_with_the_nearest(source: Source) -> None:
    with pytest.raises(EvidenceError, match=r"no column 'plaice'\. Did you mean 'place'"):
        _found(source(COLUMNS), attributes=["plaice"])


def test_answers_that_are_no_answers_are_a_sentence(source: Source) -> None:
    with pytest.raises(EvidenceError, match="something other than yes and no"):
        _found(source(COLUMNS | {"returned": [0.5] * PERSONS}))
