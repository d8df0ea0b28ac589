"""The case team is told what could fool the search, in words and without a number of people."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from factories.casetables import Cases, cases
from upwell.cli import doubts


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
    assert doubts.ABOUT in doubts.page(table).decode()


def test_a_changed_code_list_is_said_under_every_question_that_it_touches(table):
    page = doubts.page(changed(table)).decode()

    for question in table.questions:
        assert f"## {question.words}" in page
    assert "“women” of “sex” came into use in January 2023" in page


def test_questions_without_a_doubt_are_listed(table):
    page = doubts.page(table).decode()

    listed = page.partition("## Nothing to doubt was seen")[2]
    told = [question.words for question in table.questions if f"* {question.words}" in listed]

    assert told
    assert not any(f"## {words}\n" in page for words in told)


def test_no_number_of_people_stands_on_the_page(table):
    page = doubts.page(changed(table)).decode()

    assert set(re.findall(r"\d+", page)) <= {"2022", "2023", "2024"}


@pytest.mark.parametrize(
    ("after", "said"), [(0, "January 2022"), (11, "December 2022"), (12, "January 2023"), (-1, "December 2021")]
)
def test_months_are_counted_from_the_first_of_the_period(table, after, said):
    assert doubts._month(table.period[0].replace(year=2022, month=1), after) == said
