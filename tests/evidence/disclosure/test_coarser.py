"""A refusal says which coarser table would do, and that table has really been through the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from factories import drafts
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.coarser import TRIES_OVER_TIME, in_a_sentence, what_would_do, without
from upwell.evidence.disclosure.draft import Cell, DraftRow, DraftTable
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.protect import Gate, protect
from upwell.evidence.errors import RefusedError

KEY = bytes(range(32))
DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)
NAMES = ("place", "age", "race")


def people(persons, seed=1, *, sizes=(12, 5, 6)):
    random = np.random.default_rng(seed)
    return drafts.random_crowd(random, "persons", persons, dict(zip(NAMES, sizes, strict=True)), 1)


def counted(crowd, names, number="t01", *, totals=False):
    """A table of counts, one row a combination of values; with totals, a row for each total of the first column too."""
    places = [(), *((code,) for code in range(crowd.sizes[names[0]]))] if totals else None
    rows = []
    for codes in np.ndindex(*(crowd.sizes[name] for name in names)):
        rows.append(_row(dict(zip(names, codes, strict=True)), names))
    for codes in np.ndindex(*(crowd.sizes[name] for name in names[1:])) if places else ():
        rows.append(_row(dict(zip(names[1:], codes, strict=True)), names))
    title = f"Persons, by {', '.join(names)}"
    return DraftTable(number, "counts", title, "", names[0], tuple(rows), split=False, columns=tuple(names))


def _row(codes, names):
    where = tuple(sorted((name, (code,)) for name, code in codes.items()))
    values = tuple(str(codes[name]) if name in codes else "" for name in names)
    return DraftRow(" ".join(values), Cell("persons", where, (0,)), values=values)


def gate(draft, rules=USUAL, *, earlier=()):
    return protect(draft, rules, earlier=earlier, key=KEY, made_on=DAY, seed=1, ledger_head=ledger.BEGINNING)


def test_a_table_that_is_too_fine_is_refused_and_a_coarser_one_named():
    crowd = people(400)
    draft = drafts.draft_of([crowd], [counted(crowd, NAMES)])

    with pytest.raises(RefusedError) as caught:
        gate(draft)

    assert caught.value.coarser
    assert f'Ask for "{caught.value.coarser[0]}"' in str(caught.value)
    assert all(title.startswith("Persons, ") for title in caught.value.coarser)


def test_what_is_named_can_really_be_shown():
    crowd = people(400)
    with pytest.raises(RefusedError) as caught:
        gate(drafts.draft_of([crowd], [counted(crowd, NAMES)]))
    names = caught.value.coarser[0].removeprefix("Persons, by ").split(", ")

    signed, _ = gate(drafts.draft_of([crowd], [counted(crowd, names)]))

    shown = [row.persons is not None for row in signed.release.tables[0].rows]
    assert sum(shown) >= len(shown) / 2


def test_where_nothing_would_do_nothing_is_named():
    crowd = people(7)

    with pytest.raises(RefusedError) as caught:
        gate(drafts.draft_of([crowd], [counted(crowd, NAMES)]))

    assert caught.value.coarser == ()
    assert "longer period" in str(caught.value)


def test_the_gate_is_asked_a_bounded_number_of_times():
    crowd = people(400)
    asked = []

    def refuse(draft):
        asked.append(draft.tables)
        raise RefusedError("No.")

    assert what_would_do(drafts.draft_of([crowd], [counted(crowd, NAMES)]), refuse) == ()
    assert 0 < len(asked) <= 8
    assert all(len(tables) == 1 for tables in asked)


def test_a_column_is_taken_out_by_joining_its_values():
    crowd = people(300)

    coarse = without(counted(crowd, NAMES), "place", crowd)

    assert coarse.columns == ("age", "race")
    assert {row.persons for row in coarse.rows} == {
        row.persons for row in counted(crowd, ("age", "race")).rows
    }  # fmt: skip
    assert coarse.title == "Persons, by age, race"


def test_a_total_that_the_table_has_is_taken_as_it_stands():
    crowd = people(300)
    table = counted(crowd, ("place", "age"), totals=True)

    coarse = without(table, "place", crowd)

    assert len(coarse.rows) == crowd.sizes["age"]
    assert {row.persons.where for row in coarse.rows} == {(("age", (code,)),) for code in range(crowd.sizes["age"])}


def test_the_last_column_leaves_everybody():
    crowd = people(300)

    coarse = without(counted(crowd, ("age",)), "age", crowd)

    assert [row.persons for row in coarse.rows] == [Cell("persons", (), (0,))]
    assert coarse.title == "Persons, all together"


def test_a_question_is_offered_without_its_answers():
    crowd = drafts.crowd("c", {"a": [0] * 20 + [1] * 20}, ([1] + [0] * 19) * 2)
    table = drafts.headline(crowd, (1,), "t01", "q")
    shown = []

    def show(draft):
        shown.append(draft.tables[0])
        return Gate(draft, USUAL, past_of(draft, ()), 1).run()

    titles = what_would_do(drafts.draft_of([crowd], [table]), show)

    assert titles == ("q: how many were asked",)
    assert shown[0].rows[0].yes is None


def test_a_table_left_out_is_said_with_the_one_that_is_shown():
    crowd = people(400)
    tables = [counted(crowd, ("age",), "t01"), counted(crowd, NAMES, "t02")]

    signed, _ = gate(drafts.draft_of([crowd], [tables[0], replace(tables[1], priority=9)]))

    note = next(note for note in signed.release.loss.coarsened if "left out" in note)
    assert note.endswith("Persons, by age is shown.")


def test_a_coarser_table_is_named_where_it_takes_the_place_of_a_finer_one():
    crowd = people(500)
    table = replace(counted(crowd, NAMES), coarser=counted(crowd, ("age",)))

    signed, _ = gate(drafts.draft_of([crowd], [table]))

    assert signed.release.tables[0].title == "Persons, by age"
    assert any("made coarser (Persons, by age)" in note for note in signed.release.loss.coarsened)


def test_titles_become_one_sentence():
    assert in_a_sentence(()) == ""
    assert in_a_sentence(("A",)) == 'Ask for "A" instead: that can be shown.'
    assert in_a_sentence(("A", "B")) == 'Ask for "A" or "B" instead: each of these can be shown.'


def test_fewer_tables_are_tried_where_each_try_is_long():
    crowd = people(400)
    asked = []

    def refuse(draft):
        asked.append(draft.tables)
        raise RefusedError("No.")

    what_would_do(drafts.draft_of([crowd], [counted(crowd, NAMES)]), refuse, tries=TRIES_OVER_TIME)

    assert len(asked) == TRIES_OVER_TIME
