"""The CaseTable as a whole: one index episode a person, whatever the order, the ids and the answers."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.loaded import EVERYTHING, PERIOD, Loaded, export
from upwell.records.cases.hmis import columns
from upwell.records.cases.hmis.cases import HmisCases, case_table
from upwell.records.cases.hmis.read import load
from upwell.records.cases.hmis.rule import rules
from upwell.records.cases.table import Asked, Column

EXAMPLES = 40 if os.environ.get("UPWELL_SLOW") == "full" else 5
CHEAP = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIVING = st.sampled_from([116, 101, 207, 215, 206, 410, 8, 99, None])
STAYS = st.lists(
    st.fixed_dictionaries(
        {
            "person": st.integers(1, 6),
            "ProjectID": st.sampled_from(["shelter", "outreach", "rapid", "supportive"]),
            "EntryDate": st.dates(date(2023, 8, 1), date(2025, 10, 30)),
            "LivingSituation": LIVING,
            "MonthsHomelessPastThreeYears": st.sampled_from([101, 112, 113, 8, None]),
            "age_at_entry": st.sampled_from([7, 17, 18, 44, 70, None]),
            "dates_ok": st.sampled_from([True, True, True, False]),
        }
    ),
    min_size=1,
    max_size=25,
    unique_by=lambda stay: (stay["person"], stay["ProjectID"], stay["EntryDate"]),
)


def rows(stays: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """An exit for two stays of three, and what was said about money at entry and at exit."""
    stays = [{"EnrollmentID": f"e{n}", "EntryDate": date(2023, 11, 2), **stay} for n, stay in enumerate(stays)]
    destinations = (116, 410, 435, 99, 24)
    left = [
        {
            "EnrollmentID": stay["EnrollmentID"],
            "ExitDate": stay["EntryDate"] + timedelta(days=20 + 7 * n),
            "Destination": destinations[n % 5],
        }
        for n, stay in enumerate(stays)
        if n % 3
    ]
    said = [
        {
            "EnrollmentID": stay["EnrollmentID"],
            "DataCollectionStage": stage,
            "InformationDate": stay["EntryDate"],
            "IncomeFromAnySource": (n + stage) % 2,
            "SNAP": (n + stage // 3) % 2,
            "Medicaid": 1,
        }
        for n, stay in enumerate(stays)
        for stage in (1, 3)
    ]
    return {"stays": stays, "Exit": left, "IncomeBenefits": said}


def made(tables: Mapping[str, list[dict[str, Any]]]) -> HmisCases:
    return case_table(export(**tables))


def summary(table: HmisCases) -> dict[str, Any]:
    """All that a reader of counts could see, without the numbers that name persons."""
    seen: dict[str, Any] = {}
    for question in table.questions:
        asked = table.asked(question.name)
        columns = [asked.yes, asked.month, *(asked.codes[name] for name in sorted(asked.codes))]
        seen[question.name] = (
            Counter(zip(*(column.tolist() for column in columns), strict=True)),
            dict(asked.left_out),
        )
    return {"questions": seen, "columns": table.columns, "unanswerable": dict(table.unanswerable)}


@CHEAP
@given(STAYS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(stays: list[dict[str, Any]], random: Any):
    tables = rows(stays)
    shuffled = {name: random.sample(each, len(each)) for name, each in tables.items()}

    assert summary(made(tables)) == summary(made(shuffled))


@CHEAP
@given(STAYS)
def test_other_ids_change_nothing(stays: list[dict[str, Any]]):
    tables = rows(stays)
    renamed = {
        name: [
            {**row, "EnrollmentID": f"z{99 - int(row['EnrollmentID'][1:])}", "person": -row.get("person", 0)}
            if name == "stays"
            else {**row, "EnrollmentID": f"z{99 - int(row['EnrollmentID'][1:])}"}
            for row in each
        ]
        for name, each in tables.items()
    }

    assert summary(made(tables)) == summary(made(renamed))


@CHEAP
@given(STAYS)
def test_the_index_episode_does_not_depend_on_the_answer(stays: list[dict[str, Any]]):
    elsewhere = {207: 116, 116: 207, 215: 206, 206: 215, 101: 410, 410: 101}
    flipped = [
        {**stay, "LivingSituation": elsewhere.get(stay["LivingSituation"], stay["LivingSituation"])} for stay in stays
    ]

    before, after = made(rows(stays)), made(rows(flipped))

    for name in {question.name for question in before.questions} & {"jail", "foster", "hospital"}:
        assert_same_episodes(before.asked(name), after.asked(name))


@CHEAP
@given(STAYS)
def test_the_index_exit_does_not_depend_on_the_destination(stays: list[dict[str, Any]]):
    tables = rows(stays)
    other = {116: 410, 410: 116, 435: 101}
    flipped = [{**row, "Destination": other.get(row["Destination"], row["Destination"])} for row in tables["Exit"]]

    before, after = made(tables), made({**tables, "Exit": flipped})

    if "exit_homeless" in {question.name for question in before.questions}:
        assert_same_episodes(before.asked("exit_homeless"), after.asked("exit_homeless"))


def assert_same_episodes(before: Asked, after: Asked) -> None:
    assert before.person.tolist() == after.person.tolist()
    assert before.month.tolist() == after.month.tolist()
    assert before.household.tolist() == after.household.tolist()
    assert before.left_out == after.left_out


@CHEAP
@given(STAYS)
def test_everybody_with_an_episode_in_the_frame_is_asked_or_left_out(stays: list[dict[str, Any]]):
    tables = rows(stays)
    since, until = PERIOD
    homeless = {"shelter", "outreach"}
    entered = {
        stay["person"] for stay in stays if since <= stay["EntryDate"] <= until and stay["ProjectID"] in homeless
    }
    whose = {stay["EnrollmentID"]: stay["person"] for stay in tables["stays"]}
    left = {whose[row["EnrollmentID"]] for row in tables["Exit"] if since <= row["ExitDate"] <= until}
    frames = {"jail": entered, "homeless_12_months": entered, "exit_homeless": left, "return_6": left}

    table = made(tables)

    for name in frames.keys() & {question.name for question in table.questions}:
        asked = table.asked(name)
        assert asked.persons + sum(asked.left_out.values()) == len(frames[name])
        assert set(asked.person.tolist()) <= frames[name]


@CHEAP
@given(STAYS)
def test_persons_are_counted_once_and_codes_are_within_their_column(stays: list[dict[str, Any]]):
    table = made(rows(stays))
    sizes = {column.name: len(column.values) for column in table.columns}

    for question in table.questions:
        asked = table.asked(question.name)
        assert (np.diff(asked.person) > 0).all()
        for name, codes in asked.codes.items():
            assert codes.dtype == np.uint8 and codes.shape == asked.person.shape
            assert codes.max() < sizes[name]
        months = 24
        assert ((asked.month >= 0) & (asked.month < months)).all()


def test_an_empty_file_more_changes_nothing():
    tables = rows([{"person": n, "LivingSituation": 207} for n in range(4)])
    plain, more = export(**tables), export(**tables)
    more.engine.execute("CREATE TABLE Assessment (AssessmentID VARCHAR)")

    assert summary(case_table(plain)) == summary(case_table(more))


def test_an_export_without_stays_answers_nothing_and_serves_nobody():
    table = case_table(export([]))

    assert table.questions == ()
    assert len(table.unanswerable) >= 16
    assert table.served().persons_served == 0


def test_the_first_episode_that_can_be_asked_counts():
    days = [date(2024, 3, 1), date(2024, 1, 1), date(2024, 2, 1)]
    stays = [
        {"person": 1, "EntryDate": day, "LivingSituation": living}
        for day, living in zip(days, (116, 99, 207), strict=True)
    ]

    asked = case_table(export(stays)).asked("jail")

    assert asked.yes.tolist() == [True]
    assert asked.month.tolist() == [4]
    assert sum(asked.left_out.values()) == 0


@pytest.mark.parametrize("kinds", [("outreach", "shelter"), ("shelter", "outreach")])
def test_of_two_entries_on_one_day_the_kind_of_programme_decides_not_the_row(kinds: tuple[str, str]):
    stays = [{"person": 1, "ProjectID": kind, "LivingSituation": 207 if kind == "shelter" else 116} for kind in kinds]

    assert case_table(export(stays)).asked("jail").yes.tolist() == [True]


def test_stays_count_though_the_files_of_projects_and_clients_are_missing():
    table = case_table(export([{}, {"person": 1}, {"person": 1}], Project=[], Organization=[], Client=[]))

    assert table.served().persons_served == 2
    assert "jail" in table.unanswerable  # without the kind of programme nobody is known to have entered shelter


def test_a_test_clients_records_are_nobodys():
    table = case_table(export([{}, {}], Client=[{"person": 0, "test_client": True}, {"person": 1}]))

    assert table.asked("jail").persons == table.served().persons_served == 1


def test_the_same_person_has_the_same_index_in_all_questions_of_a_population():
    stays = [{"person": n % 3, "EntryDate": date(2024, 1 + n, 1), "LivingSituation": 204 + n} for n in range(6)]
    table = case_table(export(stays))

    jail, hospital = table.asked("jail"), table.asked("hospital")

    assert jail.person.tolist() == hospital.person.tolist()
    assert jail.month.tolist() == hospital.month.tolist()
    assert not (jail.yes & hospital.yes).any()


def column(table: HmisCases, name: str) -> Column:
    return next(column for column in table.columns if column.name == name)


def words_of(table: HmisCases, name: str) -> list[str]:
    """The words of a column for each person served, in the order of persons."""
    served = table.served()
    return [column(table, name).values[code].words for code in served.codes[name]]


def clients(*values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"person": n, **each} for n, each in enumerate(values)]


def test_race_is_one_label_more_than_one_or_not_known():
    said = clients(
        {"White": 1}, {"BlackAfAmerican": 1}, {"White": 1, "Asian": 1}, {"RaceNone": 8}, {"HispanicLatinao": 1}
    )

    table = case_table(export([{}] * 5, Client=said))

    assert words_of(table, "race") == [
        "white people",
        "Black, African American or African people",
        "people of more than one race or ethnicity",
        "race and ethnicity not known",
        "Hispanic, Latina or Latino people",
    ]


def test_gender_has_a_row_for_everybody_and_a_trans_woman_is_a_woman():
    said = [{"Woman": 1}, {"Man": 1}, {"NonBinary": 1}, {"Woman": 1, "Man": 1}, {"Woman": 1, "Transgender": 1}]
    said += [{"Transgender": 1}, {"GenderNone": 9}]

    table = case_table(export([{}] * 7, Client=clients(*said)))

    another = "people of another gender, or of more than one"
    assert words_of(table, "gender") == [
        "women and girls",
        "men and boys",
        another,
        another,
        "women and girls",
        another,
        "gender not known",
    ]
    assert "sex" not in {column.name for column in table.columns}


def test_sex_stands_where_the_version_has_no_gender():
    table = case_table(export([{}] * 3, Client=clients({"Sex": 0}, {"Sex": 1}, {"Sex": 99})))

    assert words_of(table, "sex") == ["women and girls", "men and boys", "sex not known"]
    assert "gender" not in {column.name for column in table.columns}


def test_age_bands_meet_at_their_edges():
    ages = [17, 18, 24, 25, 34, 35, 44, 45, 54, 55, 64, 65, None]

    table = case_table(export([{"age_at_entry": age} for age in ages]))

    assert table.served().codes["age"].tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7]


def test_length_of_stay_is_in_true_order_not_in_the_order_of_codes():
    table = case_table(export([{"LengthOfStay": code} for code in (10, 11, 2, 3, 4, 5, 99)]))

    assert table.served().codes["stay_before"].tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert column(table, "stay_before").kind == "ordinal"


def test_children_are_a_row_of_their_own_where_veterans_are_asked():
    said = clients({"VeteranStatus": 1}, {"VeteranStatus": 0}, {"VeteranStatus": 99}, {"VeteranStatus": 99})

    table = case_table(export([{}, {}, {}, {"age_at_entry": 9}], Client=said))

    assert words_of(table, "veteran")[3] == "under 18, not asked about service"
    assert [value.known for value in column(table, "veteran").values] == [True, True, False, False]


def test_household_type_follows_the_ages_of_all_members():
    stays = [
        {"household": "a", "age_at_entry": 30},
        {"household": "b", "age_at_entry": 30},
        {"household": "b", "age_at_entry": 3},
        {"household": "c", "age_at_entry": 16},
        {"household": "d", "age_at_entry": 40},
        {"household": "d", "age_at_entry": None},
        {"household": "e", "age_at_entry": 40},
        {"household": "e", "age_at_entry": 4},
        {"household": "e", "age_at_entry": None},
    ]

    table = case_table(export(stays))

    assert table.served().codes["household_type"].tolist() == [0, 1, 1, 2, 3, 3, 1, 1, 1]


def test_place_is_the_city_else_the_zip_area_else_the_continuum():
    where = [
        {"ProjectID": "shelter", "CoCCode": "XX-501", "City": "  lake CITY ", "ZIP": "52601"},
        {"ProjectID": "rapid", "CoCCode": "XX-501", "ZIP": "52601"},
        {"ProjectID": "outreach", "CoCCode": "XX-502"},
    ]
    stays = [{"ProjectID": name} for name in ("shelter", "rapid", "outreach", "supportive")]

    table = case_table(export(stays, ProjectCoC=where))

    assert words_of(table, "place") == ["Lake City", "ZIP codes 526", "XX-502", "place not known"]
    assert not column(table, "place").composition and column(table, "place").kind == "place"


def test_a_project_in_two_continuums_takes_the_place_of_the_enrollments():
    where = [{"ProjectID": "shelter", "CoCCode": f"XX-{n}", "City": f"Town {n}"} for n in (501, 502)]
    stays = [{"EnrollmentCoC": "XX-502"}, {"EnrollmentCoC": "XX-501"}, {"EnrollmentCoC": None}]

    table = case_table(export(stays, ProjectCoC=where))

    assert words_of(table, "place") == ["Town 502", "Town 501", "place not known"]


def test_the_rarest_programmes_are_folded_into_other():
    projects = [
        {"ProjectID": f"p{n}", "OrganizationID": "o0", "ProjectName": f"House {n:02}", "ProjectType": 0}
        for n in range(70)
    ]
    stays = [{"ProjectID": f"p{n}"} for n in range(70) for _ in range(1 + (n < 62))]

    table = case_table(export(stays, Project=projects))

    programme = column(table, "project")
    assert len(programme.values) == 64
    assert [value.key for value in programme.values[-2:]] == ["other", "unknown"]
    assert np.bincount(table.served().codes["project"])[62] == 8
    assert programme.programme and not programme.composition


def test_programmes_of_one_name_in_two_agencies_stay_apart():
    projects = [
        {"ProjectID": f"p{n}", "OrganizationID": f"o{n % 2}", "ProjectName": "Night shelter", "ProjectType": 0}
        for n in range(2)
    ]

    table = case_table(export([{"ProjectID": "p0"}, {"ProjectID": "p1"}], Project=projects))

    assert words_of(table, "project") == ["Night shelter (Agency 0)", "Night shelter (Agency 1)"]


def test_an_agency_column_that_only_renames_the_programmes_is_left_out():
    table = case_table(export([{"ProjectID": "shelter"}, {"ProjectID": "rapid"}]))

    assert "agency" not in {column.name for column in table.columns}


def test_a_constant_and_a_mostly_missing_column_are_left_out():
    stays = [{"DisablingCondition": 1, "TimesHomelessPastThreeYears": 1 + n if n < 2 else None} for n in range(30)]

    names = {column.name for column in case_table(export(stays)).columns}

    assert not names & {"disabling", "times_homeless"}


def test_a_column_as_even_as_random_codes_carries_a_warning():
    even = [{"TimesHomelessPastThreeYears": 1 + n % 4, "LengthOfStay": (10, 11, 2, 2, 2, 3)[n % 6]} for n in range(480)]

    table = case_table(export(even))

    assert column(table, "times_homeless").warning == columns.EVEN_WARNING
    assert column(table, "stay_before").warning == ""


def test_a_few_even_answers_are_no_reason_to_warn():
    table = case_table(export([{"TimesHomelessPastThreeYears": 1 + n % 4} for n in range(40)]))

    assert column(table, "times_homeless").warning == ""


def test_disabling_condition_is_the_only_sensitive_column_and_no_diagnosis_is_one():
    names = {rule.name for rule in columns.RULES}

    assert [rule.name for rule in columns.RULES if isinstance(rule, columns.Coded) and rule.sensitive] == ["disabling"]
    assert not any(re.search("hiv|substance|mental|violence|destination", name) for name in names)


def test_at_most_sixteen_columns_with_at_most_sixty_four_values():
    table = made(rows([{"person": n, "age_at_entry": n * 3, "LivingSituation": 207} for n in range(25)]))

    assert len(columns.RULES) - 1 < columns.MOST_COLUMNS  # gender or sex, never both, and time
    assert all(2 <= len(column.values) <= 64 for column in table.columns)
    assert all(len({value.key for value in column.values}) == len(column.values) for column in table.columns)


@pytest.mark.parametrize(
    ("question", "unfit"),
    [
        ("jail", {"prior_living", "stay_before"}),
        ("no_income_exit", {"income"}),
        ("benefit_lost", {"insurance"}),
        ("homeless_12_months", {"times_homeless"}),
    ],
)
def test_a_column_that_gives_the_answer_away_is_not_among_the_codes(question: str, unfit: set[str]):
    spread = {
        "LengthOfStay": (10, 2),
        "TimesHomelessPastThreeYears": (1, 4),
        "MonthsHomelessPastThreeYears": (101, 113),
    }
    stays = [
        {"person": n, "LivingSituation": (207, 410)[n % 2], **{name: two[n % 2] for name, two in spread.items()}}
        for n in range(9)
    ]
    tables = rows(stays)
    for n, row in enumerate(tables["IncomeBenefits"]):
        row["InsuranceFromAnySource"] = n // 2 % 2

    table = made(tables)

    assert unfit <= {column.name for column in table.columns}
    assert not unfit & table.asked(question).codes.keys()


def test_time_is_as_fine_as_the_number_of_entries_bears():
    def steps(people: int) -> tuple[int, str]:
        stays = [{"EntryDate": date(2023, 10, 1) + timedelta(days=n % 700)} for n in range(people)]
        values = column(case_table(export(stays)), "period").values
        return len(values), values[0].words

    assert steps(20) == (4, "Oct 2023 to Mar 2024")
    assert steps(800) == (8, "Oct 2023 to Dec 2023")
    assert steps(2400) == (24, "Oct 2023")


def test_a_step_of_time_names_its_first_month():
    stays = [{"EntryDate": day} for day in (date(2023, 10, 1), date(2024, 3, 31), date(2024, 4, 1), date(2025, 9, 30))]

    table = case_table(export(stays))

    assert [value.key for value in column(table, "period").values] == ["2023-10", "2024-04", "2024-10", "2025-04"]
    assert table.asked("jail").codes["period"].tolist() == [0, 0, 1, 3]
    assert table.asked("jail").month.tolist() == [0, 5, 6, 23]


def test_the_case_table_hands_on_where_it_came_from():
    loaded = Loaded(export([{}]).engine, source="the county", source_id="s", snapshot="d", collected=EVERYTHING)

    table = case_table(loaded)

    assert (table.source, table.source_id, table.snapshot, table.period) == ("the county", "s", "d", PERIOD)
    assert table.place_words == "where help was sought"


@pytest.fixture(scope="module")
def real_table(tmp_path_factory: pytest.TempPathFactory) -> HmisCases:
    path = Path(__file__).resolve().parents[5] / "shared" / "data" / "hmis_exports" / "fy2024_datalab_export.zip"
    if not path.exists():
        pytest.skip("the shared data folder with the FY2024 export is absent")
    return case_table(load(path, key=bytes(range(32)), work=tmp_path_factory.mktemp("work")))


def test_on_the_real_export_came_from_questions_are_exclusive(real_table: HmisCases):
    answers = [real_table.asked(name) for name in ("jail", "foster", "hospital")]

    assert len({tuple(asked.person.tolist()) for asked in answers}) == 1
    assert np.sum([asked.yes for asked in answers], axis=0).max() == 1


def test_on_the_real_export_nested_questions_nest(real_table: HmisCases):
    nested = [question for question in real_table.questions if question.nested_in]
    returns = real_table.asked("return_6")

    for question in nested:
        inner, outer = real_table.asked(question.name), real_table.asked(question.nested_in)
        assert set(outer.person.tolist()) <= set(inner.person.tolist())
        assert set(inner.person[inner.yes].tolist()) & set(outer.person.tolist()) <= set(
            outer.person[outer.yes].tolist()
        )
    assert returns.persons > 0


def test_on_the_real_export_every_question_is_asked_or_said_to_be_unanswerable(real_table: HmisCases):
    names = {question.name for question in real_table.questions}

    assert names.isdisjoint(real_table.unanswerable)
    assert len(names) + len(real_table.unanswerable) == len(rules())
    assert {"return_12", "return_24"} <= real_table.unanswerable.keys()
    assert len(names) >= 12


def test_on_the_real_export_nobody_is_asked_who_was_not_served(real_table: HmisCases):
    served = real_table.served()

    assert served.persons_served == served.leavers + served.stayers == 514
    for question in real_table.questions:
        assert set(real_table.asked(question.name).person.tolist()) <= set(served.person.tolist())


@CHEAP
@given(STAYS)
def test_whoever_is_asked_over_twelve_months_is_asked_over_six(stays: list[dict[str, Any]]):
    table = made(rows(stays))
    names = {question.name for question in table.questions}

    if {"return_6", "return_12"} <= names:
        six, twelve = table.asked("return_6"), table.asked("return_12")
        shared = np.isin(six.person, twelve.person)
        assert set(twelve.person.tolist()) <= set(six.person.tolist())
        assert (twelve.yes | ~six.yes[shared]).all()
        assert six.month[shared].tolist() == twelve.month.tolist()
