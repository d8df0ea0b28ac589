"""Values in the order in which people read them, whatever order they come in."""

from hypothesis import given
from hypothesis import strategies as some

from upwell.records.tables.order import ordered

AGES = ("Under 5", "5-17", "18-24", "25 to 64", "65+", "Over 80", "Unknown")


def test_ages_rise_and_the_unknown_come_last() -> None:
    assert ordered(sorted(AGES)) == AGES


def test_numbers_within_names_rise_too() -> None:
    assert ordered(["Tract 10", "Tract 9", "Tract 9.2", "Ash"]) == ("Ash", "Tract 9", "Tract 9.2", "Tract 10")


@given(some.lists(some.text(max_size=6)))
def test_the_order_they_come_in_changes_nothing(values: list[str]) -> None:
    assert ordered(values) == ordered(list(reversed(values))) and set(ordered(values)) == set(values)
