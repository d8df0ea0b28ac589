from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from factories.casetables import COLUMNS
from upwell.evidence.disclosure.drafting.patterns import group_in_words, one_digit, pattern, where_in_words
from upwell.evidence.disclosure.release import Pattern
from upwell.evidence.question import Finding, Season, Where

START = date(2022, 1, 1)
NAMED = {column.name: column for column in COLUMNS}
NAMED["place"] = replace(NAMED["place"], phrase="in {}")


def finding(where: Where) -> Finding:
    return Finding(
        where=where,
        inside=np.ones(200, np.bool_),
        persons=200,
        yes=60,
        expected=30.4,
        excess_low=12.2,
        excess_high=47.0,
        score=9.0,
        p=0.0437,
        p_from="bootstrap",
        within_programme=0.171,
        agrees=True,
        onset=3,
        onset_low=3,
        onset_high=6,
        persists=True,
        leave_one_out=None,
    )


def test_a_group_is_said_as_words_that_follow_people():
    said = group_in_words(finding((("period", (4, 5, 6, 7)), ("place", (0, 2)), ("sex", (0,)))), NAMED, START)

    assert said == "women in North or East since Jan 2023"


def test_time_is_said_as_one_span_whatever_its_steps():
    assert where_in_words(finding((("period", (2, 3)),)), NAMED, START) == (("time", ("from Jul 2022 to Dec 2022",)),)
    assert group_in_words(finding((("period", (0, 1)),)), NAMED, START) == "until Jun 2022"


def printed(found: Finding) -> Pattern:
    return pattern(
        found,
        question="jail",
        rank=1,
        baseline="composition",
        asked=3000,
        columns=NAMED,
        start=START,
        tables=("t01", "", ""),
    )


def test_printed_numbers_of_a_pattern_are_rounded():
    made = printed(finding((("sex", (0,)),)))

    assert (made.expected_share, made.expected, made.ratio) == (0.15, 30, 2.0)
    assert (made.excess.value, made.excess.low, made.excess.high) == (30, 12, 47)
    assert made.p == 0.04
    assert made.overstated
    assert (made.onset, made.onset_month, made.onset_high) == ("Apr 2022", 3, "Jul 2022")


def test_a_p_value_keeps_one_digit():
    assert one_digit(0.0437) == 0.04
    assert one_digit(0.00000081) == 0.0000008
    assert one_digit(None) is None


def test_season_and_standing_in_the_search_are_never_printed():
    plain = finding((("sex", (0,)),))
    told = replace(plain, season=Season("seasonal", 36, 0.005, 1, 3.2, 3, 3), agreed=3, starts=17, runner_up=8.8)

    assert printed(told) == printed(plain)
