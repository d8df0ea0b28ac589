"""What a protection asks of each count: which may not be told, and how far apart its least and greatest stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from factories import drafts, lattices
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.draft import Cell, Crowd, DraftRow, DraftTable
from upwell.evidence.disclosure.history.past import Past
from upwell.evidence.disclosure.rounded import Limit
from upwell.evidence.disclosure.rules import Case, behind_of

DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)
EVERY = (0, 1)


def case(groups, rules=USUAL, *, limits=(), **more):
    """A crowd in one column "a" from (yes, no) a value, with its headline and table."""
    codes = [value for value, (yes, no) in enumerate(groups) for _ in range(yes + no)]
    outcome = [code for yes, no in groups for code in [1] * yes + [0] * no]
    crowd = replace(drafts.crowd("c", {"a": codes}, outcome, **more), sizes={"a": max(2, len(groups))})
    tables = (drafts.headline(crowd, (1,), "t01", "q"), drafts.by_table(crowd, "a", (1,), "t02", "q"))
    return Case(crowd, tables, rules, Past(), {}, limits)


def group(*codes):
    return (("a", codes),)


def primary(made):
    """Cells that may not be told."""
    system = made.system()
    return {system.cells[at] for at in np.flatnonzero(made.demand(system, USUAL.width).primary)}


def test_small_counts_may_not_be_told_and_zeros_may():
    found = primary(case([(40, 60), (4, 70), (0, 80)]))

    assert Cell("c", group(1), (1,)) in found
    assert Cell("c", group(2), (1,)) not in found
    assert Cell("c", group(0), (1,)) not in found


def test_under_full_protection_nobody_may_not_be_told_either():
    found = primary(case([(40, 60), (0, 70)], protection.load("full", DAY)))

    assert Cell("c", group(1), (1,)) in found


def test_what_one_subtraction_leaves_is_protected_where_both_counts_may_be_shown():
    made = case([(100, 60), (3, 0), (4, 0)])
    first = replace(made, tables=(made.tables[0], replace(made.tables[1], rows=made.tables[1].rows[:1])))

    assert Cell("c", group(1, 2), EVERY) in primary(first)


def test_what_is_left_by_a_count_that_stays_hidden_asks_for_nothing_more():
    made = case([(5, 0), (4, 9), (60, 60)])
    first = replace(made, tables=(replace(made.tables[1], rows=made.tables[1].rows[:2]),))

    left = set(first.system().cells) - set(first.printed)

    assert left == set()


@pytest.mark.parametrize(("name", "width", "highest"), [("hmis-agency", 3, 4), ("full", 10, 10)])
def test_a_small_count_stays_as_open_as_its_protection_says(name, width, highest):
    made = case([(40, 60), (4, 70)], protection.load(name, DAY))
    system = made.system()

    demand = made.demand(system, USUAL.width)

    at = system.cells.index(Cell("c", group(1), (1,)))
    assert (demand.width[at], demand.high[at]) == (width, highest)
    assert demand.low[at] == (0 if name == "full" else 4)


def test_totals_are_dearest_to_hide_also_in_an_agencys_own_table():
    made = case([(40, 60), (50, 70)])
    rows = (
        DraftRow("all", Cell("c", (), EVERY), values=("",)),
        DraftRow("0", Cell("c", group(0), EVERY), values=("0",)),
    )
    own = replace(made, tables=(DraftTable("t01", "counts", "T", "", "a", rows, split=False, columns=("a",)),))
    system = own.system()

    cost = dict(zip(system.cells, own.demand(system, 3).cost.tolist(), strict=True))

    assert cost[Cell("c", (), EVERY)] > 10 * cost[Cell("c", group(0), EVERY)]


def test_what_is_public_beside_the_counts_is_in_the_system():
    limit = Limit(((Cell("c", group(1), (1,)), 1),), 0, 9)
    elsewhere = Limit(((Cell("c", group(0, 1), (1,)), 1),), 0, 200)

    system = case([(40, 60), (4, 70), (3, 3)], limits=(limit, elsewhere)).system()

    assert (system.least.tolist(), system.most.tolist()) == ([0], [9])
    assert (system.bands @ system.leaves).tolist() == [4]


def test_nobody_and_everybody_in_a_sensitive_group_tell_of_each_one():
    made = case([(0, 60), (70, 0), (40, 40)], sensitive=("a",))
    values = made.system()
    counts = dict(zip(values.cells, values.values.tolist(), strict=True))

    told = [
        made.tells_of_each_one((Cell("c", group(at), (1,)), Cell("c", group(at), EVERY)), counts) for at in range(3)
    ]

    assert told == [True, True, False]
    assert {Cell("c", group(0), (1,)), Cell("c", group(1), (0,))} <= primary(made)


def test_persons_behind_counts_are_the_counts_and_behind_amounts_who_contributed():
    counts = case([(40, 60)])
    crowd = Crowd(
        "d", np.zeros(4, np.uint8), 1, {"a": np.zeros(4, np.uint8)}, {"a": 2}, amounts=np.array([5, 0, 7, 9])
    )  # fmt: skip
    table = DraftTable("t03", "counts", "T", "", "", (DraftRow("all", Cell("d", (), (0,))),), split=False)
    amounts = Case(crowd, (table,), USUAL, Past(), {})

    behind = behind_of([(counts, counts.system()), (amounts, amounts.system())])

    assert behind[Cell("c", (), EVERY)] == 100
    assert behind[Cell("d", (), (0,))] == 3


def test_a_lattice_of_thousands_of_cells_asks_no_more_than_a_few_times_its_small_counts():
    axes = lattices.axes_of(lattices.SHAPES["M"])
    sizes = [max(max(each) for each in axis) + 1 for axis in axes]
    people = lattices.caseload(np.random.default_rng(1), sizes, 20_000)
    codes = np.unravel_index(np.repeat(np.arange(len(people)), people), sizes)
    columns = {name: code.astype(np.uint8) for name, code in zip(lattices.AXES, codes, strict=True)}
    crowd = Crowd("lattice", np.zeros(20_000, np.uint8), 1, columns, dict(zip(lattices.AXES, sizes, strict=True)))
    cells = [replace(cell, where=tuple(sorted(cell.where))) for cell in lattices.system_of(axes, people).cells]
    table = DraftTable("t01", "counts", "T", "", "", tuple(DraftRow("x", cell) for cell in cells), split=False)
    made = Case(crowd, (table,), USUAL, Past(), {})

    system = made.system()

    demand = made.demand(system, 3)
    small = int(((system.values > 0) & (system.values < 11))[~demand.silent].sum())
    assert len(system.cells) < 1.2 * len(cells)
    assert small <= demand.primary.sum() <= 1.5 * small
