"""Periods as people write them."""

from datetime import date

import pytest

from upwell.cli.errors import DoorError
from upwell.cli.period import period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
        ("2025H2", date(2025, 7, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-10..2025-09", date(2024, 10, 1), date(2025, 9, 30)),
        ("2025-01-05 .. 2025-02-01", date(2025, 1, 5), date(2025, 2, 1)),
        ("2025-03-03", date(2025, 3, 3), date(2025, 3, 3)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: date, last: date) -> None:
    assert period(text) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "2025-13", "2025-Q5", "0000", "2025-02-30", "..", "2025..", "25"])
def test_anything_else_is_a_sentence(text: str) -> None:
    with pytest.raises(DoorError, match="is no period"):
        period(text)


def test_an_end_before_its_beginning_is_a_sentence() -> None:
    with pytest.raises(DoorError, match="ends before it begins"):
        period("2025..2024")
