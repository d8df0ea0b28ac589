from __future__ import annotations

from datetime import date

import numpy as np

from factories.casetables import COLUMNS, PERIOD, cases
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.drafting.crowds import Group, group
from upwell.evidence.disclosure.drafting.steps import choices, words
from upwell.evidence.disclosure.drafting.tables import Numbering, by_column, coverage, finding_tables, series

START = date(2022, 1, 1)


def crowd_of(persons: int = 1200) -> Group:
    table = cases(persons=persons)
    return group("entries", [table.asked("jail"), table.asked("foster")], COLUMNS)[0]


def test_a_finding_is_told_with_everyone_else():
    crowd = crowd_of(persons=3000)

    own, over_time, places = finding_tables(
        crowd, crowd.sides[0], (("sex", (1,)),), start=START, threshold=11, number=Numbering()
    )

    assert [row.persons.outside for row in own.rows] == [False, True]
    assert over_time is not None and over_time.steps == "quarter"
    assert places is not None and [row.label for row in places.rows] == ["North", "South", "East"]


def test_a_finding_in_one_place_alone_gets_no_second_table_of_places():
    crowd = crowd_of()

    made = finding_tables(crowd, crowd.sides[0], (("place", (0,)),), start=START, threshold=11, number=Numbering())

    assert made[2] is None


def test_a_series_falls_back_on_coarser_steps_of_the_same_sums():
    crowd = crowd_of(persons=3000)

    table = series(crowd, crowd.sides[0], START, 11, Numbering())

    assert table is not None and table.steps == "quarter"
    assert table.coarser is not None and table.coarser.steps == "two periods"
    assert table.coarser.id == table.id


def test_steps_do_not_look_at_who_said_yes_only_at_how_many_were_asked():
    codes = np.repeat(np.arange(8, dtype=np.uint8), [50, 50, 50, 50, 50, 50, 50, 3])

    finest = choices(PERIOD, codes, START, fewest=44)

    assert [cut.name for cut in finest] == ["two periods"]
    assert finest[0].steps[0].label == "Jan 2022 to Dec 2022"


def test_steps_are_wide_enough_for_both_answers_going_by_the_total():
    few, many = cases(persons=3000, share=0.05), cases(persons=3000, share=0.4)
    names = []
    for table in (few, many):
        crowd = group("entries", [table.asked("jail")], COLUMNS)[0]
        made = series(crowd, crowd.sides[0], START, 11, Numbering())
        names.append(made.steps if made else "")

    assert names == ["two periods", "quarter"]


def test_time_in_which_nobody_could_be_asked_is_not_drawn():
    codes = np.repeat(np.arange(6, dtype=np.uint8), 60)

    finest = choices(PERIOD, codes, START, fewest=44)[0]

    assert finest.name == "quarter"
    assert finest.steps[-1].label == "Apr 2023 to Jun 2023"


def test_months_are_said_in_words():
    assert words(0, date(2021, 10, 1)) == "Oct 2021"
    assert words(3, date(2021, 10, 1)) == "Jan 2022"


def test_unknown_answers_are_a_row_of_their_own():
    crowd = crowd_of()

    table = by_column(crowd, crowd.sides[0], crowd.columns["sex"], Numbering())

    assert [(row.label, row.known) for row in table.rows] == [("women", True), ("men", True), ("not known", False)]


def test_who_could_be_counted_prints_reasons_but_no_total_that_joins_them():
    crowd = crowd_of()

    left_out = {"not asked": Cell("frame-jail", (), (1,)), "refused or unknown": Cell("frame-jail", (), (2,))}

    table = coverage(crowd, crowd.sides[0], left_out, Numbering())

    assert [row.label for row in table.rows] == ["Asked, and answered", "Not asked", "Refused or unknown"]
    assert table.rows[0].persons == crowd.cell(crowd.sides[0], ())


def test_steps_are_everybody_in_the_sums_of_the_gate_though_nobody_was_asked_in_the_last_months():
    codes = np.repeat(np.arange(1, 7, dtype=np.uint8), 60)  # nobody in the first and in the last quarter

    cuts = choices(PERIOD, codes, START, fewest=44)

    assert [cut.steps[0].label for cut in cuts] == ["Apr 2022 to Jun 2022", "Apr 2022 to Dec 2022"]
    for cut in cuts:
        values = [value for step in cut.steps for value in dict(step.where)["period"]]
        assert values == list(range(8))
