"""Published tables are read as people publish them, and what had to be guessed is said."""

from __future__ import annotations

import pytest

from upwell.records.tables.marks import Printed, percent, printed
from upwell.records.tables.published import Layout, published
from upwell.records.tables.sheet import TableError

LONG = "county,age,persons\nNorth,young,20\nNorth,old,<11\nNorth,Total,27\n"
WIDE = "county,young,old,both\nNorth,20,*,27\nSouth,5,6,11\nboth,25,13,38\n"


def read(text, **layout):
    return published(text.encode(), "served.csv", Layout(**layout))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("7", Printed(7)),
        ("1,234", Printed(1234)),
        ("1 234", Printed(1234)),
        ("12*", Printed(12)),
        ("12 (a)", Printed(12)),
        ("12 [1]", Printed(12)),
        ("40.0", Printed(40)),
        ("*", Printed(-1, mark="*")),
        ("S", Printed(-1, mark="S")),
        ("n/a", Printed(-1, mark="n/a")),
        ("..", Printed(-1, mark="..")),
        ("", Printed(-1, mark="")),
        ("Suppressed", Printed(-1, mark="Suppressed")),
        ("withheld (0 to 10)", Printed(-1, mark="withheld (0 to 10)")),
        ("<11", Printed(-1, 0, 10, "<11", zero_open=True)),
        ("< 5", Printed(-1, 0, 4, "< 5", zero_open=True)),
        ("fewer than 11", Printed(-1, 0, 10, "fewer than 11", zero_open=True)),
        ("1-10", Printed(-1, 1, 10, "1-10")),
        ("1 to 10", Printed(-1, 1, 10, "1 to 10")),
        ("10 or fewer", Printed(-1, 0, 10, "10 or fewer", zero_open=True)),
        ("menos de 11", Printed(-1, 0, 10, "menos de 11", zero_open=True)),
        ("10 o menos", Printed(-1, 0, 10, "10 o menos", zero_open=True)),
        ("suprimido", Printed(-1, mark="suprimido")),
        ("1.204", Printed(1204)),
        ("120a", Printed(120)),
    ],
)
def test_a_cell_is_a_count_or_a_mark_with_what_it_promises(text, meaning):
    assert printed(text) == meaning


@pytest.mark.parametrize("text", ["7.5", "-7", "seven", "12%", "10-1"])
def test_anything_else_is_neither(text):
    assert printed(text) is None


def test_a_percentage_keeps_its_decimals():
    assert percent("12.50%") == (1250, 2) and percent("7") == (7, 0) and percent("x") is None


def test_a_list_is_read_with_its_totals_and_says_what_it_took_for_granted():
    table = read(LONG)

    assert table.columns == ("county", "age")
    assert [line.values for line in table.lines] == [("North", "young"), ("North", "old"), ("North", None)]
    assert [line.printed.persons for line in table.lines] == [20, -1, 27]
    assert table.lines[1].place == "served.csv, line 3"
    assert any("--count" in sentence for sentence in table.said) and any("'<11'" in each for each in table.said)


def test_a_wide_table_finds_its_totals_by_adding_up():
    table = read(WIDE)

    counts = {line.values: line.printed.persons for line in table.lines}
    assert counts["North", None] == 27 and counts[None, "old"] == 13 and counts[None, None] == 38
    assert sum("is the total" in sentence for sentence in table.said) == 2


def test_the_word_for_totals_can_be_said():
    table = read("county,persons\nNorth,3\nState,9\n", totals=("State",))

    assert [line.values for line in table.lines] == [("North",), (None,)]


def test_all_other_is_no_total():
    table = read("county,persons\nNorth,3\nAll other,9\nAll counties,12\n")

    assert [line.values for line in table.lines] == [("North",), ("All other",), (None,)]


def test_years_are_no_counts():
    assert read("year,persons\n2023,40\n2024,50\n").columns == ("year",)


def test_percentages_stand_beside_their_count():
    table = read("county,persons,percent\nNorth,*,12.5\nTotal,56,100.0\n")

    assert table.lines[0].shares == (("percent", 125, 1),) and table.shares == (("percent", ()),)


def test_a_column_of_those_who_said_yes_is_a_part_of_the_counts():
    table = read("county,persons,housed\nNorth,40,*\n", count="persons", yes="housed")

    assert [(line.answer, line.printed.persons) for line in table.lines] == [("", 40), ("yes", -1)]


