"""An agency's own count table: what is read, what is taken for granted and said, and what is refused in a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from upwell.records.tables import read, sheet
from upwell.records.tables.sheet import TableError
from upwell.records.tables.table import CountTable, Layout

PLAIN = "county,age,persons\nAsh,young,12\nAsh,old,7\nBirch,young,0\nBirch,old,30\n"


def table(text: str | bytes, *by: str, **more: object) -> CountTable:
    content = text if isinstance(text, bytes) else text.encode()
    return read.count_table(sheet.read(content, "t.csv"), Layout(by=by, **more))  # type: ignore[arg-type]


def counts(found: CountTable) -> dict[tuple[str, ...], int]:
    """Persons by the words of the finest columns, in the order asked for."""
    named = {}
    for row, persons in enumerate(found.persons.tolist()):
        words = tuple(each.values[each.within[found.codes[each.axis][row]]] for each in found.dimensions)
        named[words] = persons
    return named


def test_a_long_table_is_read_and_its_count_column_found_and_said() -> None:
    found = table(PLAIN, "county,age")

    assert counts(found) == {("Ash", "young"): 12, ("Ash", "old"): 7, ("Birch", "young"): 0, ("Birch", "old"): 30}
    assert found.unit == "persons"
    assert found.said == ("The counts are taken from the column 'persons'.",)


def test_without_by_every_column_that_is_no_number_is_counted_by() -> None:
    assert [each.name for each in table(PLAIN).dimensions] == ["county", "age"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n") + "\r\n\r\n",
        PLAIN.replace("Ash", '"Ash"').replace("12", '"12"'),
        PLAIN.replace("12", "12.0").replace("persons", "persons ").replace("\n", ",,\n"),
        "\n".join([PLAIN.splitlines()[0], *reversed(PLAIN.splitlines()[1:])]),
    ],
    ids=["bom", "semicolons", "tabs", "windows", "quotes", "spreadsheet", "other-order"],
)
def test_however_a_spreadsheet_writes_it_the_table_is_the_same(text: str) -> None:
    found = table(text, "county,age")

    assert counts(found) == counts(table(PLAIN, "county,age"))


def test_the_order_of_rows_and_columns_changes_no_snapshot_and_a_count_does() -> None:
    turned = "age,persons,county\nold,30,Birch\nold,7,Ash\nyoung,12,Ash\nyoung,0,Birch\n"

    assert table(turned, "county,age").snapshot == table(PLAIN, "county,age").snapshot
    assert table(PLAIN.replace("12", "13"), "county,age").snapshot != table(PLAIN, "county,age").snapshot


@pytest.mark.parametrize("written", ["1,234", "1 234", "1'234", "1\u00a0234", "1234", "1234.00"])
def test_separators_of_thousands_are_understood(written: str) -> None:
    assert counts(table(f'age,persons\nold,"{written}"\n', "age", count="persons")) == {("old",): 1234}


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("", "blank"),
        ("-3", "below 0"),
        ("3.5", "not a whole number"),
        ("1.234", "not a whole number"),
        ("*", "upwell attack"),
        ("<11", "upwell attack"),
        ("9" * 30, "larger than any count"),
    ],
)
def test_a_cell_that_is_no_count_is_named_by_line_and_never_quoted(cell: str, wanted: str) -> None:
    with pytest.raises(TableError) as told:
        table(f"age,persons\nold,12\nyoung,{cell}\n", "age", count="persons")

    assert wanted in str(told.value) and "t.csv" in str(told.value) and "line 3" in str(told.value)
    assert not cell or f" {cell}" not in str(told.value).replace("line 3", "")


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", "is empty"),
        (b"  \n\n", "is empty"),
        (b"age,persons\n", "no rows"),
        (b"PK\x03\x04rest", "save it as CSV"),
        ("age,persons\nold,1\n".encode("utf-16"), "UTF-8"),
        ("age,persons\nold,1\nm\u00e4nnlich,2\n".encode("latin-1"), "line 3"),
        (b"age,persons\nold,1,2\n", "line 2 has 3 cells"),
        (b'age,persons\nold,"1\n', "quote"),
        (b"age,age\nold,1\n", "two columns are called 'age'"),
        (b"age,,persons\nold,x,1\n", "column 2 has no name"),
    ],
    ids=["empty", "blank", "header", "xlsx", "utf16", "latin1", "ragged", "quote", "twice", "nameless"],
)
def test_a_file_that_is_no_table_is_a_sentence(content: bytes, wanted: str) -> None:
    with pytest.raises(TableError, match=wanted):
        table(content)


@pytest.mark.parametrize(
    ("by", "more", "wanted"),
    [
        ("county,agee", {}, "Did you mean 'age'"),
        ("county,zzzz", {}, "It has county, age, persons"),
        ("county,age", {"count": "people"}, "no column 'people'"),
        ("county,persons", {"count": "persons"}, "counted by and counted at once"),
        ("county", {}, "only 'age' tells them apart"),
        ("county>age,age>county", {}, "lies within itself"),
        ("county>county", {}, "lies within itself"),
        ("county>age", {}, "more than one county"),
        (",", {}, "--by county,age"),
        ("county,age", {"total": "Sum"}, "no row with 'Sum'"),
        ("county,age", {"amount": "persons"}, "add --records"),
        ("county,age", {"records": True, "count": "persons"}, "there is no --count"),
    ],
)
def test_a_layout_that_does_not_fit_is_a_sentence(by: str, more: dict[str, object], wanted: str) -> None:
    with pytest.raises(TableError, match=wanted):
        table(PLAIN, by, **more)


def test_several_columns_of_numbers_and_none_are_both_asked_about() -> None:
    with pytest.raises(TableError, match="say which one counts, --count 'persons'"):
        table("age,persons,homes\nold,1,1\n", "age")
    with pytest.raises(TableError, match="--records"):
        table("age,race\nold,x\nold,y\n", "age")
    with pytest.raises(TableError, match="line 4: blank"):
        table("age,persons\nold,1\nyoung,2\nchild,\n", "age")


def test_a_blank_value_is_asked_about() -> None:
    with pytest.raises(TableError, match="line 3: the column 'age' is blank"):
        table("age,persons\nold,1\n,2\n", "age")


def test_values_that_differ_in_capitals_alone_are_asked_about() -> None:
    with pytest.raises(TableError, match="'Old' and 'old' differ in capitals"):
        table("age,persons\nOld,1\nold,2\n", "age")


def test_a_combination_that_stands_twice_is_refused_until_it_is_said_to_add_up() -> None:
    twice = PLAIN + "Ash,old,5\n"

    with pytest.raises(TableError, match=r"lines 3 and 6 count the same combination\. Remove one"):
        table(twice, "county,age")

    assert counts(table(twice, "county,age", add_up=True))["Ash", "old"] == 12


def test_more_than_255_values_are_a_sentence_and_255_are_not() -> None:
    def rows(many: int) -> str:
        return "place,persons\n" + "".join(f"p{at},1\n" for at in range(many))

    assert len(table(rows(255), "place").dimensions[0].values) == 255
    with pytest.raises(TableError, match="256 different values, and 255"):
        table(rows(256), "place")


def test_records_are_counted_here() -> None:
    text = "county,age,housed\nAsh,old,yes\nAsh,old,no\nAsh,young,Yes\nBirch,old,no\n"

    found = table(text, "county,age", records=True, yes="housed")

    assert counts(found) == {("Ash", "old"): 2, ("Ash", "young"): 1, ("Birch", "old"): 1}
    assert found.yes is not None and found.yes.tolist() == [1, 0, 1]  # by age, then by county
    with pytest.raises(TableError, match="line 3: the column 'housed' says neither yes nor no"):
        table(text.replace("old,no\nAsh,y", "old,maybe\nAsh,y"), "county,age", records=True, yes="housed")


def test_a_person_with_several_rows_is_counted_once_or_asked_about() -> None:
    text = "id,county\n7,Ash\n7,Ash\n8,Birch\n"

    assert counts(table(text, "county", records=True, person="id")) == {("Ash",): 1, ("Birch",): 1}
    with pytest.raises(TableError, match=r"line 3: this person stands elsewhere .*'county'"):
        table(text.replace("7,Ash\n8", "7,Birch\n8"), "county", records=True, person="id")


def test_a_yes_larger_than_its_count_is_named_by_line() -> None:
    with pytest.raises(TableError, match="line 3: 'housed' is larger than 'persons'"):
        table("age,persons,housed\nold,5,5\nyoung,5,6\n", "age", count="persons", yes="housed")


def test_amounts_keep_their_rows_and_whom_they_belong_to() -> None:
    text = "id,county,dollars\n7,Birch,20\n8,Ash,500\n7,Birch,30\n"

    found = table(text, "county", records=True, amount="dollars", person="id")

    assert found.unit == "dollars"
    assert found.amounts is not None and found.amounts.tolist() == [500, 20, 30]
    assert found.people is not None and found.people.tolist() == [0, 1, 1]
    with pytest.raises(TableError, match="line 2: not a whole number"):
        table(text.replace("20", "20.5"), "county", records=True, amount="dollars")


@given(
    some.dictionaries(
        some.tuples(some.sampled_from("abc"), some.sampled_from("xyz")), some.integers(0, 10**6), min_size=1
    )
)
def test_whatever_is_written_is_what_is_read(persons: dict[tuple[str, str], int]) -> None:
    text = "one,two,n\n" + "".join(f"{one},{two},{many}\n" for (one, two), many in persons.items())

    found = table(text, "one*two", count="n")

    assert counts(found) == persons
    assert found.persons.dtype == np.int64


def test_a_point_between_thousands_is_asked_about_never_guessed() -> None:
    with pytest.raises(TableError, match=r"if the point parts thousands, write 1204 or 1,204"):
        table("age;persons\nold;1.000\nyoung;12\n", "age", count="persons")


def test_a_table_that_is_withheld_in_parts_is_told_so() -> None:
    with pytest.raises(TableError, match=r"line 2: no number\. The true counts are needed.*upwell attack"):
        table("county,age,persons\nAsh,old,<11\nAsh,young,112\n")


def test_a_column_a_group_is_told_to_become_a_list() -> None:
    with pytest.raises(TableError, match="make the table a list first: one row a combination"):
        table("county,old,young\nAsh,12,30\nBirch,40,50\n")


def test_a_merged_cell_is_told_to_be_filled() -> None:
    with pytest.raises(TableError, match="or the value above it, where a merged cell stood"):
        table("county,age,persons\nAsh,old,12\n,young,30\n", "county,age")


def test_a_title_and_notes_are_set_aside_and_said() -> None:
    read_sheet = sheet.read(f'"Served, 2025",,\n{PLAIN}"Source: our own records"\n'.encode(), "t.csv")

    assert read_sheet.lines[0] == 3 and len(read_sheet.said) == 2
    assert counts(read.count_table(read_sheet, Layout()))["Ash", "old"] == 7
