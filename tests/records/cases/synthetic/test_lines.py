"""Fast rows say what slow rows would have said."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upwell.records.cases.synthetic.ages import ages_on, months_later
from upwell.records.cases.synthetic.lines import (
    FIRST_DAY,
    Field,
    day,
    hex_keys,
    key,
    moment,
    money,
    number,
    table,
    write_file,
    write_rows,
)

CODES = st.lists(st.integers(-1, 500), min_size=1, max_size=40)
LABELS = st.lists(st.text(st.characters(exclude_characters="\0\r", codec="utf-8"), max_size=8), min_size=1, max_size=5)


def written(header: list[str], cells: dict[str, Field | bytes], rows: int) -> list[list[str]]:
    file = io.BytesIO()
    write_rows(file, header, cells, rows)
    return list(csv.reader(io.StringIO(file.getvalue().decode(), newline=""), strict=True))


@given(CODES)
def test_numbers_money_and_days_read_back(codes: list[int]):
    values = np.array(codes, np.int32)

    rows = written(["a", "b", "c", "d"], {"a": number(values), "b": money(values), "d": day(values)}, len(codes))

    for code, row in zip(codes, rows, strict=True):
        blank = code < 0
        expected = (FIRST_DAY + timedelta(days=max(code, 0))).isoformat()
        assert row == ["", "", "", ""] if blank else row == [str(code), f"{code}.00", "", expected]


@given(LABELS, st.data())
def test_texts_read_back_whatever_signs_they_hold(labels: list[str], data: st.DataObject):
    index = data.draw(st.lists(st.integers(-1, len(labels) - 1), min_size=1, max_size=20))

    rows = written(
        ["before", "text"], {"before": b"x", "text": Field(table(labels), np.array(index, np.int32))}, len(index)
    )

    assert rows == [["x", "" if at < 0 else labels[at]] for at in index]


@given(st.lists(st.integers(0, 99_999_999), min_size=1, max_size=30))
def test_keys_are_different_for_different_numbers(numbers: list[int]):
    texts = key("E", np.array(numbers, np.int64))

    assert [int(text[1:]) for text in texts.texts[texts.index]] == numbers


def test_blocks_follow_each_other_without_a_seam(monkeypatch: pytest.MonkeyPatch):
    values = np.arange(100, dtype=np.int32)
    whole, pieces = io.BytesIO(), io.BytesIO()
    write_file(whole, ["n"], 100, lambda at: {"n": number(values[at])})
    monkeypatch.setattr("upwell.records.cases.synthetic.lines._BLOCK", 7)
    monkeypatch.setattr("upwell.records.cases.synthetic.lines._CHUNK", 3)

    write_file(pieces, ["n"], 100, lambda at: {"n": number(values[at])})

    assert pieces.getvalue() == whole.getvalue()
    assert whole.getvalue().startswith(b"n\n0\n1\n")


def test_a_cell_without_a_column_is_an_error():
    with pytest.raises(KeyError, match="nowhere"):
        write_rows(io.BytesIO(), ["here"], {"nowhere": b"1"}, 1)


def test_moments_lie_in_office_hours():
    (row,) = written(["at"], {"at": moment(np.array([45_000], np.int32))}, 1)

    assert row[0].startswith("2023-03-17 ")
    assert 8 <= int(row[0][11:13]) <= 16


def test_hexadecimal_keys_spell_their_bytes():
    random = np.arange(32, dtype=np.uint8).reshape(2, 16)

    assert [text.decode() for text in hex_keys(random)] == [bytes(row).hex() for row in random]


@given(st.dates(date(1901, 1, 1), date(2060, 1, 1)), st.dates(date(1901, 1, 1), date(2060, 1, 1)))
def test_ages_are_completed_years(birth: date, today: date):
    birth, today = min(birth, today), max(birth, today)
    days = [np.array([(each - FIRST_DAY).days], np.int32) for each in (today, birth)]

    assert ages_on(*days)[0] == today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(0, 24))
def test_months_later_orders_dates(one: date, other: date, months: int):
    first, second = (np.array([(each - FIRST_DAY).days], np.int32) for each in (one, other))

    later = (one.year * 12 + one.month + months, one.day)

    assert (months_later(first, months)[0] <= months_later(second, 0)[0]) == (
        later <= (other.year * 12 + other.month, other.day)
    )


def test_ids_are_as_wide_in_every_block_so_that_parents_are_found():
    few, many = key("E", np.array([7])), key("E", np.array([7, 1_000_007]))

    assert few.texts[0] == many.texts[0] == b"E00000007"
    assert many.texts[1] == b"E01000007"
