"""The same people give the same answer: however they are held, split, ordered and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from factories.sources import parquet_of, relation_of
from upwell.library import find_patterns
from upwell.library.patterns import Patterns, large

PERSONS = 6_000
CHANCE = np.random.default_rng(31)
PLACE = CHANCE.choice(["north", "south", "east", "west"], PERSONS, p=[0.2, 0.3, 0.35, 0.15])
WHO = CHANCE.choice(["alone", "couple", "family"], PERSONS, p=[0.5, 0.2, 0.3])
KIND = CHANCE.choice(["shelter", "street", "hotel", "car", "tent"], PERSONS, p=[0.3, 0.1, 0.25, 0.2, 0.15])
DAY = np.datetime64("2023-01-15") + CHANCE.integers(0, 1_000, PERSONS)
PLANTED = np.isin(PLACE, ["north", "west"]) & (WHO == "family")
EXPECTED = np.where(WHO == "alone", 0.125, 0.1875)  # the same in single and in double precision
YES = CHANCE.random(PERSONS) < np.where(PLANTED, 0.45, EXPECTED)
COLUMNS: dict[str, list[object]] = {
    "place": [None if at % 40 == 0 else value for at, value in enumerate(PLACE.tolist())],
    "who": WHO.tolist(),
    "kind": KIND.tolist(),
    "day": DAY.tolist(),
    "returned": YES.tolist(),
    "expected": EXPECTED.tolist(),
}
KNOWN = {"expected": "expected", "month": "day"}
FITTED = {"attributes": ["place", "who", "kind"], "month": "day"}


def _in_groups(rows: int) -> Callable[[Path], object]:
    """A Parquet file in row groups of about so many rows."""

    def written(folder: Path) -> object:
        relation_of(COLUMNS).write_parquet(str(folder / "people.parquet"), row_group_size=rows)
        return folder / "people.parquet"

    return written


def _in_files(*ends: int) -> Callable[[Path], object]:
    """A folder of Parquet files that are cut at these rows."""

    def written(folder: Path) -> object:
        for at, (begin, end) in enumerate(zip((0, *ends), (*ends, PERSONS), strict=True)):
            parquet_of({name: values[begin:end] for name, values in COLUMNS.items()}, folder / f"part-{at}.parquet")
        return folder

    return written


def _of_a_query(folder: Path) -> object:
    """A relation that DuckDB reckons anew when it is read."""
    _in_groups(2_048)(folder)
    return duckdb.connect().sql(f"select * from read_parquet('{folder}/people.parquet') where who <> 'nobody'")


SPLIT: dict[str, Callable[[Path], object]] = {
    "groups of 2,048": _in_groups(2_048),
    "one group": _in_groups(122_880),
    "three uneven files": _in_files(7, 4_100),
    "relation": lambda folder: relation_of(COLUMNS),
    "query": _of_a_query,
}


def _told(found: Patterns) -> list[tuple[object, ...]]:
    """All that is whole in an answer; scores and interval apart, which follow the precision of what was expected."""
    return [
        (f.where, f.persons, f.yes, f.p_from, f.months, f.onset, f.persists, f.merged, f.season and f.season.told)
        for f in found.findings
    ]


def _assert_same(one: Patterns, other: Patterns) -> None:
    assert other.findings and _told(one) == _told(other)
    assert (one.members() == other.members()).all()
    for a, b in zip(one.findings, other.findings, strict=True):
        assert (a.score, a.expected, a.excess_low) == pytest.approx((b.score, b.expected, b.excess_low), rel=1e-6)
        assert (a.p is None) == (b.p is None) and (a.p or 0.0) == pytest.approx(b.p or 0.0, rel=1e-4)


@pytest.fixture(scope="module")
def known() -> Patterns:
    return find_patterns(COLUMNS, "returned", **KNOWN)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def fitted() -> Patterns:
    return find_patterns(COLUMNS, "returned", **FITTED)  # type: ignore[arg-type]


@pytest.mark.parametrize("streamed", [False, True], ids=["held", "streamed"])
@pytest.mark.parametrize("kind", SPLIT)
def test_how_rows_are_split_into_blocks_changes_nothing(
    kind: str, streamed: bool, known: Patterns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MANY_ROWS", 100 if streamed else 10**9)

    found = find_patterns(SPLIT[kind](tmp_path), "returned", **KNOWN)  # type: ignore[arg-type]

    _assert_same(found, known)


@pytest.mark.parametrize("kind", ["groups of 2,048", "three uneven files"])
def test_a_fitted_baseline_does_not_mind_the_blocks_either(
    kind: str, fitted: Patterns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MANY_ROWS", 100)

    found = find_patterns(SPLIT[kind](tmp_path), "returned", **FITTED)  # type: ignore[arg-type]

    _assert_same(found, fitted)


def _renamed(rng: np.random.Generator, values: list[object]) -> tuple[list[object], dict[object, object]]:
    """Other names, in another order of the alphabet, and what each was."""
    words = sorted({value for value in values if value is not None}, key=str)
    new = [f"v{number}" for number in rng.permutation(len(words))]
    names = dict(zip(words, new, strict=True))
    return [None if value is None else names[value] for value in values], {b: a for a, b in names.items()}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=some.integers(0, 2**31))
def test_the_order_of_rows_and_the_names_of_columns_and_values_change_nothing(seed: int, known: Patterns) -> None:
    rng = np.random.default_rng(seed)
    order = rng.permutation(PERSONS)
    names = dict(zip(("place", "who", "kind"), rng.permutation(["a", "m", "z"]).tolist(), strict=True))
    turned: dict[str, list[object]] = {}
    was: dict[str, dict[object, object]] = {}
    for name in rng.permutation(list(COLUMNS)).tolist():
        values = [COLUMNS[name][at] for at in order]
        if name in names:
            values, was[name] = _renamed(rng, values)
        turned[names.get(name, name)] = values

    found = find_patterns(turned, "returned", **KNOWN)  # type: ignore[arg-type]

    old = {new: name for name, new in names.items()}
    where = [
        sorted((old[name], tuple(sorted(str(was[old[name]][word]) for word in words))) for name, words in each.where)
        for each in found.findings
    ]
    assert where == [[(name, tuple(sorted(words))) for name, words in each.where] for each in known.findings]
    assert (found.members() == known.members()[order]).all()
    for a, b in zip(found.findings, known.findings, strict=True):
        assert (a.persons, a.yes, a.p_from, a.months, a.onset) == (b.persons, b.yes, b.p_from, b.months, b.onset)
        assert (a.score, a.p or 0.0) == pytest.approx((b.score, b.p or 0.0), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_other_orders_of_rows_find_the_same_group_against_a_fitted_baseline(seed: int, fitted: Patterns) -> None:
    order = np.random.default_rng(seed).permutation(PERSONS)
    turned = {name: [values[at] for at in order] for name, values in COLUMNS.items()}

    found = find_patterns(turned, "returned", **FITTED)  # type: ignore[arg-type]

    # Who is fitted with whom, and the worlds drawn, go by the row: the size moves a little, the group does not.
    assert found.findings[0].where == fitted.findings[0].where
    assert (found.members() == fitted.members()[order]).all()
    assert found.findings[0].expected == pytest.approx(fitted.findings[0].expected, rel=0.02)
