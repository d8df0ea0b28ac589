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
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.plan import Plan
from upwell.evidence.disclosure.protect import Gate, protect
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import TooLargeError, build
from upwell.evidence.errors import RefusedError

DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)


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


def many_tables():
    """A crowd with its headline and twenty tables beside it, none of which shows a total."""
    crowd = people()
    beside = [replace(drafts.by_table(crowd, "a", (1,), f"t{at}", "q"), priority=at) for at in range(10, 30)]
    return crowd, [drafts.headline(crowd, (1,), "t01", "q"), *beside]


def test_rounds_that_go_on_give_up_more_tables_each_and_the_least_important_first():
    _, asked = many_tables()
    plan = Plan(asked, ())
    left = []

    while len(plan.tables) > 1:
        plan.make_room_for_a_total()
        left.append([table.id for table in plan.tables])

    assert [len(each) - 1 for each in left] == [19, 18, 17, 16, 14, 10, 2, 0]
    assert all(each == [table.id for table in asked[: len(each)]] for each in left)


def test_when_nothing_but_a_hidden_total_is_left_it_is_refused():
    plan = Plan(tables(people())[:1], ())

    with pytest.raises(RefusedError, match="longer period"):
        plan.make_room_for_a_total()


@pytest.mark.parametrize(("also_small", "refused"), [(True, True), (False, False)])
def test_totals_that_may_never_be_shown_are_refused_before_anything_is_given_up(also_small, refused):
    crowd, other = people(), replace(people(), name="d")
    plan = Plan([*tables(crowd), drafts.headline(other, (1,), "t11", "r")], ())
    never = {Cell("c", (), (0, 1))} | ({Cell("d", (), (0, 1))} if also_small else set())

    if refused:
        with pytest.raises(RefusedError, match="Not even the totals"):
            plan.refuse_without_total(never)
    else:
        plan.refuse_without_total(never)

    assert plan.notes == []


def test_a_count_of_the_past_that_would_fall_blames_the_table_that_tells_of_its_group():
    crowd = people()
    plan = Plan(tables(crowd), ())
    system = build(crowd, cells_of(plan.tables[1]))
    then = replace(system, cells=tuple(replace(cell, crowd="0+:c") for cell in system.cells))

    plan.give_up_touching("c", then, np.ones(len(then.cells), dtype=bool))

    assert [table.id for table in plan.tables] == ["t01", "t03", "t04"]


def after(first, second):
    """The gate before a second draft, with the first in the ledger."""
    made = protect(first, USUAL, earlier=(), key=bytes(32), made_on=DAY, seed=1, ledger_head=ledger.BEGINNING)
    return Gate(second, USUAL, past_of(second, [made[1]]), 1)


def test_one_who_left_since_is_refused_before_anything_is_searched_for():
    crowd = people()
    fewer = replace(
        crowd, outcome=crowd.outcome[1:], codes={name: codes[1:] for name, codes in crowd.codes.items()}
    )  # fmt: skip
    later = drafts.draft_of([fewer], tables(fewer), meta={"snapshot": "a month later"})
    gate = after(drafts.draft_of([crowd], tables(crowd)), later)

    with pytest.raises(RefusedError, match="Not even the totals"):
        gate.run()

    assert gate.plan.done == {}
    assert gate.plan.notes == []


def test_a_crowd_that_no_table_prints_is_not_held_against_its_past():
    crowd, other = people(), replace(people(seed=2), name="d")
    both = [drafts.headline(crowd, (1,), "t01", "q"), drafts.by_table(other, "a", (1,), "t02", "r")]
    gate = after(drafts.draft_of([crowd, other], both), drafts.draft_of([crowd, other], both[:1]))

    assert list(gate.run().done) == ["c"]


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
