"""What the benchmark of the gate reckons with: its tables, its peers' inputs, and its own page."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pytest
from bench import __main__ as table
from bench.disclosure import established, exact, peers, run
from bench.disclosure.asked import ASKED
from bench.rows import Options, Row

from factories.lattices import SHAPES, axes_of, demand_of, lattice, random_lattice
from upwell.evidence.disclosure.suppression.suppress import suppress, verify

PAGE = "# Benchmarks\n\nWords.\n\n## line\n\n| a |\n\n## disclosure\n\n| b |\n\n## web\n\n| c |\n"


def test_a_section_that_was_measured_again_takes_its_old_place():
    page = table.with_section(PAGE, "disclosure", "| new |")

    assert page == PAGE.replace("| b |", "| new |")


def test_a_part_that_is_new_stands_behind_the_others_of_its_benchmark():
    page = table.with_section(PAGE, "disclosure: engine", "| new |")

    assert [line for line in page.splitlines() if line.startswith("#")] == [
        "# Benchmarks",
        "## line",
        "## disclosure",
        "## disclosure: engine",
        "## web",
    ]
    assert table.with_section(page, "disclosure: engine", "| new |") == page


def test_benchmarks_are_modules_and_packages_that_can_be_run():
    assert {"disclosure", "line", "plants", "web"} <= set(table.names())
    assert not {"site", "parts"} & set(table.names())


def test_a_row_that_is_only_reported_is_neither_met_nor_missed():
    printed = table._table([Row("aim", "reported", "3", None), Row("aim", "0", "1", False)])

    assert "| aim | reported | 3 |  |" in printed
    assert "| aim | 0 | 1 | **no** |" in printed


def test_a_part_that_does_not_exist_is_named_with_those_that_do():
    options = Options(people=1, seed=1, work=Path(), counties=1, nulls=1, parts=("speed",))

    with pytest.raises(click.UsageError, match=r"speed.*engine"):
        run(options)


def test_sizes_come_from_the_surroundings(monkeypatch):
    monkeypatch.setenv("UPWELL_BENCH_WHOLE", "7")
    monkeypatch.setenv("UPWELL_BENCH_PARTS", "engine,whole")

    assert ASKED.size("WHOLE") == 7
    assert ASKED.words("PARTS") == ("engine", "whole")


@pytest.mark.parametrize("name", ["XS", "S", "M"])
def test_the_exact_solver_is_told_sums_that_hold_and_that_join_every_cell(name):
    values = lattice(name, 1).values
    sums = exact.totals(axes_of(SHAPES[name]))

    assert all(values[whole] == values[parts].sum() for whole, parts in sums)
    assert {cell for whole, parts in sums for cell in (whole, *parts)} == set(range(len(values)))


def test_the_exact_solver_gets_every_cell_with_its_price_and_its_levels():
    system = lattice("XS", 1)
    demand = demand_of(system)

    lines = exact._problem(system, demand, axes_of(SHAPES["XS"])).splitlines()

    cells = [line.split() for line in lines[2 : 2 + len(system.values)]]
    assert [int(cell[1]) for cell in cells] == system.values.tolist()
    assert [cell[3] == "u" for cell in cells] == demand.primary.tolist()
    assert {tuple(cell[6:8]) for cell in cells if cell[3] == "u"} == {("1.000", "2.000")}


def test_peers_that_cannot_be_had_are_said_to_be_absent(monkeypatch, tmp_path):
    monkeypatch.setenv("UPWELL_BENCH_PEERS", str(tmp_path))

    with pytest.raises(peers.AbsentError, match="lacks"):
        peers.python()


def test_seven_linked_tables_add_up_and_fall_when_only_small_counts_are_hidden():
    linked = established.seven("S", 5)
    printed = established.threshold_only(linked)

    told = established.broken(linked.system, printed, 5)

    everybody = next(at for at, cell in enumerate(linked.system.cells) if not cell.where)
    assert linked.system.values[everybody] == SHAPES["S"].people
    assert told.exact > 0
    assert told.shown == told.large


@pytest.mark.parametrize("seed", range(6))
def test_random_lattices_differ_in_shape_and_count_each_cell_once(seed):
    system = random_lattice(seed, 1_000)

    assert 100 <= len(system.cells) <= 1_000
    assert len(set(system.cells)) == len(system.cells)
    assert (system.counts @ system.leaves == system.values).all()
    assert np.array_equal(random_lattice(seed, 1_000).values, system.values)


@pytest.mark.parametrize(("name", "seed"), [("Sd", 5), ("S", 5)])
def test_seven_linked_tables_are_proved_although_their_corners_lie_at_halves(name, seed):
    system = established.seven(name, seed).system
    demand = demand_of(system)

    hiding = suppress(system, demand, seed=1)

    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)
