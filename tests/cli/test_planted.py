"""Whether a planted issue was found is judged by the people, not by the words."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from upwell.cli import planted
from upwell.records.cases.hmis import read
from upwell.records.cases.synthetic.plants import Plant

FLAGS = arrays(np.bool_, 40)


@given(one=FLAGS, other=FLAGS)
def test_overlap_is_one_for_the_same_people_and_the_same_both_ways(one: np.ndarray, other: np.ndarray) -> None:
    assert planted.jaccard(one, other) == planted.jaccard(other, one)
    assert 0 <= planted.jaccard(one, other) <= 1
    assert planted.jaccard(one, one) == (1.0 if one.any() else 0.0)


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("since Apr 2024", (6, planted.FOREVER)),
        ("until Sep 2024", (-planted.FOREVER, 11)),
        ("in Oct 2023", (0, 0)),
        ("from Jan 2024 to Mar 2024", (3, 5)),
    ],
)
def test_a_span_in_words_is_read_back(words: str, months: tuple[int, int]) -> None:
    assert planted._span(words, date(2023, 10, 1)) == months


def test_who_was_planted_among_is_bound_by_column_and_time(county, tmp_path) -> None:
    reading = read.read(county, key=bytes(32), work=tmp_path / "work")
    asked = reading.table.asked("exit_homeless")
    column = next(each for each in reading.table.columns if each.name == "household_type")
    plant = Plant("exit_homeless", {"household_type": ("with-children",)}, 3.0, since="2025-01-01", words="")

    inside = planted.planted(plant, asked, reading.table)

    families = np.array([value.key == "with-children" for value in column.values])[asked.codes["household_type"]]
    start = reading.table.period[0]
    assert 0 < inside.sum() < families.sum()
    assert (inside == (families & (asked.month >= (2025 - start.year) * 12 + 1 - start.month))).all()
