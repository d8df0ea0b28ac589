"""Every kind of source gives the same people; what is no source is a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from factories.sources import Frame, relation_of
from upwell.evidence.errors import EvidenceError
from upwell.library import find_patterns
from upwell.library.patterns import Patterns

CHANCE = np.random.default_rng(20)
PERSONS = 1_500
PLACE = CHANCE.choice(["north", "south", "east"], PERSONS)
WHO = CHANCE.choice(["alone", "family"], PERSONS)
YES = CHANCE.random(PERSONS) < np.where((PLACE == "north") & (WHO == "family"), 0.7, 0.1)
EXPECTED = np.full(PERSONS, 0.1)
COLUMNS: dict[str, np.ndarray] = {"place": PLACE, "who": WHO, "returned": YES, "expected": EXPECTED}


def _relation(columns: dict[str, np.ndarray]) -> duckdb.DuckDBPyRelation:
    return relation_of({name: values.tolist() for name, values in columns.items()})


def _structured(columns: dict[str, np.ndarray]) -> np.ndarray:
    held = np.empty(PERSONS, dtype=[(name, values.dtype) for name, values in columns.items()])
    for name, values in columns.items():
        held[name] = values
    return held


def _parquet(columns: dict[str, np.ndarray], folder: Path) -> Path:
    path = folder / "people [1].parquet"
    _relation(columns).write_parquet(str(path))
    return path


KINDS: dict[str, Callable[[Path], object]] = {
    "lists": lambda folder: {name: values.tolist() for name, values in COLUMNS.items()},
    "arrays": lambda folder: COLUMNS,
    "masked": lambda folder: {name: np.ma.array(values, mask=False) for name, values in COLUMNS.items()},
    "structured": lambda folder: _structured(COLUMNS),
    "frame": lambda folder: Frame(COLUMNS),
    "relation": lambda folder: _relation(COLUMNS),
    "parquet path": lambda folder: _parquet(COLUMNS, folder),
    "parquet words": lambda folder: str(_parquet(COLUMNS, folder)),
    "parquet folder": lambda folder: _parquet(COLUMNS, folder).parent,
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_people_are_found_in_every_kind_of_source(kind: str, tmp_path: Path) -> None:
    found = find_patterns(KINDS[kind](tmp_path), "returned", expected="expected")

    assert found.persons == PERSONS and found.yes == int(YES.sum())
    assert found.attributes == ("place", "who")
    assert found.findings[0].where == (("place", ("north",)), ("who", ("family",)))
    assert (found.members() == ((PLACE == "north") & (WHO == "family"))).all()


def test_answers_may_lie_beside_the_source_or_in_it() -> None:
    beside = find_patterns({"place": PLACE, "who": WHO}, list(YES), expected=list(EXPECTED))
    within = find_patterns(COLUMNS, "returned", expected="expected")

    assert [each.inside.sum() for each in beside.findings] == [each.inside.sum() for each in within.findings]


def _refused(source: object, **more: object) -> str:
    with pytest.raises(EvidenceError) as told:
        find_patterns(source, "returned", **more)  # type: ignore[arg-type]
    return str(told.value)


def test_a_path_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    assert "There is no file" in _refused(tmp_path / "nobody.parquet")
    assert "There is no file" in _refused("nobody.parquet")


def test_a_broken_parquet_file_is_a_sentence(tmp_path: Path) -> None:
    whole = _parquet(COLUMNS, tmp_path).read_bytes()
    for name, content in {"words": b"place,who\n", "cut": whole[: len(whole) // 2], "empty": b""}.items():
        broken = tmp_path / f"{name}.parquet"
        broken.write_bytes(content)

        assert "damaged" in _refused(broken)


def test_a_parquet_file_damaged_in_its_middle_is_a_sentence(tmp_path: Path) -> None:
    path = _parquet(COLUMNS, tmp_path)
    whole = bytearray(path.read_bytes())
    whole[4:400] = b"\xff" * 396
    path.write_bytes(bytes(whole))

    assert "damaged" in _refused(path)


def test_a_csv_file_is_told_its_way(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("place,returned\nnorth,1\n")

    assert "read_csv" in _refused(path)


def test_an_empty_folder_is_a_sentence(tmp_path: Path) -> None:
    assert "Parquet" in _refused(tmp_path)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (np.zeros((4, 2)), "names for its columns"),
        ([["north", True]], "Give a mapping"),
        (None, "Give a mapping"),
        (7, "Give a mapping"),
        ({"place": ["north"]}, "no column 'returned'"),
        ({"Returned": [True]}, "Did you mean 'Returned'"),
        ({"place": "north", "returned": [True]}, "'place' is a single thing"),
        ({"place": 7, "returned": [True]}, "'place' is a single thing"),
        ({"place": np.zeros((2, 2)), "returned": [True, False]}, "a table of its own"),
        ({"place": ["north"], "returned": [True, False]}, "one value a person"),
        ({1: ["a", "b"], "1": ["a", "b"], "returned": [True, False]}, "More than one column is called '1'"),
        (Frame(COLUMNS, ["place", "place", "returned"]), "More than one column is called 'place'"),
    ],
)
def test_what_is_no_source_is_a_sentence(source: object, wanted: str) -> None:
    assert wanted in _refused(source)


def test_a_relation_with_two_columns_of_one_name_is_a_sentence() -> None:
    twice = duckdb.connect().sql("select 1 as a, 2 as a, true as returned")

    assert "More than one column is called 'a'" in _refused(twice)


@pytest.mark.parametrize(
    "name",
    ["", " ", "a'b", 'a"b', "two\nlines", "naïve ☂ 名", "select", "drop table people; --", "a.b", "x" * 300, "1"],
)
def test_attributes_may_have_any_name(name: str) -> None:
    found = find_patterns({name: PLACE, "who": WHO, "returned": YES}, "returned", expected=EXPECTED)

    assert dict(found.findings[0].where)[name] == ("north",)
    assert "\n" not in found.sentence() and "<" not in found._repr_html_().replace("<p>", "").replace("</p>", "")


@pytest.mark.parametrize("name", ["a'b", 'a"b', "two\nlines", "naïve ☂ 名", "select", "drop table people; --", "a.b"])
def test_columns_of_a_relation_may_have_any_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    _relation(COLUMNS).project(f'place as "{name.replace(chr(34), chr(34) * 2)}", who, returned').write_parquet(
        str(path)
    )

    found = find_patterns(path, "returned", expected=EXPECTED)

    assert dict(found.findings[0].where)[name] == ("north",)


def test_a_relation_that_fails_is_a_sentence() -> None:
    failing = duckdb.connect().sql(
        "select case when range > 90 then error('no') else true end as returned, 'a' as b from range(99)"
    )

    assert "DuckDB cannot read" in _refused(failing)


NOTHING = [None, "", " ", float("nan"), np.datetime64("NaT"), np.nan]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_every_kind_of_nothing_is_unknown_and_in_no_group(nothing: object) -> None:
    place = [nothing if at % 5 == 0 else value for at, value in enumerate(PLACE)]

    found = find_patterns({"place": place, "who": WHO}, YES, expected=EXPECTED)

    assert dict(found.findings[0].where)["place"] == ("north",)
    assert not found.members()[::5].any()


def test_masked_values_are_unknown_whatever_stands_under_the_mask() -> None:
    hidden = np.arange(PERSONS) % 5 == 0
    place = np.ma.array(np.where(hidden, "under the mask", PLACE), mask=hidden)

    found: Patterns = find_patterns({"place": place, "who": WHO}, YES, expected=EXPECTED)

    assert found.findings[0].where == (("place", ("north",)), ("who", ("family",)))
    assert not found.members()[::5].any()
