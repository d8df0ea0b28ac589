"""The system says exactly what a table of everything would say: no more, and no less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from factories import drafts, joint, lattices
from upwell.evidence.disclosure.draft import Cell, Crowd
from upwell.evidence.disclosure.system import MOST_LEAVES, TooLargeError, build

SIZES = {"a": 2, "b": 2, "c": 2}


@st.composite
def tiny(draw):
    """A crowd of at most five people in three two-valued columns, and cells that restrict any of these together."""
    people = draw(st.lists(st.tuples(*[st.integers(0, 1)] * 4), min_size=1, max_size=5))
    codes = {name: [who[at] for who in people] for at, name in enumerate(SIZES)}
    crowd = drafts.crowd("c", codes, [who[3] for who in people])
    part = st.dictionaries(st.sampled_from(sorted(SIZES)), st.integers(0, 1), max_size=2)
    cells = [
        Cell("c", tuple(sorted((name, (value,)) for name, value in draw(part).items())), outcomes, draw(st.booleans()))
        for outcomes in draw(st.lists(st.sampled_from([(0,), (1,), (0, 1)]), min_size=3, max_size=8))
    ]
    return crowd, [Cell("c", (), (0, 1)), *cells]


def whole_bounds(system, shown, at):
    """Least and greatest whole count of one cell by branch and bound over the system."""
    rows = [LinearConstraint(system.counts[shown].toarray(), system.values[shown], system.values[shown])]
    if system.ties.shape[0]:
        rows.append(LinearConstraint(system.ties.toarray(), system.sums, system.sums))
    aim = system.counts[[at]].toarray()[0].astype(float)
    ends = [
        milp(sign * aim, constraints=rows, integrality=np.ones(len(aim)), bounds=Bounds(0, np.inf)) for sign in (1, -1)
    ]
    return round(ends[0].fun), round(-ends[1].fun)


@settings(max_examples=40, deadline=None)
@given(tiny(), st.randoms(use_true_random=False))
def test_bounds_are_those_of_every_possible_table_of_everything(drawn, random):
    crowd, cells = drawn
    system = build(crowd, cells)
    total = system.cells.index(Cell("c", (), (0, 1)))
    shown = [at for at in range(len(system.cells)) if at == total or random.random() < 0.6]
    printed = {system.cells[at]: int(system.values[at]) for at in shown}

    possible = joint.possible_values(crowd, printed, system.cells)

    for at, cell in enumerate(system.cells):
        assert whole_bounds(system, shown, at) == (min(possible[cell]), max(possible[cell]))


@settings(max_examples=60, deadline=None)
@given(tiny())
def test_the_true_counts_solve_their_own_equations(drawn):
    crowd, cells = drawn
    kinds = joint.kinds_of_people(crowd)
    people = [({name: int(crowd.codes[name][i]) for name in SIZES}, int(out)) for i, out in enumerate(crowd.outcome)]

    system = build(crowd, cells)

    counted = [sum(joint.counts_in(kinds, cell)[kinds.index(who)] for who in people) for cell in system.cells]
    assert system.values.tolist() == counted
    assert (system.counts @ system.leaves == system.values).all()
    assert (system.ties @ system.leaves == system.sums).all()


def test_equal_cells_are_one_variable_and_their_order_changes_nothing():
    crowd = drafts.crowd("c", {"a": [0, 1, 1]}, [0, 1, 0])
    cells = [Cell("c", (("a", (value,)),), (0, 1)) for value in (0, 1)]

    first, second = build(crowd, cells), build(crowd, [*reversed(cells), *cells])

    assert first.cells == second.cells == tuple(sorted(cells))
    assert (first.counts != second.counts).nnz == 0


def test_a_crossing_too_large_to_search_names_its_columns():
    names = [f"column {at}" for at in range(6)]
    random = np.random.default_rng(1)
    crowd = drafts.random_crowd(random, "c", 50, dict.fromkeys(names, 6), 2)
    cells = [Cell("c", tuple((name, (value,)) for name in names), (1,)) for value in range(5)]

    with pytest.raises(TooLargeError) as caught:
        build(crowd, cells)

    assert set(caught.value.columns) == set(names)
    assert MOST_LEAVES < 6**6


def test_people_counted_once_are_remembered_for_the_next_system():
    crowd = drafts.random_crowd(np.random.default_rng(1), "c", 50, {"a": 3}, 2)
    cells = [Cell("c", (("a", (value,)),), (1,)) for value in range(3)]
    memory: dict[bytes, np.ndarray] = {}

    first = build(crowd, cells, memory)
    kept = len(memory)
    second = build(crowd, cells, memory)

    assert kept == len(memory) > 0
    assert first.values.tolist() == second.values.tolist()


def test_everyone_else_and_the_group_make_up_everybody():
    crowd = drafts.random_crowd(np.random.default_rng(2), "c", 80, {"a": 3, "b": 4}, 3)
    where = (("a", (0, 2)), ("b", (1,)))
    cells = [Cell("c", where, (1,)), Cell("c", where, (1,), outside=True), Cell("c", (), (1,))]

    system = build(crowd, cells)

    persons = dict(zip(system.cells, system.values.tolist(), strict=True))
    assert persons[cells[0]] + persons[cells[1]] == persons[cells[2]]
    rows = {cell: system.counts[[at]].toarray() for at, cell in enumerate(system.cells)}
    assert (rows[cells[0]] + rows[cells[1]] == rows[cells[2]]).all()


def test_a_lattice_of_places_is_as_its_own_factory_says():
    axes = lattices.axes_of(lattices.SHAPES["XS"])
    sizes = [max(max(group) for group in axis) + 1 for axis in axes]
    people = lattices.caseload(np.random.default_rng(1), sizes, 500)
    codes = np.unravel_index(np.repeat(np.arange(len(people)), people), sizes)
    columns = {name: code.astype(np.uint8) for name, code in zip(lattices.AXES, codes, strict=False)}
    asked = lattices.system_of(axes, people)
    crowd = Crowd("lattice", np.zeros(500, np.uint8), 1, columns, dict(zip(lattices.AXES, sizes, strict=False)))

    system = build(crowd, asked.cells)

    there = {cell: int(value) for cell, value in zip(asked.cells, asked.values, strict=True)}
    assert {cell: int(value) for cell, value in zip(system.cells, system.values, strict=True)} == there
    assert system.counts.shape == asked.counts.shape
    assert sorted(system.leaves) == sorted(asked.leaves)
