"""Suppression: small counts are hidden, and two whole-number witnesses stand behind each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts, lattices
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.suppression.cleanup import give_back
from upwell.evidence.disclosure.suppression.net import net_of
from upwell.evidence.disclosure.suppression.search import Search
from upwell.evidence.disclosure.suppression.suppress import Demand, suppress, verify
from upwell.evidence.disclosure.system import build

EVERY = (0, 1)


def one_column(counts):
    """Persons by the values of one column, with their total; nobody says yes."""
    codes = np.repeat(np.arange(len(counts)), counts).tolist()
    crowd = drafts.crowd("c", {"a": [*codes]}, [0] * len(codes))
    crowd = replace(crowd, sizes={"a": len(counts)})
    cells = [Cell("c", (("a", (value,)),), EVERY) for value in range(len(counts))]
    return build(crowd, [Cell("c", (), EVERY), *cells])


def demand_for(system, *, threshold=11, width=3, full=False, forced=()):
    values = system.values
    primary = (values < threshold) & ((values > 0) | full)
    public = np.array([cell.id in forced for cell in system.cells])
    return Demand(
        primary=primary,
        forced=public,
        silent=np.zeros(len(values), dtype=bool),
        width=np.full(len(values), threshold - 1 if full else width),
        low=np.where(primary & full, 0, values),
        high=np.where(primary & full, threshold - 1, values),
        cost=2.0 + np.log1p(values),
    )


@pytest.mark.parametrize("seed", range(4))
def test_every_small_count_of_a_random_draft_is_hidden_and_proved(seed):
    draft = drafts.random_draft(seed)
    crowd = draft.crowds[0]
    rows = [row for table in draft.tables for row in table.rows if row.persons.crowd == crowd.name]
    system = build(crowd, [cell for row in rows for cell in (row.persons, row.yes, row.no)])
    demand = demand_for(system)

    hiding = suppress(system, demand, seed=seed)

    assert (hiding.hidden | ~demand.primary).all()
    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)


def test_a_second_cell_is_hidden_when_the_total_would_give_the_first_away():
    system = one_column([5, 40, 60])

    hiding = suppress(system, demand_for(system), seed=1)

    assert hiding.hidden.sum() == 2
    assert not hiding.hidden[system.cells.index(Cell("c", (), EVERY))]


def test_a_zero_may_be_the_second_cell():
    system = one_column([5, 0, 60])

    hiding = suppress(system, demand_for(system), seed=1)

    assert sorted(system.values[hiding.hidden].tolist()) == [0, 5]


def test_full_protection_leaves_every_value_from_0_to_10_possible():
    system = one_column([5, 40, 60, 30])
    demand = demand_for(system, full=True)

    hiding = suppress(system, demand, seed=1)

    small = int(np.flatnonzero(system.values == 5)[0])
    counts = system.counts @ hiding.witnesses.T
    assert counts[small].min() == 0
    assert counts[small].max() >= 10
    assert verify(system, demand, hiding)


def test_a_count_that_public_ones_give_away_stays_unproved():
    system = one_column([5, 40])
    forced = {cell.id for cell in system.cells if system.values[system.cells.index(cell)] != 5}

    hiding = suppress(system, demand_for(system, forced=forced), seed=1)

    assert hiding.unproved.sum() == 1


def test_a_witness_that_was_touched_proves_nothing():
    system = one_column([5, 40, 60])
    demand = demand_for(system)
    hiding = suppress(system, demand, seed=1)

    touched = hiding.witnesses.copy()
    touched[-1] += 1

    assert verify(system, demand, hiding)
    assert not verify(system, demand, replace(hiding, witnesses=touched))
    assert not verify(system, demand, replace(hiding, hidden=demand.primary))


def test_the_same_seed_hides_the_same_cells():
    system = one_column([5, 7, 0, 3, 40, 60, 22])

    first, second = (suppress(system, demand_for(system), seed=4) for _ in range(2))

    assert (first.hidden == second.hidden).all()
    assert (first.witnesses == second.witnesses).all()


def lattice_of(name, seed, **asked):
    system = lattices.lattice(name, seed)
    return system, lattices.demand_of(system, **asked)


def share_shown(system, hiding):
    large = system.values >= 11
    return 1 - (hiding.hidden & large).sum() / large.sum()


@pytest.mark.parametrize("seed", range(3))
def test_a_small_lattice_keeps_its_floor_of_large_counts(seed):
    system, demand = lattice_of("XSd", seed)

    hiding = suppress(system, demand, seed=seed)

    assert verify(system, demand, hiding)
    assert share_shown(system, hiding) > 0.75


def test_a_lattice_of_924_cells_is_proved_and_keeps_its_floor():
    system, demand = lattice_of("Sd", 1)

    hiding = suppress(system, demand, seed=1)

    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)
    assert share_shown(system, hiding) > 0.80


def test_full_protection_of_a_lattice_is_proved():
    system, demand = lattice_of("XS", 1, full=True)

    hiding = suppress(system, demand, seed=1)

    assert not hiding.unproved.any()
    assert verify(system, demand, hiding)


def test_giving_back_shows_more_and_proves_the_same():
    system, demand = lattice_of("XS", 1)
    search = Search(net_of(system), demand, 1)
    search.buy(~demand.forced)
    bought = search.hidden.copy()

    give_back(search, 10**6)

    assert (search.hidden <= bought).all()
    assert search.hidden.sum() < bought.sum()
    assert not search.known().unproved.any()


def test_nothing_is_given_back_where_there_is_no_work_to_spend():
    system, demand = lattice_of("XS", 1)
    search = Search(net_of(system), demand, 1)
    search.buy(~demand.forced)
    bought = search.hidden.copy()

    give_back(search, -1)

    assert (search.hidden == bought).all()


def test_forced_cells_are_shown_and_silent_ones_are_not():
    system, demand = lattice_of("XS", 1)
    large = np.flatnonzero(system.values > 100)
    number = np.arange(len(system.values))
    demand = replace(demand, forced=np.isin(number, large[::2]), silent=np.isin(number, large[1::6]))

    hiding = suppress(system, demand, seed=1)

    assert not hiding.hidden[demand.forced].any()
    assert hiding.hidden[demand.silent].all()


def test_a_witness_that_breaks_a_band_is_no_witness():
    system = one_column([5, 40, 60])
    demand = demand_for(system)
    hiding = suppress(system, demand, seed=1)

    small = int(np.flatnonzero(system.values == 5)[0])
    banded = replace(system, bands=system.counts[[small]], least=np.array([5]), most=np.array([5]))

    assert verify(system, demand, hiding)
    assert not verify(banded, demand, hiding)
    assert suppress(banded, demand, seed=1).unproved.sum() == 1


def test_the_search_stays_within_a_band_that_leaves_room():
    system = one_column([5, 40, 60])
    demand = demand_for(system)
    small = int(np.flatnonzero(system.values == 5)[0])
    banded = replace(system, bands=system.counts[[small]], least=np.array([3]), most=np.array([7]))

    hiding = suppress(banded, demand, seed=1)

    counts = (system.counts @ hiding.witnesses.T)[small]
    assert not hiding.unproved.any()
    assert verify(banded, demand, hiding)
    assert counts.min() >= 3
    assert counts.max() <= 7


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=7), st.booleans(), st.integers(1, 9))
def test_whatever_the_counts_each_small_one_is_proved_or_said_to_be_open(counts, full, width):
    system = one_column([*counts, 30])
    demand = demand_for(system, full=full, width=width)

    hiding = suppress(system, demand, seed=2)

    assert (hiding.hidden | ~demand.primary).all()
    assert verify(system, demand, hiding) == (not hiding.unproved.any())
