"""The bench of the search: what it writes, how it judges, what it says of peers that are not there."""

from __future__ import annotations

import duckdb
import pytest
from bench.peers import AbsentError
from bench.rows import Options
from bench.scan import PARTS, beside, nulls, quality, run, speed
from bench.scan.asked import ASKED
from bench.scan.beside import Ran
from bench.scan.files import Made, jaccard, made

from upwell.records.cases.synthetic.rows import NAMES, Recipe, rows

RECIPE = Recipe(3_000, seed=1, shape="sets", planted=300)


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Made:
    return made(RECIPE, tmp_path_factory.mktemp("made"))


def test_a_file_holds_the_records_in_order(file):
    records = rows(RECIPE)

    held = duckdb.sql(f"SELECT * FROM read_parquet('{file.path}')").fetchnumpy()

    assert list(held) == [*NAMES, "county", "yes", "expected"]
    assert held["yes"].tolist() == records.yes.tolist()
    assert [int(word.split()[1]) for word in held["tract"]] == records.codes[-1].tolist()
    assert [int(word.split()[1]) for word in held["county"]] == (records.codes[-1] // 5).tolist()


def test_the_planted_subset_is_all_of_itself(file):
    assert jaccard(file, file.plant) == 1.0


def test_half_of_a_subset_overlaps_by_half_or_so(file):
    name = next(iter(file.plant))
    looser = {each: held for each, held in file.plant.items() if each != name}

    assert 0 < jaccard(file, looser) < 1


def test_nothing_found_overlaps_with_nothing(file):
    assert jaccard(file, {}) == 0.0


def test_absent_peers_are_told_and_not_measured(file, monkeypatch, tmp_path):
    monkeypatch.setenv("UPWELL_BENCH_PEERS_SCAN", str(tmp_path))

    with pytest.raises(AbsentError, match="lacks"):
        beside.peer("peer_mdss.py", file.path, "1", "1")


def test_a_miss_is_a_miss(file):
    one = speed.Measured(
        Made(file.path, Recipe(1_000_000, 1), file.plant), Ran(1, 1), Ran(1, 1),
        Ran(2.0, 1, subset=file.plant), [Ran(5.0, 1, subset=file.plant), Ran(7.0, 1, subset=file.plant)],
    )  # fmt: skip

    (row,) = [row for row in speed._rows(one) if "aif360" in row.aim]

    assert row.met is False
    assert row.figure.startswith("3.0x: 6.0 CPU s, mean of 2 (5.0 to 7.0)")


def test_a_peer_that_does_not_end_leaves_its_aim_unmeasured(file):
    recipe = Recipe(100_000, 1)
    one = speed.Measured(
        Made(file.path, recipe, file.plant), Ran(1, 1), Ran(1, 1), Ran(2, 1), [Ran(9, 1, failed="late")]
    )

    assert [row.met for row in speed._rows(one)] == [None, None]


def test_fewer_files_than_asked_meet_no_aim(monkeypatch):
    monkeypatch.setenv("UPWELL_BENCH_FILES", "2")
    told = quality.Told(10, [1.0, 1.0], [0.1, 0.1], {1.0: [True, True]})

    found = quality._rows(100_000, told)

    assert [row.met for row in found] == [False, False, False]
    assert "fewer files than asked" in found[0].figure


def test_all_files_meet_the_aims_where_ours_is_better():
    told = quality.Told(10, [1.0] * 20, [0.1] * 20, {1.0: [True] * 19 + [False]})

    assert [row.met for row in quality._rows(100_000, told)] == [True, True, True]


def test_sizes_come_from_the_surroundings(monkeypatch):
    monkeypatch.setenv("UPWELL_BENCH_SIZES", "10,20")

    assert ASKED.sizes("SIZES") == (10, 20)
    assert not ASKED.usual("SIZES")


def test_an_unknown_part_is_refused(tmp_path):
    with pytest.raises(Exception, match="There are: speed"):
        run(Options(1, 1, tmp_path, 1, 1, ("nonsense",)))


def test_every_part_can_be_run():
    import importlib  # noqa: PLC0415 - named by what is tested

    assert all(callable(importlib.import_module(f"bench.scan.{part}").run) for part in PARTS)


@pytest.mark.parametrize("kind", nulls.KINDS)
def test_every_kind_of_null_can_be_made(kind):
    records = rows(nulls.KINDS[kind])

    assert not records.inside.any()
