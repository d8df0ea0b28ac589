"""The plan: what is given up next, and what never depends on the order in which things were written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.plan import Plan
from upwell.evidence.disclosure.protect import Gate
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import TooLargeError
from upwell.evidence.errors import RefusedError

USUAL = protection.load("hmis-agency", date(2026, 1, 1))


def people(persons=600, seed=1):
    return drafts.random_crowd(np.random.default_rng(seed), "c", persons, {"a": 4, "b": 3, "time": 6}, 2)


def tables(crowd):
    return [
        drafts.headline(crowd, (1,), "t01", "q"),
        drafts.by_table(crowd, "a", (1,), "t02", "q"),
        drafts.by_table(crowd, "b", (1,), "t03", "q"),
        drafts.series(crowd, (1,), "t04", "q"),
    ]


def hidden(draft):
    """Cells that are withheld; None where the draft is refused."""
    try:
        plan = Gate(draft, USUAL, past_of(draft, ()), 1).run()
    except RefusedError:
        return None
    return {cell for table in plan.tables for cell in cells_of(table)} - set(plan.shown())


def of_some(crowd, asked, rules=USUAL, *, persons=0):
    """A plan that was thinned, where every cell but those of the tables asked for has many persons."""
    plan = Plan(tables(crowd), ())
    few = {cell for table in plan.tables if table.id in asked for cell in cells_of(table)}
    everything = {cell for table in plan.tables for cell in cells_of(table)}
    thinned = plan.thin({cell: persons if cell in few else 500 for cell in everything}, rules)
    return plan, thinned


def test_tables_of_large_counts_stay():
    plan, thinned = of_some(people(), ())

    assert not thinned
    assert [table.id for table in plan.tables] == ["t01", "t02", "t03", "t04"]


def test_a_sparse_table_goes_and_a_headline_never_does():
    plan, thinned = of_some(people(), ("t01", "t02"), persons=4)

    assert thinned
    assert [table.id for table in plan.tables] == ["t01", "t03", "t04"]
    assert any("left out" in note for note in plan.said())


def test_a_series_is_made_coarser_before_it_goes():
    plan, _ = of_some(people(), ("t04",), persons=4)

    assert [len(table.rows) for table in plan.tables if table.id == "t04"] == [2]
    assert any("made coarser (two periods)" in note for note in plan.said())


def test_the_least_important_of_the_tables_that_cross_too_much_goes_first():
    crowd = people()
    where = (("a", (0,)), ("b", (1,)))
    crossing = [replace(drafts.finding(crowd, where, (1,), f"t1{at}", "q"), kind="by", priority=at) for at in range(3)]
    plan = Plan([*tables(crowd), *crossing], ())

    plan.give_up_crossing(TooLargeError("c", ("a", "b")))

    assert "t12" not in [table.id for table in plan.tables]
    assert {"t10", "t11"} <= {table.id for table in plan.tables}


def test_nothing_that_crosses_is_an_error_of_the_request():
    plan = Plan(tables(people()), ())

    with pytest.raises(TooLargeError):
        plan.give_up_crossing(TooLargeError("c", ("a", "b")))


def test_sentences_are_said_once():
    plan, _ = of_some(people(), ("t02",), persons=4)
    plan.notes += plan.notes

    assert len(plan.said()) == len(set(plan.said())) == 1


def test_what_was_drafted_is_remembered_when_its_table_goes():
    plan, _ = of_some(people(), ("t02",), persons=4)

    assert plan.drafted[Cell("c", (("a", (0,)),), (1,))] == 4


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.integers(40, 1_500))
def test_the_order_of_people_changes_nothing_of_what_is_withheld(seed, persons):
    crowd = people(persons, seed)
    order = np.random.default_rng(seed + 1).permutation(persons)
    mixed = replace(
        crowd, outcome=crowd.outcome[order], codes={name: each[order] for name, each in crowd.codes.items()}
    )  # fmt: skip

    assert hidden(drafts.draft_of([crowd], tables(crowd))) == hidden(drafts.draft_of([mixed], tables(mixed)))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_tables_changes_nothing_while_none_of_them_is_given_up(seed, random):
    crowd = people(3_000, seed)
    asked = tables(crowd)[:3]
    mixed = random.sample(asked, len(asked))

    assert hidden(drafts.draft_of([crowd], asked)) == hidden(drafts.draft_of([crowd], mixed))
