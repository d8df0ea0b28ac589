"""Suppression by boxes: the same promise as by linear programmes, for systems of many cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts, lattices
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.suppression import large
from upwell.evidence.disclosure.suppression.cross import cross_of
from upwell.evidence.disclosure.suppression.large import suppress_large
from upwell.evidence.disclosure.suppression.suppress import suppress, verify
from upwell.evidence.disclosure.system import build

EVERY = (0, 1)


def shown_of_large(system, hiding):
    """Share of the counts of 11 and more that are still shown."""
    many = system.values >= 11
    return 1.0 - (hiding.hidden & many).sum() / many.sum()


def random_lattice(seed, people=3_000):
    random = np.random.default_rng(seed)
    axes = lattices.axes_of(lattices.Shape(2, 6, int(random.integers(2, 5)), 3, 0, people))
    sizes = [max(max(group) for group in axis) + 1 for axis in axes]
    return lattices.system_of(axes, lattices.caseload(random, sizes, people))


@pytest.mark.parametrize("name", ["XS", "S", "Sd", "Md"])
def test_every_small_count_of_a_lattice_is_hidden_and_proved(name):
    system = lattices.lattice(name, 1)
    demand = lattices.demand_of(system)

    hiding = suppress_large(system, demand, seed=1)

    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([300, 3_000, 30_000]))
def test_whatever_is_called_proved_passes_the_check_by_a_product(seed, people):
    system = random_lattice(seed, people)
    demand = lattices.demand_of(system)

    hiding = suppress_large(system, demand, seed=seed)

    proved = replace(demand, primary=demand.primary & ~hiding.unproved)
    assert verify(system, proved, hiding)
    assert (hiding.hidden | ~demand.primary).all()


def test_most_large_counts_of_a_dense_lattice_stay_shown():
    system = lattices.lattice("Md", 1)

    hiding = suppress_large(system, lattices.demand_of(system), seed=1)

    assert shown_of_large(system, hiding) >= 0.79


def test_a_search_that_may_look_at_few_steps_proves_every_small_count_all_the_same(monkeypatch):
    monkeypatch.setattr(large, "STEPS_FOR_COMPANY", 1)
    monkeypatch.setattr(large, "STEPS_IN_ALL", 1)
    system = lattices.lattice("S", 1)
    demand = lattices.demand_of(system)

    hiding = suppress_large(system, demand, seed=1)

    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)


def test_a_place_that_is_traded_away_comes_back_nowhere_as_a_public_cell():
    system = lattices.lattice("Sd", 3)
    demand = lattices.demand_of(system)
    public = (np.arange(len(system.cells)) % 5 == 0) & ~demand.primary

    hiding = suppress_large(system, replace(demand, forced=public), seed=1)

    proved = replace(demand, forced=public, primary=demand.primary & ~hiding.unproved)
    assert not hiding.hidden[public].any()
    assert verify(system, proved, hiding)


def test_full_protection_leaves_every_value_possible():
    system = lattices.lattice("Sd", 2)
    demand = lattices.demand_of(system, full=True)

    hiding = suppress_large(system, demand, seed=1)

    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)


def test_the_same_seed_gives_the_same_pattern_and_witnesses():
    system = lattices.lattice("S", 3)
    demand = lattices.demand_of(system)

    first, second = (suppress_large(system, demand, seed=5) for _ in range(2))

    assert (first.hidden == second.hidden).all()
    assert (first.witnesses == second.witnesses).all()


def test_what_is_public_already_is_not_hidden():
    system = lattices.lattice("Sd", 1)
    total = np.arange(len(system.cells)) == int(system.values.argmax())
    many = system.values >= 2_000
    demand = replace(lattices.demand_of(system), forced=many | total)

    hiding = suppress_large(system, demand, seed=1)

    assert not hiding.hidden[many].any()
    assert not hiding.unproved.any()


def test_cells_that_nobody_prints_cost_nothing_and_are_never_shown():
    system = lattices.lattice("S", 1)
    silent = np.arange(len(system.cells)) % 7 == 0
    demand = replace(lattices.demand_of(system), silent=silent)

    hiding = suppress_large(system, demand, seed=1)

    assert hiding.hidden[silent].all()
    assert verify(system, demand, hiding)


def test_a_cell_without_any_way_out_is_called_unproved():
    system = lattices.lattice("XS", 1)
    small = lattices.demand_of(system).primary
    demand = replace(lattices.demand_of(system), forced=~small)

    hiding = suppress_large(system, demand, seed=1)

    assert hiding.unproved.any()
    assert (hiding.unproved <= small).all()


def test_tables_of_pairs_of_columns_are_a_cross_too():
    crowd = drafts.crowd("c", {"a": [0, 1, 2] * 60, "b": [0, 0, 1, 1] * 45}, [0, 1] * 90)
    pairs = [Cell("c", (("a", (a,)), ("b", (b,))), EVERY) for a in range(3) for b in range(2)]
    single = [Cell("c", (("a", (a,)),), EVERY) for a in range(3)]
    system = build(crowd, [Cell("c", (), EVERY), *single, *pairs, Cell("c", (), (1,))])

    cross = cross_of(system)

    assert cross is None or (cross.geometry.persons[cross.place] == system.values).all()


def test_the_counts_of_a_cross_are_the_counts_of_the_system():
    system = lattices.lattice("M", 1)

    cross = cross_of(system)

    assert (cross.geometry.persons[cross.place] == system.values).all()
    assert (np.sort(cross.leaf[cross.leaf >= 0]) == np.arange(len(system.leaves))).all()
    assert (cross.geometry.persons[cross.leaf >= 0] == system.leaves[cross.leaf[cross.leaf >= 0]]).all()


def test_a_complement_is_no_cross_and_goes_to_the_flows():
    crowd = drafts.crowd("c", {"a": [0] * 5 + [1] * 40 + [2] * 60}, [0] * 105)
    crowd = replace(crowd, sizes={"a": 3})
    cells = [Cell("c", (("a", (value,)),), EVERY) for value in range(3)]
    system = build(crowd, [Cell("c", (), EVERY), *cells, Cell("c", (("a", (1,)),), EVERY, outside=True)])
    demand = lattices.demand_of(system)

    hiding = suppress_large(system, demand, seed=1)

    assert cross_of(system) is None
    assert verify(system, demand, hiding)


def test_small_systems_are_not_searched_by_boxes():
    system = lattices.lattice("XS", 1)
    demand = lattices.demand_of(system)

    assert suppress(system, demand, seed=1).solved > 0


@pytest.mark.slow
def test_a_lattice_of_18690_cells_is_proved_whole():
    system = lattices.lattice("Ld", 1)
    demand = lattices.demand_of(system)

    hiding = suppress(system, demand, seed=1)

    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)
    assert shown_of_large(system, hiding) >= 0.74
