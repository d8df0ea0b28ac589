"""Whose people a table counts: one name, one ledger, whatever its capitals."""

from pathlib import Path

import pytest

from upwell.state import populations
from upwell.state.errors import StateError

PUBLIC = bytes(range(32))


def test_capitals_and_spaces_make_no_other_population_and_another_agency_does() -> None:
    one = populations.source_id_of("Served by Hope House", public=PUBLIC)

    assert one == populations.source_id_of("  served BY hope   house ", public=PUBLIC)
    assert one != populations.source_id_of("Served by Hope", public=PUBLIC)
    assert one != populations.source_id_of("Served by Hope House", public=bytes(32))


def test_names_are_remembered_as_they_were_first_written(tmp_path: Path) -> None:
    assert populations.remembered(tmp_path) == ()

    populations.remember(tmp_path, "a", "Hope House")
    populations.remember(tmp_path, "a", "HOPE HOUSE")
    populations.remember(tmp_path, "b", "Ash County")

    assert populations.remembered(tmp_path) == ("Ash County", "Hope House")


def test_a_damaged_name_is_a_sentence(tmp_path: Path) -> None:
    populations.remember(tmp_path, "a", "Hope House")
    next(tmp_path.rglob("population.json")).write_text("{")

    with pytest.raises(StateError, match="is damaged"):
        populations.remembered(tmp_path)
