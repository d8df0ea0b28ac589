"""Suppression: small counts are hidden, and two whole-number witnesses stand behind each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factories import drafts
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.suppress import Demand, suppress, verify
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
