"""Columns that lie within one another: chains, several trees over one finest column, and what contradicts them."""

import pytest
from tests.records.tables.test_read import counts, table

from upwell.records.tables.sheet import TableError

PLACES = (
    "county,district,tract,persons\n"
    "Ash,North,a1,5\nAsh,South,a2,6\nBirch,South,b1,7\nBirch,South,b2,8\nBirch,North,b3,9\n"
)


def test_a_column_within_another_is_told_in_the_finer_one() -> None:
    found = table(PLACES, "county>tract")

    county, tract = found.dimensions
    assert (county.axis, tract.axis) == ("tract", "tract")
    assert [county.values[at] for at in county.within] == ["Ash", "Ash", "Birch", "Birch", "Birch"]
    assert tract.wider == ("county",)
    assert counts(found)["Birch", "b3"] == 9


def test_two_trees_over_one_column_share_it() -> None:
    found = table(PLACES, "county>tract", "district>tract")

    assert {each.axis for each in found.dimensions} == {"tract"}
    assert found.dimension("tract").wider == ("county", "district")


def test_trees_without_a_common_finest_column_are_told_in_all_combinations() -> None:
    text = "state,county,school,persons\nX,a,s1,1\nX,a,s2,2\nX,b,s2,3\nX,b,s3,4\nY,c,s9,4\n"

    found = table(text, "state>county", "state>school")

    assert {each.axis for each in found.dimensions} == {"county+school"}
    assert found.names["county+school"] == ("a+s1", "a+s2", "b+s2", "b+s3", "c+s9")


def test_a_value_within_two_is_named() -> None:
    with pytest.raises(TableError, match=r"tract 'a1' lies in more than one county \(Ash and Birch\)"):
        table(PLACES.replace("b3", "a1"), "county>tract")


def test_a_column_that_lies_within_another_has_to_be_said_to() -> None:
    with pytest.raises(TableError) as told:
        table(PLACES, "county,tract")

    assert '--by "county>tract"' in str(told.value) and '--by "county*tract"' in str(told.value)
    assert counts(table(PLACES, "county*tract")) == counts(table(PLACES, "county>tract"))
    assert {each.axis for each in table(PLACES, "county*tract").dimensions} == {"county", "tract"}


def test_a_code_and_its_name_lie_within_each_other_and_have_to_be_said_to() -> None:
    with pytest.raises(TableError, match="lies within it"):
        table("code,place,persons\nc1,Ash,3\nc2,Birch,4\n", "code,place")
