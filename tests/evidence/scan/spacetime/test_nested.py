from __future__ import annotations

import numpy as np
import pytest

from factories.people import column
from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.spacetime import nested
from upwell.records.cases.table import Column, Group, Value

TRACTS = Column("tract", "tract", "place", tuple(Value(key, key) for key in ("a1", "a2", "b1", "b2", "c1")))
TREE = {"a1": "A", "a2": "A", "b1": "B", "b2": "B", "c1": "C", "A": "West", "B": "West", "C": "", "West": ""}


def test_every_node_of_several_values_is_a_group() -> None:
    groups = nested.by_parents(TRACTS, TREE, words={"A": "Alder County"})

    assert groups == (
        Group("in Alder County", (0, 1)),
        Group("in West", (0, 1, 2, 3)),
        Group("in B", (2, 3)),
    )


def test_a_node_of_everything_and_a_node_of_one_are_no_groups() -> None:
    groups = nested.by_parents(TRACTS, TREE | {"C": "West"})

    assert [group.words for group in groups] == ["in A", "in B"]


def test_two_nodes_of_the_same_values_are_one_group_by_the_lower() -> None:
    groups = nested.by_parents(TRACTS, {"a1": "A", "a2": "A", "b1": "", "b2": "", "c1": "", "A": "Top", "Top": ""})

    assert groups == (Group("in A", (0, 1)),)


@pytest.mark.parametrize(
    "parents, words",
    [
        (TREE | {"West": "A"}, "lies within itself"),
        (TREE | {"C": "C"}, "lies within itself"),
        (TREE | {"C": "Easst"}, "'Easst', which 'C' lies in, has no line"),
        ({key: parent for key, parent in TREE.items() if key != "b2"}, "'b2' has no line"),
    ],
)
def test_a_tree_that_is_none_is_refused(parents: dict[str, str], words: str) -> None:
    with pytest.raises(EvidenceError, match=words):
        nested.by_parents(TRACTS, parents)


def test_unknown_answers_need_no_parent_and_are_in_no_group() -> None:
    tract = column("tract", 3, unknown=1)

    groups = nested.by_parents(tract, {"tract0": "A", "tract1": "A", "tract2": "", "A": ""})

    assert groups == (Group("in A", (0, 1)),)


def test_columns_of_the_records_tell_the_hierarchy() -> None:
    county = Column("county", "county", "place", (Value("A", "Alder"), Value("B", "Birch")), phrase="in {} County")
    tract = np.array([0, 0, 1, 2, 3, 4], dtype=np.uint8)
    lies_in = np.array([0, 0, 0, 1, 1, 1], dtype=np.uint8)

    groups = nested.by_columns(TRACTS, tract, [(county, lies_in)])

    assert groups == (Group("in Alder County", (0, 1)), Group("in Birch County", (2, 3, 4)))


def test_a_tract_in_two_counties_is_refused() -> None:
    county = column("county", 2)

    with pytest.raises(EvidenceError, match="more than one of 'county'"):
        nested.by_columns(TRACTS, np.array([0, 0], dtype=np.uint8), [(county, np.array([0, 1], dtype=np.uint8))])


def test_people_whose_county_is_unknown_do_not_hide_their_tracts() -> None:
    county = column("county", 2, unknown=1)
    tract, lies_in = np.array([0, 0, 1, 2, 2], dtype=np.uint8), np.array([0, 2, 0, 1, 2], dtype=np.uint8)

    groups = nested.by_columns(TRACTS, tract, [(county, lies_in)])

    assert groups == (Group("county 0", (0, 1)),)


def test_columns_of_other_records_are_refused() -> None:
    with pytest.raises(EvidenceError, match="same records"):
        nested.by_columns(TRACTS, np.zeros(3, dtype=np.uint8), [(column("county", 2), np.zeros(2, dtype=np.uint8))])


def test_codes_tell_where_they_lie_by_their_beginnings() -> None:
    keys = ("39049000100", "39049000200", "39041000100", "21015000100")
    tracts = Column("tract", "tract", "place", tuple(Value(key, key) for key in keys))

    groups = nested.by_prefix(tracts, (5, 2))

    assert groups == (Group("in 39049", (0, 1)), Group("in 39", (0, 1, 2)))


def test_a_code_too_short_for_its_level_is_refused() -> None:
    with pytest.raises(EvidenceError, match="too short"):
        nested.by_prefix(TRACTS, (2,))
    with pytest.raises(EvidenceError, match="how many characters"):
        nested.by_prefix(TRACTS, ())
