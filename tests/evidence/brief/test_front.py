from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from factories import releases
from upwell.evidence.brief.model import Answers, Figure, Grid, KeyNumbers, Notice, text_of
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
    assert "nearly twice as many as expected came straight from jail or prison." in page_one(rich)


@pytest.mark.parametrize(
    ("people", "group", "words"),
    [
        ("people who left", "in Marlow Bend", "Among people in Marlow Bend who left, nearly twice"),
        ("adults who left", "in Marlow Bend", "Among adults in Marlow Bend who left, nearly twice"),
        ("people whom it took in", "since May 2024", "Among people since May 2024 whom it took in, nearly twice"),
        ("people without a home at entry", "", "Among people without a home at entry, nearly twice"),
        ("young parents", "at Harbor House", "Among young parents at Harbor House, nearly twice"),
        ("people who left " + "and " * 20, "in Marlow Bend", "Among people in Marlow Bend, nearly twice"),
        ("people who left " + "and " * 20 + "so", "", "Among people who left " + "and " * 20 + "so, nearly twice"),
    ],
)
def test_the_headline_can_be_said_aloud(people, group, words):
    release = first(releases.rich(), group=group)
    questions = tuple(replace(question, people=people) for question in release.questions)

    assert text_of(brief(replace(release, questions=questions)).front.heading).startswith(words)


def test_who_was_asked_is_spelled_out_below_a_headline_that_leaves_it_out():
    release = first(releases.rich(), group="in Marlow Bend")
    people = "people who left a shelter, transitional housing, a safe haven or street outreach"
    questions = tuple(replace(question, people=people) for question in release.questions)

    assert f"Of 412 {people.replace('people', 'people in Marlow Bend')}, 131" in page_one(
        replace(release, questions=questions)
    )


def test_a_finding_is_one_sentence_with_everything_that_makes_it_a_claim():
    assert section(releases.rich(), "finding-1").startswith(
        "Of 412 people aged 25 to 34 at Northside Shelter, Riverside Outreach or St. Brigid Family Home who entered "
        "shelter or street outreach, 131 (32\u00a0%) came straight from jail or prison; among comparable people "
        "elsewhere it was 18\u00a0%. About 57 people more than expected (95\u00a0% interval 40 to 74). "
        "Search-corrected p\u00a00.004."
    )


def test_an_exploratory_finding_says_so_in_its_sentence():
    assert "Exploratory: nothing has confirmed it yet." in section(releases.rich(), "finding-3").splitlines()[0]


def test_share_and_count_stand_together():
    assert "who entered shelter or street outreach, 131 (32\u00a0%) came straight from jail or prison." in page_one(
        releases.rich()
    )


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
    assert "Other questions could not be searched" in page_one(releases.withheld())
    assert "Too few answers to search Did they leave to homelessness?" in section(releases.withheld(), "searched")


def test_questions_that_were_not_searched_for_the_same_reason_share_a_sentence():
    empty = releases.empty()
    searched = tuple(replace(each, smallest=None, smallest_people=None, note="Too few.") for each in empty.searched)

    said = section(replace(empty, searched=searched), "searched")

    assert said.count("Too few.") == 1
    assert f"Too few. {' '.join(question.words for question in empty.questions)}" in said


def test_without_a_basis_a_warning_stands_before_page_one():
    document = brief(releases.withheld())

    assert document.every_section[0].id == "warning"
    assert any(isinstance(block, Notice) and block.tone == "warning" for block in document.front.blocks)
    assert brief(releases.rich()).warning is None


def test_differences_that_stand_are_told_where_nothing_stands_out():
    empty = replace(releases.empty(), gaps=releases.rich().gaps)

    assert "or to a shelter, by where help was sought: Northside Shelter " in page_one(empty)
    assert "No difference between groups stands" in page_one(releases.empty())
    assert "No two groups could be compared" in page_one(releases.withheld())


def test_tables_without_any_share_to_show_share_one_sentence():
    rich = releases.rich()
    hidden = tuple(
        replace(table, rows=tuple(replace(row, yes=None) for row in table.rows)) if table.id == "t05" else table
        for table in rich.tables
    )

    said = section(replace(rich, tables=hidden, gaps=()), "tables-came-from-jail-or-prison")

    assert "Too little may be shown to say anything by age at entry" in said
    assert "t05.csv" in said


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
    said = page_one(first(releases.rich(), when="since July 2023", onset="", onset_month=-1))

    assert "The search found it for one part of the period: since July 2023." in said
    assert "Since when cannot be told" not in said


