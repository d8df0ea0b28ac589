"""Columns that hang together are told in one axis, whichever of them are asked for."""

import numpy as np
import pytest

from upwell.records.tables import read, sheet
from upwell.records.tables.nests import Columns, joined
from upwell.records.tables.table import Layout

TRACTS = {"N1": "North", "N2": "North", "S1": "South", "S2": "South"}


def table(by, *, add_up=True, **more):
    rows = [(tract, county, age) for tract, county in TRACTS.items() for age in ("old", "young")]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(("tract", "county", "age"))}
    columns["persons"] = [str(10 + at) for at in range(len(rows))]
    columns |= {name: [words(*row) for row in rows] for name, words in more.items()}
    return read.count_table(sheet.of_columns(columns), Layout(by=(by,), count="persons", add_up=add_up))


def axis_of(found, name):
    return found.dimension(name).axis


@pytest.mark.parametrize("by", ["county", "tract", "county>tract", "county,age", "county>tract,age"])
def test_the_axis_is_the_finest_column_of_the_sheet_whatever_is_asked_for(by):
    found = table(by)

    axes = {each.name: each.axis for each in found.dimensions if each.name != "age"}
    assert set(axes.values()) == {"tract"}
    assert found.wider["county"] == ("tract", (0, 0, 1, 1))
    assert found.loose == ()


def test_two_finest_columns_are_one_axis_for_every_request():
    clinics = {"clinic": lambda tract, county, age: f"{county} {'by day' if age == 'old' else 'by night'}"}

    found = [table(by, **clinics) for by in ("county", "tract", "clinic")]

    assert {each.dimensions[0].axis for each in found} == {"clinic+tract"}
    assert {name for each in found for name in each.wider} >= {"county", "tract", "clinic"}


def test_a_column_that_tells_of_two_that_are_told_apart_is_loose():
    found = table("county,age", mixed=lambda tract, county, age: f"{county} {age}")

    assert found.loose == ("mixed",)
    assert axis_of(found, "age") == "age"


def test_a_column_that_was_said_to_cross_freely_is_loose_for_former_requests():
    found = table("county*tract")

    assert found.loose == ("tract",)
    assert (axis_of(found, "county"), axis_of(found, "tract")) == ("county", "tract")


def test_a_column_of_one_value_lies_beside_all_others():
    found = table("age", state=lambda tract, county, age: "Vermont")

    assert axis_of(found, "age") == "age"
    assert found.loose == ()


def test_of_columns_that_tell_the_same_one_is_the_axis():
    code = {"number": lambda tract, county, age: tract[::-1]}

    assert {axis_of(table(by, **code), by) for by in ("number", "tract", "county")} == {"number"}


def test_too_many_combinations_leave_the_further_columns_away():
    many = 40
    values = {
        "county": ("North", "South"),
        "block": tuple(map(str, range(many))),
        "route": tuple(f"r{at}" for at in range(many)),
    }
    at = np.arange(many * many // 2)
    codes = {"block": at % many, "route": (at // many) * 2 + at % 2, "county": at % 2}
    columns = Columns(values, {name: each.astype(np.uint8) for name, each in codes.items()})

    together, loose = joined([("county",)], ("block", "route"), columns)

    assert together == [("county", "block", "route")] and loose == ()
    assert columns.finest(together[0]) == ("block", "route")


def test_the_order_of_rows_changes_no_axis():
    one = table("county,age")
    columns = {"county": ["South", "North"], "tract": ["S1", "N1"], "persons": ["3", "4"]}
    other = read.count_table(sheet.of_columns(columns), Layout(by=("county",), count="persons", add_up=True))

    assert axis_of(one, "county") == "tract"
    assert axis_of(other, "county") == "county"
