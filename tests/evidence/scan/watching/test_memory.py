from __future__ import annotations

import json

import numpy as np
import pytest

from factories.people import column, people
from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.watching import memory
from upwell.evidence.scan.watching.memory import Issue, Memory, Part

PART = Part((("place", ("place1", "place2")), ("sex", ("sex0",))), 2.5, 0.3)
KNOWN = Memory(("place", "sex"), (Issue((PART,), since=12, last_told=14),), looked=14)
COLUMNS = (column("place", 8), column("sex", 3))


def test_a_memory_comes_back_from_json_as_it_was() -> None:
    again = Memory.from_dict(json.loads(json.dumps(KNOWN.to_dict())))

    assert again == KNOWN
    assert Memory.from_dict(Memory(("a",)).to_dict()) == Memory(("a",))


def test_its_repr_tells_neither_where_nor_how_much() -> None:
    assert repr(KNOWN) == "Memory(NOT PROTECTED: for the case team alone; 1 known issues)"


@pytest.mark.parametrize(
    "columns, words",
    [
        ((column("place", 8),), "knows 'sex', which is not here"),
        ((*COLUMNS, column("age", 3)), "does not know 'age'"),
        ((column("place", 8), column("Sex", 3)), "knows 'sex', which is not here and it does not know 'Sex'"),
    ],
)
def test_a_memory_of_other_columns_is_refused(columns, words: str) -> None:
    with pytest.raises(EvidenceError, match=words):
        KNOWN.check(columns)


def test_a_column_that_is_not_searched_is_no_other_column() -> None:
    KNOWN.check((*COLUMNS, column("age", 3, searched=False)))


def test_a_column_that_is_here_and_left_out_is_no_other_column() -> None:
    KNOWN.check((column("place", 8),), ["place", "sex"])
    KNOWN.check((column("place", 8), column("sex", 3, searched=False)))

    with pytest.raises(EvidenceError, match="does not know 'age'"):
        KNOWN.check((column("place", 8), column("age", 3)), ["sex"])


def test_a_part_whose_column_is_away_raises_nothing_and_holds_those_who_may_be_in_it() -> None:
    asked = people(2_000, seed=1).asked
    away = (column("place", 8),)

    assert not memory.is_placed(PART, away) and memory.is_placed(PART, COLUMNS)
    assert not memory.lift(asked, away, KNOWN, origin=0).any()
    assert np.array_equal(memory.members(asked, away, PART), np.isin(asked.codes["place"], [1, 2]))
    assert not memory.members(asked, (column("age", 3),), PART).any()


@pytest.mark.parametrize(
    "held",
    [
        {},
        [],
        "memory",
        KNOWN.to_dict() | {"issues": 5},
        KNOWN.to_dict() | {"columns": "place"},
        KNOWN.to_dict() | {"looked": "soon"},
        KNOWN.to_dict() | {"issues": [{"since": 1, "last_told": 2, "parts": []}]},
        KNOWN.to_dict() | {"issues": [{"since": 1, "last_told": 2, "parts": [{"where": {}, "odds": -1}]}]},
        {key: value for key, value in KNOWN.to_dict().items() if key != "columns"},
    ],
)
def test_what_is_no_memory_is_refused(held) -> None:
    with pytest.raises(EvidenceError, match="cannot be read"):
        Memory.from_dict(held)


def test_a_memory_of_another_version_is_refused() -> None:
    with pytest.raises(EvidenceError, match="version 7, and version 1 is read"):
        Memory.from_dict(KNOWN.to_dict() | {"version": 7})


def test_an_issue_raises_what_is_expected_of_its_persons_from_its_beginning_on() -> None:
    asked = people(2_000, seed=1).asked
    here = np.isin(asked.codes["place"], [1, 2]) & (asked.codes["sex"] == 0)

    added = memory.lift(asked, COLUMNS, KNOWN, origin=0)

    assert np.allclose(added[here & (asked.month >= 12)], np.log(2.5))
    assert not added[~here | (asked.month < 12)].any()
    assert np.array_equal(memory.lift(asked, COLUMNS, KNOWN, origin=12) > 0, here)


def test_parts_seen_later_raise_it_too_but_nobody_told_of_them() -> None:
    asked = people(2_000, seed=2).asked
    wider = Part((("place", ("place1",)),), 2.0, 0.3, told=False)

    grown = KNOWN.with_part(0, wider, now=16)

    assert grown.issues[0].last_told == 14 and grown.issues[0].parts == (PART, wider)
    assert KNOWN.with_part(0, PART, now=16).issues[0].last_told == 16
    assert memory.lift(asked, COLUMNS, grown, origin=0).max() == pytest.approx(np.log(5.0))
    assert memory.lift(asked, COLUMNS, grown, origin=0, told_only=True).max() == pytest.approx(np.log(2.5))


def test_codes_are_found_again_by_their_keys_and_vanished_values_are_left_out() -> None:
    fewer = (column("place", 2), column("sex", 3))

    place = memory.where_of(PART.where, COLUMNS)

    assert place == (("place", (1, 2)), ("sex", (0,)))
    assert memory.keys_of(place, COLUMNS) == PART.where
    assert memory.where_of(PART.where, fewer) == (("place", (1,)), ("sex", (0,)))


def test_odds_multiply_and_stay_inside_0_and_1() -> None:
    share = np.array([0.2, 0.5, 0.999])

    higher = memory.raised(share, np.log(np.array([4.0, 1.0, 1e9])))

    assert higher[:2] == pytest.approx([0.5, 0.5])
    assert higher[2] < 1
