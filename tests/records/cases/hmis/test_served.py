"""Persons and households served: small cases, and the known answers of the Annual Performance Report."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from factories.loaded import Loaded, export
from upwell.records.cases.hmis.apr import question_5a, question_8a
from upwell.records.cases.hmis.cases import case_table, served_in
from upwell.records.cases.hmis.read import load
from upwell.records.cases.table import Served

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
YEAR = (date(2023, 10, 1), date(2024, 9, 30))


def served(stays: list[dict[str, Any]], **tables: Any) -> Served:
    return case_table(export(stays, period=YEAR, **tables)).served()


def left(*days: date | None) -> list[dict[str, Any]]:
    return [{"EnrollmentID": f"e{n}", "ExitDate": day, "Destination": 410} for n, day in enumerate(days) if day]


def test_a_stay_counts_when_a_day_of_it_lies_in_the_period():
    entered = [date(2022, 1, 1), date(2022, 1, 1), date(2024, 9, 30), date(2024, 10, 1)]
    exits = left(date(2023, 9, 30), date(2023, 10, 1))

    assert served([{"EntryDate": day} for day in entered], Exit=exits).persons_served == 2


def test_a_person_with_many_stays_is_served_once():
    assert served([{"person": 1}, {"person": 1}, {"person": 2}]).persons_served == 2


def test_a_leaver_has_no_stay_open_when_the_period_ends():
    stays = [{"person": 1}, {"person": 1}, {"person": 2}, {"person": 3}]
    days = left(date(2024, 1, 1), None, date(2024, 9, 30), date(2024, 10, 1))

    counted = served(stays, Exit=days)

    assert (counted.leavers, counted.stayers) == (1, 2)


def test_age_is_that_of_the_last_stay_on_its_entry_or_the_periods_first_day():
    stays = [
        {"person": 1, "age_at_entry": 17, "age_in_period": 17},
        {"person": 1, "age_at_entry": 17, "age_in_period": 18, "EntryDate": date(2024, 2, 1)},
        {"person": 2, "age_at_entry": 17, "age_in_period": 17},
        {"person": 3, "age_in_period": None},
    ]

    counted = served(stays)

    assert (counted.adults, counted.children, counted.age_unknown) == (1, 1, 1)


def test_veterans_are_adults_who_served():
    stays = [{"age_in_period": age} for age in (40, 17, 40)]
    said = [{"person": n, "VeteranStatus": status} for n, status in enumerate((1, 1, 0))]

    assert served(stays, Client=said).veterans == 1


def test_households_are_counted_by_their_heads():
    stays = [{"household": "a"}, {"household": "a", "RelationshipToHoH": 2}, {"household": "b"}]

    assert served(stays).households == 2


def test_the_report_and_the_table_of_who_was_served_agree():
    stays = [
        {"person": n // 2, "age_in_period": (9, 30, None)[n % 3], "RelationshipToHoH": 1 + n % 2} for n in range(12)
    ]
    exits = left(*(date(2024, 1, 1) if n % 4 else None for n in range(12)))

    loaded = export(stays, period=YEAR, Exit=exits)
    counted, lines = case_table(loaded).served(), question_5a(loaded)

    assert [lines[n] for n in (1, 2, 3, 4, 5, 8, 10)] == [
        counted.persons_served,
        counted.adults,
        counted.children,
        counted.age_unknown,
        counted.leavers,
        counted.stayers,
        counted.veterans,
    ]
    assert question_8a(loaded)["total"] == counted.households


def test_whoever_lives_with_a_chronically_homeless_adult_since_the_same_day_counts_as_such():
    chronic = {
        "DisablingCondition": 1,
        "TimesHomelessPastThreeYears": 4,
        "MonthsHomelessPastThreeYears": 112,
        "household": "a",
    }
    child = {"household": "a", "age_in_period": 4, "RelationshipToHoH": 2}
    joined_later = {**child, "EntryDate": date(2024, 2, 1)}

    assert question_5a(export([chronic, child, joined_later], period=YEAR))[11] == 2


def real(name: str, tmp_path: Path) -> Loaded:
    path = SHARED / "hmis_apr" / f"{name}_export.zip"
    if not path.exists():
        pytest.skip("the shared data folder with the Annual Performance Report exports is absent")
    return load(path, key=bytes(range(32)), work=tmp_path)


def expected(name: str, table: str) -> list[list[str]]:
    with zipfile.ZipFile(SHARED / "hmis_apr" / "expected_tables.zip") as archive:
        member = next(each for each in archive.namelist() if each.endswith(f"{name}/{table}.csv"))
        return list(csv.reader(io.StringIO(archive.read(member).decode("utf-8-sig"))))


@pytest.mark.parametrize("name", ["psh", "rrh"])
def test_every_line_of_question_5a_is_the_known_one(name: str, tmp_path: Path):
    loaded = real(name, tmp_path)

    known = {int(words.split(".")[0]): int(persons) for words, persons in expected(name, "Q5a")}

    assert len(known) == 16
    assert question_5a(loaded) == known


@pytest.mark.parametrize("name", ["psh", "rrh"])
def test_every_household_of_question_8a_is_the_known_one(name: str, tmp_path: Path):
    loaded = real(name, tmp_path)

    known = [int(households) for households in expected(name, "Q8a")[1][1:]]

    assert list(question_8a(loaded).values()) == known
    assert case_table(loaded).served().households == known[0] == 28


@pytest.mark.parametrize("name", ["psh", "rrh"])
def test_the_short_way_to_the_persons_served_counts_the_same_people(name: str, tmp_path: Path):
    loaded = real(name, tmp_path)

    short, whole = served_in(loaded), case_table(loaded).served()

    assert replace(short, codes={}, person=None) == replace(whole, codes={}, person=None)
    assert list(short.person) == list(whole.person)