@pytest.mark.parametrize(
    ("text", "layout", "sentence"),
    [
        ("", {}, "is empty"),
        ("county,persons\n", {}, "a header and no rows"),
        ("county,persons\nNorth,3,4\n", {}, "line 2 has 3 cells and the header 2"),
        ("county,persons\nNorth,40\nSouth,few\n", {}, "line 3, column 'persons': 'few' is neither .* --hidden 'few'"),
        ("county,young,old\nNorth,4,5\n", {"by": ("county",)}, "could hold the counts. Say which: --count 'young'"),
        ("county,persons\nNorth,4\nNorth,5\n", {}, "line 3: the same combination as line 2, with another count"),
        ("county,persons\nNorth,-\nSouth,*\nEast,4\n", {}, "Say what the dash means: --hidden=- .* --zero=-"),
        ("county,persons\nNorth,4\n", {"count": "people"}, "has no column 'people'. Its columns: county, persons"),
        ("county,place\nNorth,here\n", {}, "no column holds counts"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_that_says_what_to_do(text, layout, sentence):
    with pytest.raises(TableError, match=sentence):
        read(text, **layout)


def test_what_is_not_utf_8_is_a_sentence():
    with pytest.raises(TableError, match="line 2: a letter is not UTF-8"):
        published("county,persons\nNörth,3\n".encode("latin-1"), "served.csv", Layout())


def test_an_unknown_word_for_the_total_is_found_in_a_list_too():
    table = read("condado,edad,personas\nA,nin,12\nA,may,20\nA,suman,32\nB,nin,<11\nB,may,30\nB,suman,35\n")

    assert [line.values[1] for line in table.lines] == ["nin", "may", None] * 2
    assert any("'suman' is the total" in sentence for sentence in table.said)


def test_spanish_words_for_totals_and_points_between_thousands_are_known():
    table = read("Condado;Personas\nAliso;1.204\nRoble;<11\nTodos;1.211\n")

    assert [line.values for line in table.lines] == [("Aliso",), ("Roble",), (None,)]
    assert table.lines[0].printed.persons == 1204


def test_a_title_above_and_notes_below_are_set_aside_and_said():
    text = '"Table 4. Served, by county",,\n,,\ncounty,age,persons\nA,old,*\nA,Total,24\n* hidden\n"Source: HMIS",,\n'

    table = read(text)

    assert [line.place for line in table.lines] == ["served.csv, line 4", "served.csv, line 5"]
    assert any("line 1 above the header is read as a title" in each for each in table.said)
    assert any("lines 6, 7 under the table are read as notes" in each for each in table.said)


def test_a_last_row_that_is_withheld_whole_is_no_note():
    table = read("county,young,old\nA,12,20\nB,*,30\nCedar,,\n")

    assert {line.values[0] for line in table.lines} == {"A", "B", "Cedar"}


def test_a_blank_under_a_merged_cell_says_what_stands_above_it():
    table = read("county,age,persons\nA,old,12\n,Total,30\nB,old,*\n,Total,20\nTotal,old,16\n,Total,50\n")

    assert [line.values for line in table.lines][:4] == [("A", "old"), ("A", None), ("B", "old"), ("B", None)]
    assert any("is read as the value above it" in sentence for sentence in table.said)


def test_blanks_are_totals_where_nothing_else_is_or_where_that_is_said():
    plain = read("county,persons\nA,12\n,30\n")
    said = read("county,persons\nTotal of two,12\n,30\n", totals=("",))

    assert plain.lines[1].values == said.lines[1].values == (None,)


def test_a_first_column_without_a_name_gets_one():
    assert read(",2023,2024\nA,12,*\nB,20,30\n").columns == ("first column", "column")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("county,men,women,total\nA,20,few,27\nB,14,30,44\nC,1,2,3\n", "'few' is neither a count nor a mark"),
        ("county,housed,total\nA,31 (69%),45\nB,* (26%),27\n", "a count and its share stand in one cell, '31 .69%.'"),
        ("what,n\nAge,\nold,4\nyoung,*\nRace,\nx,5\nTotal,20\n", "'Age', 'Race' stand alone in their lines"),
        (
            ",2023,,2024,\ncounty,men,women,men,women\nA,1,2,3,4\n",
            "column 3 has no name.* takes two lines, make it one",
        ),
    ],
)
def test_a_shape_that_cannot_be_read_is_refused_and_never_read_as_if_nothing_were_withheld(text, sentence):
    with pytest.raises(TableError, match=sentence):
        read(text)