def test_a_group_all_of_whom_sought_help_in_one_place_is_said_to_be_there():
    rich = releases.rich()
    only = tuple(
        replace(table, rows=(table.rows[0], *(replace(row, persons=0, yes=0, no=0) for row in table.rows[1:])))
        if table.id == rich.patterns[0].place
        else table
        for table in rich.tables
    )
    release = replace(first(rich, where=(("programme", ("Night Team",)),)), tables=only)

    assert "Help was sought in Northside Shelter." in page_one(release)
    assert not [
        block for block in brief(release).sections[0].blocks if isinstance(block, Figure) and block.kind == "dots"
    ]


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


def test_where_nothing_stands_out_the_large_numbers_are_rates_with_their_counts():
    numbers = next(block for block in brief(releases.empty()).front.blocks if isinstance(block, KeyNumbers))

    assert [text_of(number) for number, _, _ in numbers.items] == ["34\u00a0%", "30\u00a0%", "18\u00a0%"]
    assert text_of(numbers.items[0][1]).endswith("1,210 of 3,520")


def test_a_rate_of_none_and_a_withheld_rate_are_no_large_numbers():
    empty = releases.empty()
    rows = {"t02": {"yes": 0, "no": 4_210}, "t07": {"yes": None, "no": None}}
    tables = tuple(
        replace(table, rows=(replace(table.rows[0], **rows[table.id]),)) if table.id in rows else table
        for table in empty.tables
    )
    numbers = next(
        block for block in brief(replace(empty, tables=tables)).front.blocks if isinstance(block, KeyNumbers)
    )

    assert [text_of(number) for number, _, _ in numbers.items] == ["30\u00a0%"]


def with_series(release, change):
    """The release with the rows of every table over time changed."""
    tables = tuple(
        replace(table, rows=change(table.rows)) if table.kind == "series" else table for table in release.tables
    )
    return replace(release, tables=tables)


def test_a_trend_is_told_only_where_the_intervals_of_its_ends_part():
    def level(rows):
        return tuple(replace(rows[0], label=row.label, month=row.month) for row in rows)

    def leaping(rows):
        last = level(rows)[-1]
        return (*level(rows)[:-1], replace(last, yes=last.persons, no=0))

    empty = releases.empty()

    assert "No rate differs clearly between the first and the last" in page_one(with_series(empty, level))
    assert "over time: January to March 2022 " in page_one(with_series(empty, leaping))
    assert ", October to December 2024 100\u00a0%, " in page_one(with_series(empty, leaping))


def test_rates_that_cannot_be_followed_over_time_are_said_to_be_so():
    hidden = with_series(releases.empty(), lambda rows: tuple(replace(row, yes=None, no=None) for row in rows))

    assert "No rate could be followed over time" in page_one(hidden)


def test_losses_of_protection_are_told_by_reason_and_counted():
    said = section(releases.rich(), "promise")

    assert (
        "Left out, because most of its counts are small: by race and ethnicity (2 questions) and by household "
        "(1 question)." in said
    )
    assert "Made coarser, because most of its counts are small: over time (1 question)." in said
    assert "Finding 2 is shown without its places" in said


def test_differences_that_may_be_chance_are_folded_under_those_that_stand():
    found = next(each for each in brief(releases.rich()).sections if each.id == "gaps")
    grids = [block for block in found.blocks if isinstance(block, Grid)]

    assert [(len(grid.lines), grid.folded) for grid in grids] == [(2, False), (1, True)]


def test_the_contents_name_the_questions_once_and_every_finding():
    document = brief(releases.rich())

    listed = [each.id for each in document.sections if each.listed]

    assert listed[:4] == ["finding-1", "finding-2", "finding-3", "rates"]
    assert listed[-1] == "tables"
    assert not [name for name in listed if name.startswith(("question-", "tables-"))]


def test_a_question_that_could_not_be_asked_is_followed_by_the_reason():
    assert "Did they come from foster care? The export leaves the field empty for every project." in section(
        releases.rich(), "unanswerable"
    )


def test_page_one_says_that_the_people_are_invented():
    invented = replace(releases.rich(), planted=("Something was planted.",))

    assert "Nobody in this brief ever lived" in page_one(invented)
    assert "Nobody in this brief ever lived" not in page_one(replace(invented, planted=()))


def test_nothing_is_said_to_be_compared_where_nothing_was_searched():
    searched = tuple(replace(each, smallest=None, smallest_people=None) for each in releases.empty().searched)

    assert "Each group was compared" not in page_one(replace(releases.empty(), searched=searched))
    assert "Each group was compared" in page_one(releases.empty())


def test_an_excess_without_a_beginning_is_said_to_be_older_than_the_records():
    said = page_one(first(releases.rich(), when="", onset="", onset_low="", onset_high="", onset_month=-1, always=True))

    assert "since before these records begin" in said
    assert "Since when cannot be told" not in said
