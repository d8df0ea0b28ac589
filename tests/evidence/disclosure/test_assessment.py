"""The assessment record names what a person would have to judge, and nothing that the release hides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from factories import releases
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.assessment import assess
from upwell.evidence.disclosure.release import Row, Table

SCOTTISH = protection.load("public-health-scotland", date(2026, 1, 1))


def released(*rows: Row, **more: object):
    table = Table("t01", "by", "Left to the street, by age", "q", "age", rows, **more)  # type: ignore[arg-type]
    rich = releases.rich()
    return replace(rich, tables=(table,), loss=replace(rich.loss, coarsened=()))


def met(release) -> dict[str, str]:
    return {each.trigger: each.found for each in assess(release, SCOTTISH)}


def test_withheld_counts_are_counted_under_one_joint_reason():
    release = released(Row("young", 2_000, None, None), Row("old", 3_000, 1_000, 2_000))

    assert met(release) == {"small counts": "2 of 6 counts: 0 to 9, or hidden to protect another."}


def test_rows_dominated_by_nobody_or_everybody_are_named():
    release = released(Row("young", 2_000, 0, 2_000), Row("old", 900, 900, 0), Row("other", 50, 20, 30))

    assert met(release) == {"dominated by 0 or 100 %": "2 of 3 shown rows are 0 or 100 %."}


def test_a_table_about_few_people_is_named():
    release = released(Row("young", 400, 200, 200), Row("old", 500, 250, 250))

    assert met(release) == {"small population": "The shown rows hold fewer than 1,000 persons."}


def test_what_was_given_up_stands_in_the_record():
    release = releases.rich()

    given_up = [each.title for each in assess(release, SCOTTISH) if each.trigger == "made coarser"]

    assert given_up == list(release.loss.coarsened)


@pytest.mark.parametrize("name", ["hmis-agency", "victim-services", "sud", "cms"])
def test_a_protection_without_an_assessment_has_no_record(name):
    assert assess(releases.withheld(), protection.load(name, date(2026, 1, 1))) == ()
