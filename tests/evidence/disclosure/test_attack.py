"""The auditor finds what can be found, and says nothing of what cannot."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from factories import drafts, joint
from upwell.evidence.disclosure.attack import Public, attack
from upwell.evidence.disclosure.corners import Walk
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.past import past_of
from upwell.evidence.disclosure.protect import Gate, public_of
from upwell.evidence.disclosure.protection import load
from upwell.evidence.disclosure.system import build


def public(shown, parts, ties=None):
    parts = sparse.csr_matrix(np.array(parts))
    ties = sparse.csr_matrix((0, parts.shape[1])) if ties is None else sparse.csr_matrix(np.array(ties))
    names = tuple(f"cell {at}" for at in range(parts.shape[0]))
    return Public(names, np.array(shown), parts, ties, np.zeros(ties.shape[0], dtype=np.int64))


def test_one_hole_in_a_total_is_no_hole():
    report = attack(public([20, 12, -1], [[1, 1], [1, 0], [0, 1]]), width=3, seed=1)

    assert report.exact == ("cell 2",) == report.sums
    assert report.low.tolist() == report.high.tolist() == [8]


def test_two_holes_hide_each_other():
    report = attack(public([20, -1, -1], [[1, 1], [1, 0], [0, 1]]), width=3, seed=1)

    assert report.exact == ()
    assert report.narrower_than(20) == ()


def test_nobody_is_counted_below_zero():
    # A total of 2 leaves its two hidden parts three values each.
    report = attack(public([2, -1, -1], [[1, 1], [1, 0], [0, 1]]), width=3, seed=1)

    assert report.low.tolist() == [0, 0]
    assert report.high.tolist() == [2, 2]
    assert set(report.narrower_than(3)) == {"cell 1", "cell 2"}


def test_what_follows_from_the_floor_of_zero_alone_is_found_though_no_sum_gives_it():
    report = attack(public([0, -1, -1], [[1, 1], [1, 0], [0, 1]]), width=3, seed=1)

    assert set(report.exact) == {"cell 1", "cell 2"}
    assert report.sums == ()


def test_counts_that_contradict_each_other_are_said_to():
    with pytest.raises(ValueError, match="contradict"):
        attack(public([5, 9, -1], [[1, 1], [1, 0], [0, 1]]), width=3, seed=1)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_possible_count_lies_outside_what_the_auditor_says(data):
    people = data.draw(st.lists(st.tuples(*[st.integers(0, 1)] * 3), min_size=2, max_size=6))
    crowd = drafts.crowd("c", {"a": [p[0] for p in people], "b": [p[1] for p in people]}, [p[2] for p in people])
    wheres = [(), (("a", (0,)),), (("b", (1,)),), (("a", (0,)), ("b", (1,)))]
    cells = [Cell("c", where, outcomes) for where in wheres for outcomes in ((0, 1), (1,), (0,))]
    system = build(crowd, cells)
    total = system.cells.index(Cell("c", (), (0, 1)))
    hidden = np.array([at != total and data.draw(st.booleans()) for at in range(len(system.cells))])
    shown = np.where(hidden, -1, system.values)
    printed = {system.cells[at]: int(system.values[at]) for at in np.flatnonzero(~hidden)}

    names = tuple(cell.id for cell in system.cells)
    report = attack(Public(names, shown, system.counts, system.ties, system.sums), width=10, seed=3)

    possible = joint.possible_values(crowd, printed, [cell for cell in system.cells if cell not in printed])
    told = {name: (low, high) for name, low, high in zip(report.names, report.low, report.high, strict=True)}
    for cell, counts in possible.items():
        assert told[cell.id][0] <= min(counts)
        assert max(counts) <= told[cell.id][1]
        if cell.id in report.exact:
            assert len(counts) == 1


def test_an_interval_is_measured_until_it_holds_as_many_whole_counts_as_asked():
    low, high, nothing = np.array([7.2, 7.0]), np.array([10.3, 10.0]), np.full(2, np.inf)
    walk = Walk(low, high, -nothing, nothing)

    assert walk.narrow(3).tolist() == [True, False]  # 8, 9, 10; and 7, 8, 9, 10


def test_the_auditor_does_not_stop_at_a_fraction():
    # Seed of a random draft in which a first extreme ended between whole counts, three persons wide but two in wholes.
    draft, rules = drafts.random_draft(3_000_898, sparse=True), load("hmis-agency", date(2026, 1, 1))
    plan = Gate(draft, rules, past_of(draft, ()), 3_000_898).run()

    for side in plan.done.values():
        report = attack(public_of(side), width=rules.width, seed=10_778_675)
        protected = side.demand.primary[side.hiding.hidden]
        assert not (protected & (report.high - report.low < rules.width)).any()
