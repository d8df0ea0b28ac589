"""Of several rows of a person one counts: that of the earliest month, whatever was answered in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from factories.sources import parquet_of, relation_of
from upwell.library import find_patterns
from upwell.library.patterns import large
from upwell.library.watching import find_new

PERSONS, TIMES = 900, 3
CHANCE = np.random.default_rng(41)
WHO = np.repeat(np.arange(PERSONS), TIMES)
BEGUN = CHANCE.integers(0, 20, PERSONS)
MONTH = (BEGUN[:, None] + np.array([0, 1, 4])).ravel()  # of each person, the first row first
PLACE = CHANCE.choice(["north", "south", "east"], len(WHO))
EARLIEST = np.arange(len(WHO)) % TIMES == 0
# In first rows the trouble lies in the north; in later ones everywhere else, and far worse.
YES = CHANCE.random(len(WHO)) < np.where(EARLIEST, np.where(PLACE == "north", 0.6, 0.1), 0.9 * (PLACE != "north"))
SHUFFLED = CHANCE.permutation(len(WHO))
DAY = [f"{2024 + at // 12}-{at % 12 + 1:02d}-01" for at in MONTH]
COLUMNS: dict[str, list[object]] = {
    "who": [f"person {at}" for at in WHO[SHUFFLED]],
    "day": np.array(DAY, dtype="datetime64[D]")[SHUFFLED].tolist(),
    "place": PLACE[SHUFFLED].tolist(),
    "other": CHANCE.choice(["a", "b"], len(WHO)).tolist(),
    "returned": YES[SHUFFLED].tolist(),
    "expected": [0.125] * len(WHO),
}
KEPT = EARLIEST[SHUFFLED]
ASKED = {"person": "who", "month": "day", "attributes": ["place", "other"], "expected": "expected"}

SOURCES: dict[str, Callable[[Path], object]] = {
    "memory": lambda folder: COLUMNS,
    "relation": lambda folder: relation_of(COLUMNS),
    "parquet": lambda folder: parquet_of(COLUMNS, folder / "rows.parquet"),
}


@pytest.mark.parametrize("streamed", [False, True], ids=["held", "streamed"])
@pytest.mark.parametrize("kind", SOURCES)
def test_the_row_of_the_earliest_month_counts_in_any_order_of_rows(
    kind: str, streamed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MANY_ROWS", 100 if streamed else 10**9)

    found = find_patterns(SOURCES[kind](tmp_path), "returned", **ASKED)  # type: ignore[arg-type]

    assert (found.persons, found.yes) == (PERSONS, int(YES[EARLIEST].sum()))
    assert found.findings[0].where == (("place", ("north",)),)
    assert (found.members() == (KEPT & (PLACE == "north")[SHUFFLED])).all()
    assert any("One row a person: the first one in time." in said for said in found.said)


@pytest.mark.parametrize("streamed", [False, True], ids=["held", "streamed"])
@pytest.mark.parametrize("kind", ["memory", "parquet"])
def test_without_months_the_first_row_given_counts(
    kind: str, streamed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MANY_ROWS", 100 if streamed else 10**9)
    _, first = np.unique(np.array(COLUMNS["who"]), return_index=True)

    found = find_patterns(SOURCES[kind](tmp_path), "returned", **{**ASKED, "month": None})  # type: ignore[arg-type]

    assert found.persons == PERSONS
    assert found.yes == int(np.array(COLUMNS["returned"])[first].sum())
    assert any("the first one given" in said for said in found.said)


def test_in_one_month_the_row_that_is_given_first_counts() -> None:
    twice = {name: [value for value in values for _ in range(2)] for name, values in COLUMNS.items()}
    twice["returned"] = [answer for value in COLUMNS["returned"] for answer in (value, not value)]

    found = find_patterns(twice, "returned", **ASKED)  # type: ignore[arg-type]

    assert found.yes == int(YES[EARLIEST].sum())
    assert (found.members()[1::2] == False).all()  # noqa: E712 - of an array


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("name", ["returned", "who", "day"])
def test_a_row_without_answer_person_or_month_is_left_out_before_one_is_taken(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MANY_ROWS", 100)
    lacking = COLUMNS | {name: [None if kept else value for value, kept in zip(COLUMNS[name], KEPT, strict=True)]}
    source = {
        "memory": lambda: lacking,
        "relation": lambda: relation_of(lacking),
        "parquet": lambda: parquet_of(lacking, tmp_path / "rows.parquet"),
    }[kind]()

    found = find_patterns(source, "returned", **ASKED)  # type: ignore[arg-type]

    second = np.arange(len(WHO)) % TIMES == 1
    assert (found.persons, found.yes) == (PERSONS, int(YES[second].sum()))
    assert any(said.startswith("Rows without a") for said in found.said)


@pytest.mark.parametrize("kind", SOURCES)
def test_a_watch_counts_the_row_of_the_earliest_month(kind: str, tmp_path: Path) -> None:
    once = {name: [value for value, kept in zip(values, KEPT, strict=True) if kept] for name, values in COLUMNS.items()}
    asked = {"month": "day", "attributes": ["place", "other"], "expected": "expected", "windows": (6, 12)}

    watched = find_new(SOURCES[kind](tmp_path), "returned", person="who", now="2025-08", **asked)  # type: ignore[arg-type]
    alone = find_new(once, "returned", now="2025-08", **asked)  # type: ignore[arg-type]

    assert watched.alarms == alone.alarms
    assert watched.alarms[0].where == {"place": ("north",)}
