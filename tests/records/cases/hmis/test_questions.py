"""Each question on a small known example: who is asked, who says yes, who is left out and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from factories.loaded import PERIOD, export
from upwell.records.cases.hmis.asked import ask
from upwell.records.cases.hmis.cases import HmisCases, case_table
from upwell.records.cases.hmis.rule import REASONS, read_rule, rules, settings
from upwell.records.errors import RecordsError

BARRIERS = {
    "not-there",
    "too-little",
    "not-eligible-by-rule",
    "rule-misapplied",
    "too-slow",
    "too-dear",
    "cannot-reach-or-use",
    "treated-unfairly",
    "unsafe-or-poor",
    "broken-between-systems",
    "not-known-of",
    "declined",
    "our-own-agency",
}
MAY = date(2024, 5, 1)


def exits(*destinations: int | None, on: date = MAY) -> list[dict[str, Any]]:
    return [{"EnrollmentID": f"e{n}", "ExitDate": on, "Destination": to} for n, to in enumerate(destinations)]


def at_stage(stage: int, *answers: dict[str, Any], on: date = MAY) -> list[dict[str, Any]]:
    return [
        {"EnrollmentID": f"e{n}", "DataCollectionStage": stage, "InformationDate": on, **answer}
        for n, answer in enumerate(answers)
    ]


def yes_and_asked(table: HmisCases, question: str) -> tuple[int, int]:
    asked = table.asked(question)
    return int(asked.yes.sum()), asked.persons


def left_out(table: HmisCases, question: str) -> dict[str, int]:
    return {reason: persons for reason, persons in table.asked(question).left_out.items() if persons}


def test_every_question_names_a_barrier_kind_and_who_decides():
    for rule in rules():
        assert rule.question.barrier in BARRIERS
        assert rule.question.levers and rule.question.deciders
        assert rule.question.cannot_tell.endswith(".")
        assert rule.question.asked_of.endswith(".")


def test_every_question_reads_as_a_sentence_about_people():
    for rule in rules():
        question = rule.question
        assert question.words.endswith("?")
        assert question.people.split()[0] in {"people", "adults"}
        assert not question.happened.endswith(".") and not question.not_happened.endswith(".")
        assert question.happened != question.not_happened


def test_the_questions_of_the_first_issue_have_a_file_each():
    names = {rule.question.name for rule in rules()}

    assert names >= {"jail", "foster", "hospital", "exit_homeless", "return_6", "return_12", "return_24"}
    assert names >= {"no_income_exit", "looking_for_work_exit", "benefit_lost", "insurance_denied", "no_move_in_120"}
    assert names >= {"referral_refused", "referral_unanswered", "homeless_12_months", "violence"}


def test_questions_of_one_population_share_their_frame():
    came_from = [rule for rule in rules() if rule.question.population == "entries"]

    assert {rule.question.name for rule in came_from} == {"jail", "foster", "hospital"}
    assert len({rule.frame for rule in came_from}) == 1
    assert all(rule.question.exclusive for rule in came_from)


def test_a_new_question_is_a_file_with_a_frame_of_its_own():
    text = {
        "words": "Do people leave without anyone knowing where to?",
        "people": "people who left",
        "happened": "left without anyone knowing where to",
        "not_happened": "left to a known place",
        "asked_of": "All exits.",
        "barrier": "our-own-agency",
        "levers": ["exit interviews"],
        "deciders": ["the agency"],
        "population": "all-exits",
        "yes": "destination IN (8, 9, 30, 99)",
        "frame": {"rows": "episode", "at": "exit", "among": "exit IS NOT NULL"},
    }
    table = case_table(export([{}, {}], Exit=exits(99, 410)))

    index = ask(table.engine, read_rule("unknown_exit", text, {}), PERIOD)

    assert index.yes.tolist() == [True, False]


def test_a_question_that_has_no_file_cannot_be_asked():
    with pytest.raises(RecordsError, match="no question of that name"):
        case_table(export([{}])).asked("weather")


@pytest.mark.parametrize(
    ("living", "question"),
    [(207, "jail"), (215, "foster"), (204, "hospital"), (205, "hospital"), (206, "hospital"), (225, "hospital")],
)
def test_where_people_came_from_is_read_off_the_place_before_entry(living: int, question: str):
    table = case_table(export([{"LivingSituation": living}, {"LivingSituation": 116}]))

    answers = {name: yes_and_asked(table, name) for name in ("jail", "foster", "hospital")}

    assert answers == {name: (int(name == question), 2) for name in answers}


def test_unknown_places_are_left_out_by_the_kind_of_missing():
    living = [207, 8, 9, 99, None, 17]

    table = case_table(export([{"LivingSituation": code} for code in living]))

    assert yes_and_asked(table, "jail") == (1, 2)
    assert left_out(table, "jail") == {"refused or unknown": 2, "not collected": 1, "not asked": 1}


def test_only_entries_into_homelessness_are_asked_where_people_came_from():
    kinds = ["shelter", "outreach", "transitional", "rapid", "prevention", "supportive", "entry"]

    table = case_table(export([{"ProjectID": kind, "LivingSituation": 207} for kind in kinds]))

    assert yes_and_asked(table, "jail") == (3, 3)


def test_impossible_dates_are_left_out():
    table = case_table(export([{"LivingSituation": 207, "dates_ok": False}, {"LivingSituation": 207}]))

    assert yes_and_asked(table, "jail") == (1, 1)
    assert left_out(table, "jail") == {"dates impossible": 1}


def test_entries_outside_the_period_are_not_in_the_frame():
    days = [date(2023, 9, 30), date(2023, 10, 1), date(2025, 9, 30), date(2025, 10, 1)]

    table = case_table(export([{"EntryDate": day, "LivingSituation": 207} for day in days]))

    assert yes_and_asked(table, "jail") == (2, 2)


def test_leaving_to_homelessness_is_asked_of_known_destinations_of_the_living():
    destinations = [101, 116, 118, 410, 207, 17, 24, 30, 37, 99, 8, None]

    table = case_table(export([{} for _ in destinations], Exit=exits(*destinations)))

    assert yes_and_asked(table, "exit_homeless") == (3, 6)
    assert left_out(table, "exit_homeless") == {
        "not applicable": 1,
        "not asked": 2,
        "refused or unknown": 2,
        "not collected": 1,
    }


def test_of_two_exits_of_one_stay_the_latest_counts():
    both = [*exits(116, on=date(2024, 1, 1)), *exits(410, on=date(2024, 2, 1))]

    table = case_table(export([{}], Exit=both))

    assert yes_and_asked(table, "exit_homeless") == (0, 1)


def returning(days_after: int) -> HmisCases:
    """One person left to a home on the first of May 2024 and entered shelter again so many days later."""
    again = date.fromordinal(MAY.toordinal() + days_after)
    return case_table(export([{"person": 1}, {"person": 1, "EntryDate": again}], Exit=exits(410)))


@pytest.mark.parametrize(
    ("days_after", "answers"), [(0, [0, 0]), (1, [1, 1]), (184, [1, 1]), (185, [0, 1]), (365, [0, 1]), (366, [0, 0])]
)
def test_a_return_is_a_later_entry_within_the_months(days_after: int, answers: list[int]):
    table = returning(days_after)

    assert [yes_and_asked(table, name) for name in ("return_6", "return_12")] == [(yes, 1) for yes in answers]


def test_an_entry_to_housing_is_no_return_to_homelessness():
    stays = [{"person": 1}, {"person": 1, "EntryDate": date(2024, 6, 1), "ProjectID": "rapid"}]

    assert yes_and_asked(case_table(export(stays, Exit=exits(410))), "return_6") == (0, 1)


def test_another_persons_entry_is_no_return():
    stays = [{"person": 1}, {"person": 2, "EntryDate": date(2024, 6, 1)}]

    assert yes_and_asked(case_table(export(stays, Exit=exits(410))), "return_6") == (0, 1)


def test_a_window_that_is_not_over_leaves_the_person_out():
    left = [*exits(410, on=date(2025, 3, 31)), *exits(None, 410, on=date(2025, 4, 1))[1:]]

    table = case_table(export([{}, {}], Exit=left))

    assert yes_and_asked(table, "return_6") == (0, 1)
    assert left_out(table, "return_6") == {"window not over": 1}


def test_a_window_longer_than_the_export_makes_a_question_unanswerable_and_ends_the_nesting():
    table = case_table(export([{}], Exit=exits(410)))

    assert "24 months later" in table.unanswerable["return_24"]
    assert {question.name: question.nested_in for question in table.questions if question.population == "returns"} == {
        "return_12": "",
        "return_6": "return_12",
    }


def test_leaving_without_income_is_asked_of_adults_with_an_answer():
    stays = [{}, {}, {"age_at_entry": 12}, {"age_at_entry": None}, {}, {}]
    said = [{"IncomeFromAnySource": code} for code in (0, 1, 0, 0, 99, None)]

    table = case_table(export(stays, Exit=exits(*[410] * 6), IncomeBenefits=at_stage(3, *said)))

    assert yes_and_asked(table, "no_income_exit") == (1, 2)
    assert left_out(table, "no_income_exit") == {
        "not applicable": 1,
        "refused or unknown": 1,
        "not collected": 1,
        "not asked": 1,
    }


def test_income_at_entry_says_nothing_about_income_at_exit():
    table = case_table(
        export([{}, {}], Exit=exits(410, 410), IncomeBenefits=at_stage(1, *[{"IncomeFromAnySource": 0}] * 2))
    )

    assert "no_income_exit" in table.unanswerable


def test_the_latest_record_of_a_stage_counts():
    first = at_stage(3, {"IncomeFromAnySource": 0, "DateUpdated": datetime(2024, 5, 2)})
    later = at_stage(3, {"IncomeFromAnySource": 1, "DateUpdated": datetime(2024, 5, 9)})

    table = case_table(export([{}], Exit=exits(410), IncomeBenefits=[*later, *first]))

    assert yes_and_asked(table, "no_income_exit") == (0, 1)


def test_looking_for_work_is_asked_of_those_without_a_job_who_said_why():
    said = [
        {"Employed": 0, "NotEmployedReason": 1},
        {"Employed": 0, "NotEmployedReason": 2},
        {"Employed": 0, "NotEmployedReason": None},
        {"Employed": 0, "NotEmployedReason": 99},
        {"Employed": 1},
        {"Employed": 8},
    ]

    table = case_table(export([{}] * 6, Exit=exits(*[410] * 6), EmploymentEducation=at_stage(3, *said)))

    assert yes_and_asked(table, "looking_for_work_exit") == (1, 2)
    assert left_out(table, "looking_for_work_exit") == {
        "not asked": 1,
        "not collected": 1,
        "not applicable": 1,
        "refused or unknown": 1,
    }


def benefits(entry: dict[str, int | None], later: dict[str, int | None], stage: int = 5) -> HmisCases:
    records = [*at_stage(1, entry, on=date(2023, 11, 2)), *at_stage(stage, later)]
    return case_table(export([{}], IncomeBenefits=records))


@pytest.mark.parametrize("stage", [2, 3, 5])
def test_a_benefit_is_lost_when_it_was_there_at_entry_and_later_is_not(stage: int):
    table = benefits({"BenefitsFromAnySource": 1, "SNAP": 1}, {"BenefitsFromAnySource": 1, "SNAP": 0, "WIC": 1}, stage)

    assert yes_and_asked(table, "benefit_lost") == (1, 1)


def test_a_plain_no_to_all_insurance_loses_medicaid_though_the_parts_are_blank():
    table = benefits({"InsuranceFromAnySource": 1, "Medicaid": 1}, {"InsuranceFromAnySource": 0})

    assert yes_and_asked(table, "benefit_lost") == (1, 1)


def test_a_benefit_that_stays_is_not_lost_and_a_new_one_changes_nothing():
    table = benefits({"SNAP": 1, "Medicaid": 0}, {"SNAP": 1, "Medicaid": 1})

    assert yes_and_asked(table, "benefit_lost") == (0, 1)


@pytest.mark.parametrize(
    ("entry", "later", "reason"),
    [
        ({"BenefitsFromAnySource": 0, "InsuranceFromAnySource": 0}, {"SNAP": 0}, "not applicable"),
        ({"BenefitsFromAnySource": 99}, {"SNAP": 0}, "not collected"),
        ({"SNAP": 1}, {"SNAP": None, "BenefitsFromAnySource": 8}, "refused or unknown"),
        ({"SNAP": 1, "Medicaid": 1}, {"SNAP": 0, "Medicaid": None}, "not asked"),
    ],
)
def test_a_benefit_that_nobody_asked_about_again_is_no_loss(
    entry: dict[str, int | None], later: dict[str, int | None], reason: str
):
    answered = {"SNAP": 1, "Medicaid": 1}
    records = [*at_stage(1, entry, answered), *at_stage(5, later, answered, on=date(2024, 6, 1))]

    table = case_table(export([{}, {}], IncomeBenefits=records))

    assert yes_and_asked(table, "benefit_lost") == (0, 1)
    assert left_out(table, "benefit_lost") == {reason: 1}


def test_a_refused_application_is_counted_among_those_who_said_whether_they_applied():
    said = [
        {"InsuranceFromAnySource": 0, "Medicaid": 0, "NoMedicaidReason": 2},
        {"InsuranceFromAnySource": 0, "NoMedicaidReason": 1, "NoSCHIPReason": 4},
        {"InsuranceFromAnySource": 0, "NoMedicaidReason": 3},
        {"InsuranceFromAnySource": 0, "NoMedicaidReason": 4},
        {"InsuranceFromAnySource": 0, "NoMedicaidReason": 99},
        {"InsuranceFromAnySource": 1, "Medicaid": 1},
        {"InsuranceFromAnySource": 0},
    ]

    table = case_table(export([{}] * 7, IncomeBenefits=at_stage(1, *said)))

    assert yes_and_asked(table, "insurance_denied") == (1, 3)
    assert left_out(table, "insurance_denied") == {"not applicable": 2, "not collected": 1, "not asked": 1}


def test_waiting_for_a_home_counts_from_entry_to_the_heads_move():
    entry = date(2024, 1, 1)
    stays = [
        {"MoveInDate": date(2024, 4, 30)},  # day 120
        {"MoveInDate": date(2024, 5, 1)},  # day 121
        {"MoveInDate": None},
        {"household": "one", "MoveInDate": date(2024, 2, 1)},
        {"household": "one", "RelationshipToHoH": 2, "age_at_entry": 5},
        {"EntryDate": date(2025, 9, 1)},
        {"ProjectID": "shelter"},
    ]

    table = case_table(export([{"ProjectID": "rapid", "EntryDate": entry, **values} for values in stays]))

    asked = table.asked("no_move_in_120")
    assert asked.yes.tolist() == [False, True, True, False, False]
    assert left_out(table, "no_move_in_120") == {"window not over": 1}


def test_referrals_are_refused_by_the_programme_or_wait_for_an_answer():
    said = [(13, 3, "2024-05-01"), (13, 1, "2024-05-01"), (10, 2, "2024-05-01"), (14, None, "2024-05-01")]
    said += [(14, None, "2025-09-15"), (4, 3, "2024-05-01")]
    events = [
        {"EventID": str(n), "EnrollmentID": f"e{n}", "Event": kind, "ReferralResult": result, "EventDate": day}
        for n, (kind, result, day) in enumerate(said)
    ]

    table = case_table(export([{}] * len(said), Event=events))

    assert yes_and_asked(table, "referral_refused") == (1, 3)
    assert left_out(table, "referral_refused") == {"not asked": 2}
    assert yes_and_asked(table, "referral_unanswered") == (1, 4)
    assert left_out(table, "referral_unanswered") == {"window not over": 1}


def test_only_the_first_referral_of_a_person_counts():
    events = [
        {
            "EventID": str(n),
            "EnrollmentID": "e0",
            "Event": 13,
            "ReferralResult": result,
            "EventDate": f"2024-05-0{3 - n}",
        }
        for n, result in enumerate((3, 1))
    ]

    assert yes_and_asked(case_table(export([{}], Event=events)), "referral_refused") == (0, 1)


def test_a_year_of_homelessness_is_twelve_months_in_three_years_or_a_year_on_end():
    stays = [
        {"MonthsHomelessPastThreeYears": 112},
        {"MonthsHomelessPastThreeYears": 113},
        {"MonthsHomelessPastThreeYears": 111},
        {"MonthsHomelessPastThreeYears": 101, "DateToStreetESSH": date(2022, 11, 2)},
        {"MonthsHomelessPastThreeYears": 101, "DateToStreetESSH": date(2022, 11, 3)},
        {"MonthsHomelessPastThreeYears": 8, "DateToStreetESSH": date(2020, 11, 3)},
    ]

    table = case_table(export(stays))

    assert table.asked("homeless_12_months").yes.tolist() == [True, True, False, True, False]
    assert left_out(table, "homeless_12_months") == {"refused or unknown": 1}


def test_violence_is_never_split_and_fully_protected():
    said = [{"DomesticViolenceSurvivor": code} for code in (1, 0, 9)]

    table = case_table(export([{}] * 3, HealthAndDV=at_stage(1, *said)))

    asked = table.asked("violence")
    assert yes_and_asked(table, "violence") == (1, 2)
    assert asked.question.whole_export_only and asked.question.protection == "full"
    assert asked.codes == {}


def test_a_column_that_was_not_collected_makes_its_questions_unanswerable():
    table = case_table(export([{}], without=("Enrollment.LivingSituation",)))

    assert table.unanswerable["jail"] == "This export does not hold Enrollment.LivingSituation."
    assert "jail" not in {question.name for question in table.questions}
    with pytest.raises(RecordsError, match=r"does not hold Enrollment\.LivingSituation"):
        table.asked("jail")


def test_a_question_that_nobody_can_be_asked_is_unanswerable():
    table = case_table(export([{"LivingSituation": 99}]))

    assert table.unanswerable["jail"].startswith("Nobody in this export can be asked.")


def test_a_question_names_each_reason_there_can_be_for_it_and_no_other():
    table = case_table(export([{"LivingSituation": 207}]))

    reasons = tuple(table.asked("jail").left_out)

    assert reasons == ("refused or unknown", "not collected", "not asked", "dates impossible")
    assert set(reasons) < set(REASONS)


def test_numbers_shared_by_questions_have_a_source():
    assert settings()["homeless_settings"] == [0, 1, 2, 4, 8]
    assert settings()["housing_types"] == [3, 9, 10, 13]
