"""The case team is told what could fool the search, in words and without a number of people."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from factories.casetables import Cases, cases
from upwell.cli import doubts
from upwell.evidence.question import Finding, Search, Season


@pytest.fixture(scope="module")
def table():
    return cases(persons=3000, seed=2)


@dataclass(frozen=True)
class Changed(Cases):
    """Cases whose women were written down as men in the first year."""

    def asked(self, name):
        asked = super().asked(name)
        sex = np.where((asked.month < 12) & (asked.codes["sex"] == 0), 1, asked.codes["sex"]).astype(np.uint8)
        return replace(asked, codes={**asked.codes, "sex": sex})


def changed(table):
    return Changed(**{name: getattr(table, name) for name in table.__dataclass_fields__})


def test_the_page_is_for_the_case_team_alone(table):
    assert doubts.ABOUT in doubts.page(table, {}).decode()


def test_a_changed_code_list_is_said_under_every_question_that_it_touches(table):
    page = doubts.page(changed(table), {}).decode()

    for question in table.questions:
        assert f"## {question.words}" in page
    assert "“women” of “sex” came into use in January 2023" in page


def test_questions_without_a_doubt_are_listed(table):
    page = doubts.page(table, {}).decode()

    listed = page.partition("## Nothing to doubt was seen")[2]
    told = [question.words for question in table.questions if f"* {question.words}" in listed]

    assert told
    assert not any(f"## {words}\n" in page for words in told)


def test_no_number_of_people_stands_on_the_page(table):
    page = doubts.page(changed(table), {}).decode()

    assert set(re.findall(r"\d+", page)) <= {"2022", "2023", "2024"}


def search(*seasons: Season | None) -> Search:
    """A search of the jail question that found so many groups of men in the North, of known season or not."""
    found = [
        Finding(
            (("place", (0,)), ("sex", (1,))), np.ones(3000, np.bool_), 731, 364, 150.0, 190.0, 230.0, 9.0, 0.001,
            "bootstrap", None, None, None, None, None, True, None, season=season,
        )
        for season in seasons
    ]  # fmt: skip
    return Search("jail", 3000, "composition", tuple(found), 7.0, 0.1, 300)


WINTERS = Season("seasonal", 36, 0.005, peak=1, ratio=3.2, agree=3, years=3)


def test_a_finding_of_some_months_of_the_year_is_said_under_its_question_without_a_count(table):
    page = doubts.page(table, {"jail": search(WINTERS)}).decode()

    under = page.partition(f"## {table.words('jail')}\n")[2].partition("\n## ")[0]
    assert under.startswith(
        "\n* People men North: The excess comes and goes with the year: it is greatest around January"
    )
    assert "may be the season's" in under
    assert not {"731", "364", "150", "3000", "3,000"} & set(re.findall(r"[\d,]+", page))


@pytest.mark.parametrize("season", [None, Season("cannot tell", 20), Season("not seasonal", 36, 0.4, 3, 1.2, 1, 3)])
def test_other_findings_are_no_doubt(table, season):
    page = doubts.page(table, {"jail": search(season)}).decode()

    assert page == doubts.page(table, {}).decode()


@pytest.mark.parametrize(
    ("after", "said"), [(0, "January 2022"), (11, "December 2022"), (12, "January 2023"), (-1, "December 2021")]
)
def test_months_are_counted_from_the_first_of_the_period(table, after, said):
    assert doubts._month(table.period[0].replace(year=2022, month=1), after) == said
