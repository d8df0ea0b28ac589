"""The auditor finds what can be found, and says nothing of what cannot."""

from __future__ import annotations

import ast
import importlib
import inspect
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from factories import drafts, joint
from factories.lattices import lattice
from upwell.evidence.disclosure.attacking.attack import Public, Whole, attack, attack_whole
from upwell.evidence.disclosure.attacking.corners import Walk
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.history.past import past_of
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


def lattice_public(name, hidden):
    """A lattice of tables with everything shown but what `hidden` marks, as its readers have it."""
    system = lattice(name, 3)
    shown = np.where(hidden(system.values), -1, system.values)
    names = tuple(str(at) for at in range(len(shown)))
    return system, Public(names, shown, system.counts, system.ties, system.sums)


def is_small(values):
    return (values > 0) & (values < 11)


@pytest.mark.parametrize("name", ["XS", "S", "Sd"])
def test_a_table_that_hides_small_counts_alone_gives_many_of_them_away(name):
    _, small_alone = lattice_public(name, is_small)

    report = attack(small_alone, width=3, seed=1)

    assert len(report.exact) >= 0.26 * len(report.names) > 5
    assert set(report.sums) <= set(report.exact)


def test_what_the_auditor_says_of_a_large_table_holds_of_the_true_one():
    chance = np.random.default_rng(5)
    system, partly = lattice_public("M", lambda values: is_small(values) | (chance.random(len(values)) < 0.3))

    report = attack(partly, width=10**6, seed=2)

    truth = system.values[partly.shown < 0]
    assert (report.low <= truth).all() and (truth <= report.high).all()
    assert report.effort.left == 0


def test_whoever_knows_that_zeros_are_always_printed_knows_more():
    hidden = public([3, -1, -1, -1], [[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    floor = np.array([0, 1, 1, 1])

    assert attack(hidden, width=3, seed=1).exact == ()
    assert len(attack(hidden, width=3, seed=1, floor=floor).exact) == 3


def test_whoever_knows_that_nothing_but_small_counts_is_hidden_knows_more():
    hidden = public([20, -1, -1], [[1, 1], [1, 0], [0, 1]])
    ceiling = np.array([-1, 10, 10])

    assert attack(hidden, width=3, seed=1).exact == ()
    assert len(attack(hidden, width=3, seed=1, ceiling=ceiling).exact) == 2


def test_a_printed_share_that_leaves_a_count_one_value_is_found():
    # 12.5 % of 56, rounded to one decimal, is 7 and nothing else: 200 x 10 x part - 249 x whole and 251 the other way.
    parts = sparse.csr_matrix([[1, 1], [1, 0]])
    bands = sparse.csr_matrix([[2000 - 249, -249], [251 - 2000, 251]])
    nothing = sparse.csr_matrix((0, 2))
    far = np.full(2, 2**50)
    printed = Public(("all", "yes"), np.array([56, -1]), parts, nothing, np.zeros(0), bands, np.zeros(2), far)

    report = attack(printed, width=3, seed=1)

    assert (report.low.tolist(), report.high.tolist()) == ([7], [7])
    assert report.sums == ()


def two_triangles():
    """Six groups whose pairs, each with somebody else, are one person: halves fit three of them, persons only two.

    Their sum is hidden; with ten others at the most it makes twelve, so that it is at least two.
    """
    rows = np.zeros((9, 14), dtype=int)
    for at, (one, two) in enumerate([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)]):
        rows[at, [one, two, 6 + at]] = 1
    rows[6, [*range(6), 12]] = 1
    rows[7, [12, 13]] = 1
    rows[8, :6] = 1
    return public([1] * 6 + [12, 10, -1], rows)


def test_a_count_that_follows_from_whole_numbers_alone_is_found_when_asked_for():
    report = attack(two_triangles(), width=3, seed=1)

    assert (report.low.tolist(), report.high.tolist()) == ([2], [3])
    assert attack_whole(two_triangles(), [8]) == (Whole(2, 2, True),)


def test_whole_numbers_are_never_told_more_narrowly_than_they_lie():
    system, small_alone = lattice_public("XS", is_small)
    cells = np.flatnonzero(small_alone.shown < 0)[:12]

    for cell, found in zip(cells, attack_whole(small_alone, cells.tolist()), strict=True):
        assert found.least <= system.values[cell] <= found.greatest and found.proved


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whole_numbers_are_told_exactly(data):
    """Every table of up to three persons in three places, tried one by one."""
    parts = np.array(data.draw(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=1, max_size=3)))
    people = np.array(data.draw(st.lists(st.integers(0, 3), min_size=3, max_size=3)))
    shown = np.concatenate([[people.sum()], parts @ people, [-1]])
    rows = np.vstack([np.ones(3, dtype=int), parts, [1, 0, 0]])

    (found,) = attack_whole(public(shown, rows), [len(shown) - 1])

    most = int(people.sum()) + 1
    tables = np.stack(np.meshgrid(*[np.arange(most)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    fits = tables[((tables @ rows[:-1].T) == shown[:-1]).all(axis=1)]
    assert (found.least, found.greatest) == (fits[:, 0].min(), fits[:, 0].max())


def test_the_same_seed_gives_the_same_report():
    _, small_alone = lattice_public("S", lambda values: is_small(values) | (np.arange(len(values)) % 5 == 0))

    first, second = (attack(small_alone, width=3, seed=9) for _ in range(2))

    assert first.low.tolist() == second.low.tolist() and first.high.tolist() == second.high.tolist()
    assert first.effort == second.effort


def test_a_count_that_nothing_bounds_stays_open():
    report = attack(public([-1, -1], [[1, 1], [1, 0]]), width=3, seed=1)

    assert report.exact == () and report.narrower_than(1000) == ()


AUDITOR = ("attack", "corners", "dependence", "facts", "proof", "sums", "explain")


@pytest.mark.parametrize("name", AUDITOR)
def test_the_auditor_knows_nothing_of_the_gate_but_errors(name):
    """Only its own modules and the published form of a table: what the search believes, the auditor has to find out."""
    found = importlib.import_module(f"upwell.evidence.disclosure.attacking.{name}")

    tree = ast.parse(inspect.getsource(found))

    used = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {
        module.removeprefix("upwell.evidence.disclosure.attacking.") for module in used if module.startswith("upwell")
    }
    assert ours <= set(AUDITOR)
