"""Totals among the rows: found, checked against their parts, and left out."""

import pytest
from tests.records.tables.test_read import counts, table

from upwell.records.tables.sheet import TableError

WITH_TOTALS = (
    "county,age,persons\nAsh,old,7\nAsh,young,12\nAsh,Total,19\nBirch,old,30\nBirch,young,1\nBirch,Total,31\n"
    "Total,old,37\nTotal,young,13\nTotal,Total,50\n"
)
PARTS = {("Ash", "old"): 7, ("Ash", "young"): 12, ("Birch", "old"): 30, ("Birch", "young"): 1}


@pytest.mark.parametrize("word", ["Total", "TOTAL", "All", "Grand total"])
def test_totals_under_a_usual_word_are_found_checked_and_left_out(word: str) -> None:
    found = table(WITH_TOTALS.replace("Total", word), "county,age")

    assert counts(found) == PARTS
    assert found.said[-1] == f"Rows with {word!r} are totals; they agree with the sums of their parts."


def test_totals_under_a_word_of_ones_own_or_a_blank() -> None:
    assert counts(table(WITH_TOTALS.replace("Total", "Summe"), "county,age", total="summe")) == PARTS
    assert counts(table(WITH_TOTALS.replace("Total", ""), "county,age", total="")) == PARTS


def test_totals_that_contradict_their_parts_are_named_by_line_without_their_counts() -> None:
    with pytest.raises(TableError) as told:
        table(WITH_TOTALS.replace(",19", ",20").replace("Total,50", "Total,51"), "county,age")

    assert "lines 4, 10: the parts do not add up" in str(told.value)
    assert "20" not in str(told.value) and "51" not in str(told.value)


def test_a_total_of_those_who_said_yes_is_checked_too() -> None:
    text = "age,persons,housed\nold,7,3\nyoung,5,2\nTotal,12,6\n"

    with pytest.raises(TableError, match="line 4: the parts do not add up"):
        table(text, "age", count="persons", yes="housed")

    assert counts(table(text.replace(",6", ",5"), "age", count="persons", yes="housed")) == {("old",): 7, ("young",): 5}


def test_totals_over_a_column_that_is_not_counted_by_are_left_out_as_well() -> None:
    text = "county,age,persons\nAsh,old,7\nAsh,Total,7\nBirch,old,3\nBirch,Total,3\n"

    assert counts(table(text, "county")) == {("Ash",): 7, ("Birch",): 3}


def test_a_table_of_totals_alone_is_a_sentence() -> None:
    with pytest.raises(TableError, match="totals only"):
        table("county,age,persons\nAsh,Total,19\nTotal,Total,19\n", "county,age")
