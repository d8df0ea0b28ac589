from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from factories import releases
from upwell.evidence.brief.model import Answers, Grid, Notice, text_of
from upwell.evidence.brief.outline import outline, spoken
from upwell.evidence.brief.words import catalogue
from upwell.evidence.disclosure.release import Pattern


def brief(release):
    return outline(release, catalogue("en"), today=date(2025, 2, 3))


def page_one(release):
    """Page one as text."""
    document = brief(release)
    said = [text_of(sentence) for block in document.front.blocks for sentence in spoken(block)]
    return "\n".join([text_of(document.front.heading), *said])


def section(release, name):
    found = next(each for each in brief(release).every_section if each.id == name)
    return "\n".join(text_of(sentence) for block in found.blocks for sentence in spoken(block))


def first(release, **changes):
    """The release with its first pattern changed."""
    one, *others = release.patterns
    return replace(release, patterns=(replace(one, **changes), *others))


def test_page_one_answers_in_the_order_a_legislator_asks():
    answers = next(block for block in brief(releases.rich()).front.blocks if isinstance(block, Answers))

    assert [name for name, _ in answers.items] == [
        "How many and who",
        "Where help was sought, and since when",
        "Compared with what",
        "What fits as a lever, and who decides",
        "What we do not know",
    ]


def test_the_headline_is_the_first_pattern_whatever_their_order():
    rich = releases.rich()
    shuffled = replace(rich, patterns=tuple(reversed(rich.patterns)))

    assert text_of(brief(shuffled).front.heading) == text_of(brief(rich).front.heading)
    assert "nearly twice as many as expected came straight from jail or prison" in page_one(rich)


def test_a_group_that_is_short_to_say_stands_in_the_headline():
    release = first(releases.rich(), where=(("age at entry", ("25 to 34",)),))

    heading = text_of(brief(release).front.heading)

    assert heading.startswith(
        "Among people who entered shelter or street outreach (age at entry: 25 to 34), nearly twice"
    )


def test_share_and_count_stand_together():
    assert "131 of 412 (32\u00a0%) came straight from jail or prison." in page_one(releases.rich())


def test_an_exploratory_finding_has_the_word_and_no_p():
    release = first(releases.rich(), p=None, p_from="exploratory")

    assert "exploratory" in page_one(release)
    assert "Search-corrected p" not in page_one(release)


def test_an_exploratory_finding_shows_no_p_even_if_one_was_handed_over():
    assert "Search-corrected p" not in page_one(first(releases.rich(), p=0.2, p_from="exploratory"))


def test_a_size_that_is_overstated_says_so():
    assert "probably overstated by the search" in page_one(first(releases.rich(), overstated=True))
    assert "overstated" not in page_one(first(releases.rich(), overstated=False))


def test_every_pattern_is_associated_and_never_caused():
    for rank in (1, 2, 3):
        assert "associated with" in section(releases.rich(), f"finding-{rank}")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agrees": True}, "stands out in both views"),
        ({"agrees": False}, "The two views disagree"),
        ({"within_programme": None, "agrees": None}, "cannot be told from these records"),
    ],
)
def test_the_finding_says_whether_programmes_explain_it(changes, words):
    assert words in section(first(releases.rich(), **changes), "finding-1")


@pytest.mark.parametrize(
    ("persists", "words"),
    [(True, "still there"), (False, "no longer stood out"), (None, "Whether it lasts cannot be told")],
)
def test_persistence_follows_its_field(persists, words):
    assert words in page_one(first(releases.rich(), persists=persists))


def test_an_unknown_onset_is_said_to_be_unknown():
    release = first(releases.rich(), onset="", onset_low="", onset_high="", onset_month=-1)

    assert "Since when cannot be told" in page_one(release)


@pytest.mark.parametrize(
    ("leave_one_out", "words"),
    [(True, "any single agency"), (False, "one agency’s matter"), (None, "come from one agency")],
)
def test_what_leaving_an_agency_out_does_is_told(leave_one_out, words):
    assert words in section(first(releases.rich(), leave_one_out=leave_one_out), "finding-1")


def test_place_is_always_where_help_was_sought():
    assert "where help was sought, which is not the same" in section(releases.rich(), "finding-1")


