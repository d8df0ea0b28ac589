"""The basis of an analysis is asked once and remembered for its source alone."""

from pathlib import Path

import pytest

from upwell.state import basis
from upwell.state.errors import StateError


def test_nothing_is_remembered_before_it_was_said(tmp_path: Path) -> None:
    assert basis.remembered(tmp_path, "abc") == ""


def test_an_answer_is_remembered_for_its_source_alone(tmp_path: Path) -> None:
    basis.remember(tmp_path, "abc", "Privacy notice of 1 March, section 4 ñ")

    assert basis.remembered(tmp_path, "abc") == "Privacy notice of 1 March, section 4 ñ"
    assert basis.remembered(tmp_path, "abd") == ""


def test_a_later_answer_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    basis.remember(tmp_path, "abc", "first")
    basis.remember(tmp_path, "abc", "second")

    assert basis.remembered(tmp_path, "abc") == "second"


def test_a_damaged_answer_is_a_sentence(tmp_path: Path) -> None:
    basis.remember(tmp_path, "abc", "first")
    next((tmp_path / "sources" / "abc").glob("basis.json")).write_text("[")

    with pytest.raises(StateError, match="asked again"):
        basis.remembered(tmp_path, "abc")
