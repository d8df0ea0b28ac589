"""A large file is read in a stream, and gives the answer that a small one gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factories.sources import parquet_of, relation_of
from upwell.evidence.errors import EvidenceError
from upwell.library import find_patterns
from upwell.library.patterns import large

PERSONS = 1_200
CHANCE = np.random.default_rng(24)
PLACE = CHANCE.choice(["north", "south", "east"], PERSONS)
AGE = CHANCE.integers(20, 60, PERSONS)
DAY = np.datetime64("2024-01-15") + CHANCE.integers(0, 700, PERSONS)
YES = CHANCE.random(PERSONS) < np.where((PLACE == "north") & (AGE >= 40), 0.6, 0.1)
COLUMNS: dict[str, list[object]] = {
    "place": [None if at % 50 == 0 else value for at, value in enumerate(PLACE.tolist())],
    "age": AGE.tolist(),
    "day": DAY.tolist(),
    "person": list(range(PERSONS)),
    "returned": YES.tolist(),
    "expected": [0.1] * PERSONS,
}
ASKED = {"expected": "expected", "month": "day", "person": "person"}


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "MANY_ROWS", 100)


@pytest.mark.parametrize("kind", ["path", "relation"])
def test_the_stream_gives_what_the_columns_give(kind: str, tmp_path: Path, streamed: None) -> None:
    source = parquet_of(COLUMNS, tmp_path / "a.parquet") if kind == "path" else relation_of(COLUMNS)

    one = find_patterns(source, "returned", **ASKED)  # type: ignore[arg-type]
    other = find_patterns(COLUMNS, "returned", **ASKED)  # type: ignore[arg-type]

    assert one.findings[0].where == other.findings[0].where
    assert one.findings[0].where[1] == ("place", ("north",))
    assert one.findings[0].months == other.findings[0].months
    assert one.findings[0].score == pytest.approx(other.findings[0].score, abs=1e-3)
    assert (one.members() == other.members()).all()


def test_several_rows_of_a_person_are_one_in_a_stream_too(tmp_path: Path, streamed: None) -> None:
    twice = {name: [value for value in values for _ in range(2)] for name, values in COLUMNS.items()}

    found = find_patterns(parquet_of(twice, tmp_path / "a.parquet"), "returned", **ASKED)  # type: ignore[arg-type]

    assert found.persons == PERSONS and len(found.members()) == 2 * PERSONS
    assert any("One row a person" in said for said in found.said)


def test_orders_and_groups_hold_in_a_stream_too(tmp_path: Path, streamed: None) -> None:
    path = parquet_of(COLUMNS, tmp_path / "a.parquet")

    found = find_patterns(path, "returned", expected="expected", attributes=["place", "age"],
                          groups={"place": {"not south": ["north", "east"]}}, ordered=["age"])  # fmt: skip

    assert found.findings[0].group.startswith("age: from 4")


def test_what_is_wrong_in_a_stream_is_a_sentence(tmp_path: Path, streamed: None) -> None:
    wrong = COLUMNS | {"expected": [0.1] * (PERSONS - 1) + [-1.0]}
    path = parquet_of(wrong, tmp_path / "a.parquet")

    with pytest.raises(EvidenceError, match="below 0"):
        find_patterns(path, "returned", expected="expected")
    with pytest.raises(EvidenceError, match="Did you mean 'place'"):
        find_patterns(path, "returned", attributes=["plaice"])


@pytest.mark.parametrize("more", [{"household": "person"}, {"expected": np.full(PERSONS, 0.1)}, {"month": "age"}])
def test_what_a_stream_cannot_read_is_read_the_other_way(
    more: dict[str, object], tmp_path: Path, streamed: None
) -> None:
    path = parquet_of(COLUMNS, tmp_path / "a.parquet")

    found = find_patterns(path, "returned", attributes="place", **({"expected": "expected"} | more))  # type: ignore[arg-type]

    assert found.findings[0].where == (("place", ("north",)),)