def test_nothing_stands_out_is_the_headline_with_the_smallest_effect_that_could_have_been_seen():
    heading = text_of(brief(releases.empty()).front.heading)

    assert heading.startswith("Nothing stands out beyond chance")
    assert "9 percentage points among 400 people" in heading


def test_the_smallest_effect_is_the_smallest_of_all_questions():
    empty = releases.empty()
    searched = (replace(empty.searched[0], smallest=0.3), replace(empty.searched[1], smallest=0.02), empty.searched[2])

    assert "2 percentage points among 350 people" in text_of(brief(replace(empty, searched=searched)).front.heading)


def test_records_too_few_to_search_are_said_to_be_too_few():
    empty = releases.empty()
    searched = tuple(replace(each, smallest=None, smallest_people=None) for each in empty.searched)

    assert "too few to search" in text_of(brief(replace(empty, searched=searched)).front.heading)


def test_a_question_that_was_not_searched_is_told_with_its_reason():
    assert "Some questions could not be searched" in page_one(releases.withheld())
    assert "Did they leave to homelessness? Too few answers to search" in section(releases.withheld(), "searched")


def test_without_a_basis_a_warning_stands_before_page_one():
    document = brief(releases.withheld())

    assert document.every_section[0].id == "warning"
    assert any(isinstance(block, Notice) and block.tone == "warning" for block in document.front.blocks)
    assert brief(releases.rich()).warning is None


def test_differences_that_stand_are_told_where_nothing_stands_out():
    empty = replace(releases.empty(), gaps=releases.rich().gaps)

    assert "Did they leave to homelessness? Northside Shelter: " in page_one(empty)
    assert "No difference between groups stands" in page_one(releases.empty())
    assert "No two groups could be compared" in page_one(releases.withheld())


def test_a_table_without_any_share_to_show_is_one_sentence():
    rich = releases.rich()
    hidden = tuple(
        replace(table, rows=tuple(replace(row, yes=None) for row in table.rows)) if table.id == "t05" else table
        for table in rich.tables
    )

    assert "too little may be shown" in section(
        replace(rich, tables=hidden, gaps=()), "question-came-from-jail-or-prison"
    )


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ((("age at entry", ("aged 25 to 34",)),), "(aged 25 to 34)"),
        ((("veteran", ("no",)),), "(veteran: no)"),
        ((("children", ("2",)),), "(children: 2)"),
        ((("where help was sought", ("Iowa City",)),), "(where help was sought: Iowa City)"),
    ],
)
def test_a_group_is_named_with_its_column_where_the_value_alone_says_nothing(where, words):
    assert words in page_one(first(releases.rich(), where=where))


def test_notes_for_every_reader_stand_on_page_one():
    assert "None of these people exist" in page_one(releases.rich())


def test_what_was_planted_is_said_to_be_planted():
    assert "What was planted" in section(releases.rich(), "basis")


def test_a_barrier_kind_unknown_to_the_catalogue_leaves_the_levers():
    rich = releases.rich()
    questions = tuple(replace(question, barrier="brand-new") for question in rich.questions)

    assert "Levers that fit: interagency agreement" in page_one(replace(rich, questions=questions))


def test_every_field_of_a_pattern_that_is_a_number_can_be_quoted():
    numbers = {name for name, kind in Pattern.__annotations__.items() if "float" in kind or "Interval" in kind}

    assert numbers == {"expected_share", "excess", "ratio", "p", "within_programme"}


def test_a_group_that_is_limited_to_a_time_says_so_instead_of_an_unknown_onset():
    release = first(releases.rich(), where=(("half-year", ("since July 2023",)),), onset="", onset_month=-1)
    series = tuple(replace(table, column="half-year") if table.id == "t21" else table for table in release.tables)

    said = page_one(replace(release, tables=series))

    assert "The group is limited to a time: since July 2023." in said
    assert "Since when cannot be told" not in said


def test_a_long_table_over_time_is_folded_under_its_figure():
    rich = releases.rich()
    longer = tuple(
        replace(table, rows=tuple(replace(row, month=at) for at, row in enumerate(table.rows * 3)), steps="month")
        if table.id == "t04"
        else table
        for table in rich.tables
    )
    found = next(each for each in brief(replace(rich, tables=longer)).sections if each.id.endswith("jail-or-prison"))

    assert next(block.folded for block in found.blocks if isinstance(block, Grid))
