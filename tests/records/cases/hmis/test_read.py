"""Reading an export: what is in the tables, where each row went, and which rule says so."""

from __future__ import annotations

import random
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.hmis_files import KEY, SHARED, STAMP, Files, values
from upwell.records.cases.hmis.read import Loaded, load, read
from upwell.records.errors import UnreadableError, VictimProviderError


def account(loaded: Loaded, file: str) -> tuple[int, int, int, int, int, int]:
    each = loaded.quality.files[f"{file}.csv"]
    return (each.read, each.used, each.repaired, each.superseded, each.quarantined, each.deleted)


def test_an_export_without_fault_uses_every_row_and_fires_no_rule(tmp_path: Path) -> None:
    loaded = Files.of_one_stay().load(tmp_path)

    assert account(loaded, "Client") == (1, 1, 0, 0, 0, 0)
    assert loaded.quality.rules() == {}
    assert loaded.quality.clean
    assert (loaded.format, loaded.period) == ("FY2024", (date(2023, 10, 1), date(2024, 9, 30)))


def test_tables_are_typed_and_a_person_is_a_number(tmp_path: Path) -> None:
    loaded = Files.of_one_stay().load(tmp_path)

    assert values(loaded, "Enrollment", "EntryDate") == [date(2024, 1, 15)]
    assert values(loaded, "Enrollment", "LivingSituation") == [116]
    assert values(loaded, "Enrollment", "age_at_entry") == [43]
    assert (
        values(loaded, "Enrollment", "person") == values(loaded, "Exit", "person") == values(loaded, "Client", "person")
    )
    assert values(loaded, "Enrollment", "line") == [2]


def test_no_identity_column_is_in_any_table(tmp_path: Path) -> None:
    loaded = Files.of_one_stay().load(tmp_path)

    columns = {column for (column,) in loaded.engine.execute("SELECT column_name FROM duckdb_columns()").fetchall()}
    assert not columns & {"PersonalID", "FirstName", "LastName", "SSN", "DOB", "UserID", "OtherDestination"}


def test_no_identity_value_is_anywhere_in_the_database(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2", DOB="not a date", SSN="912345678")

    loaded = files.load(tmp_path)

    tables = [name for (name,) in loaded.engine.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    for table in tables:
        text = str(loaded.engine.execute(f'SELECT * FROM "{table}"').fetchall())
        assert not any(word in text for word in ("Wilhelmina", "Quackenbush", "911223344", "912345678", "1980, 5, 6"))


def test_the_database_can_read_no_file_once_loaded(tmp_path: Path) -> None:
    loaded = Files.of_one_stay().load(tmp_path)

    with pytest.raises(duckdb.Error):
        loaded.engine.execute(f"SELECT * FROM read_csv('{tmp_path}/export0/Client.csv')")
    with pytest.raises(duckdb.Error):
        loaded.engine.execute("SET enable_external_access = true")


def test_nothing_of_the_export_stays_in_the_work_folder(tmp_path: Path) -> None:
    path = Files.of_one_stay().zip(tmp_path / "export.zip")

    load(path, key=KEY, work=tmp_path / "work")

    assert not [each for each in (tmp_path / "work").rglob("*") if each.suffix == ".csv"]


# Where the files lie.


@pytest.mark.parametrize("inside", ["", "one/", "one/two/", "one\\"])
def test_an_export_is_found_in_a_zip_at_any_depth(tmp_path: Path, inside: str) -> None:
    path = Files.of_one_stay().zip(tmp_path / "export.zip", inside)

    loaded = load(path, key=KEY, work=tmp_path / "work")

    assert account(loaded, "Enrollment") == (1, 1, 0, 0, 0, 0)


def test_a_zip_and_a_folder_of_the_same_files_have_the_same_snapshot(tmp_path: Path) -> None:
    files = Files.of_one_stay()

    zipped = load(files.zip(tmp_path / "export.zip", "a/"), key=KEY, work=tmp_path / "work")

    assert zipped.snapshot == files.load(tmp_path).snapshot


def test_two_exports_at_the_same_depth_are_refused_with_their_names(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.write(tmp_path / "both" / "north")
    files.write(tmp_path / "both" / "south")

    with pytest.raises(UnreadableError, match=r"north, south.*one of the folders"):
        load(tmp_path / "both", key=KEY, work=tmp_path / "work")


def test_the_shallower_of_two_exports_is_read(tmp_path: Path) -> None:
    Files.of_one_stay().write(tmp_path / "all")
    Files.of_one_stay().add("Client", PersonalID="P2").write(tmp_path / "all" / "old")

    loaded = load(tmp_path / "all", key=KEY, work=tmp_path / "work")

    assert account(loaded, "Client")[0] == 1


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_export_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)

    with pytest.raises(UnreadableError, match=r"\.$"):
        load(path, key=KEY, work=tmp_path / "work")


def test_a_folder_without_a_file_of_the_standard_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "readme.txt").write_text("hello")

    with pytest.raises(UnreadableError, match="No file in it"):
        load(tmp_path / "export", key=KEY, work=tmp_path / "work")


def test_a_damaged_member_of_a_zip_costs_only_that_file(tmp_path: Path) -> None:
    path = Files.of_one_stay().zip(tmp_path / "export.zip")
    content = path.read_bytes()
    place = content.index(b"T1,E1,P1")
    path.write_bytes(content[:place] + b"T9" + content[place + 2 :])

    loaded = load(path, key=KEY, work=tmp_path / "work")

    assert loaded.quality.times[("file-unreadable", "Exit.csv", "")] == 1
    assert account(loaded, "Enrollment") == (1, 1, 0, 0, 0, 0)


def test_file_names_are_read_in_any_letter_case(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    folder = files.write(tmp_path / "export")
    (folder / "Client.csv").rename(folder / "CLIENT.CSV")

    loaded = load(folder, key=KEY, work=tmp_path / "work")

    assert account(loaded, "Client") == (1, 1, 0, 0, 0, 0)
    assert loaded.quality.rules() == {"file-name-case": 1}


@pytest.mark.parametrize("gone", ["Exit", "Client", "Organization", "Project", "IncomeBenefits"])
def test_a_missing_file_is_named_and_the_rest_is_read(tmp_path: Path, gone: str) -> None:
    folder = Files.of_one_stay().write(tmp_path / "export")
    (folder / f"{gone}.csv").unlink()

    loaded = load(folder, key=KEY, work=tmp_path / "work")

    assert loaded.quality.times[("file-missing", f"{gone}.csv", "")] == 1
    assert account(loaded, "Enrollment") == (1, 1, 0, 0, 0, 0)
    assert values(loaded, gone, "line") == []


def test_without_export_csv_the_records_give_the_period(tmp_path: Path) -> None:
    folder = Files.of_one_stay().add("Enrollment", EnrollmentID="E2", EntryDate="2024-03-01").write(tmp_path / "export")
    (folder / "Export.csv").unlink()

    loaded = load(folder, key=KEY, work=tmp_path / "work")

    assert loaded.period == (date(2024, 1, 15), date(2024, 3, 1))
    assert "period-unknown" in loaded.quality.rules()


def test_an_export_without_clients_is_no_error(tmp_path: Path) -> None:
    loaded = Files().add("Export").load(tmp_path)

    assert account(loaded, "Client") == (0, 0, 0, 0, 0, 0)
    assert loaded.period == (date(2023, 10, 1), date(2024, 9, 30))


# Rows.


def test_wide_and_short_rows_are_set_aside_with_their_line(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    good = files.text("Client")
    row = good.splitlines()[1]
    files.raw["Client.csv"] = f"{good}{row},extra\n{row.replace('P1', 'P3')}\nP9,only\n".encode()

    loaded = files.load(tmp_path)

    places = {(each.rule, each.line) for each in loaded.quality.located if each.file == "Client.csv"}
    assert ("row-too-wide", 3) in places
    assert ("row-too-short", 5) in places
    assert account(loaded, "Client") == (4, 2, 0, 0, 2, 0)


def test_a_trailing_comma_makes_a_row_too_wide(tmp_path: Path) -> None:
    """DuckDB's strict mode lets it pass; the count of commas does not."""
    files = Files.of_one_stay().add("Client", PersonalID="P2")
    lines = files.text("Client").splitlines()
    files.raw["Client.csv"] = "\n".join([lines[0], lines[1], lines[2] + ","]).encode()

    loaded = files.load(tmp_path)

    assert loaded.quality.times[("row-too-wide", "Client.csv", "")] == 1


def test_a_quotation_mark_without_partner_costs_only_its_row(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    for number in range(2, 6):
        files.add("Client", PersonalID=f"P{number}")
    lines = files.text("Client").splitlines()
    lines[2] = lines[2].replace("Wilhelmina,", '"Wilhelmina,')
    files.raw["Client.csv"] = "\n".join(lines).encode()

    loaded = files.load(tmp_path)

    read_, used, repaired, _, quarantined, _ = account(loaded, "Client")
    assert read_ == 5
    assert used + repaired == 4
    assert quarantined == 1


def test_odd_quoting_is_read_as_csv_reads_it(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    text = files.text("Client").replace("Quackenbush", '""""Last1""""')
    files.raw["Client.csv"] = text.encode()

    loaded = files.load(tmp_path)

    assert account(loaded, "Client") == (1, 1, 0, 0, 0, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("final", [True, False])
def test_line_ends_of_any_kind_give_the_same_table(tmp_path: Path, end: str, final: bool) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2")
    text = files.text("Client", end)
    files.raw["Client.csv"] = (text if final else text.removesuffix(end)).encode()

    loaded = files.load(tmp_path)

    assert values(loaded, "Client", "line") == [2, 3]
    assert loaded.quality.rules() == {}


def test_mixed_line_ends_are_read(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2").add("Client", PersonalID="P3")
    head, one, two, three = files.text("Client").splitlines()
    files.raw["Client.csv"] = f"{head}\r\n{one}\n{two}\r{three}".encode()

    loaded = files.load(tmp_path)

    assert account(loaded, "Client") == (3, 3, 0, 0, 0, 0)


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.raw["Client.csv"] = b"\xef\xbb\xbf" + files.text("Client", "\r\n").encode()

    loaded = files.load(tmp_path)

    assert account(loaded, "Client") == (1, 1, 0, 0, 0, 0)
    assert loaded.quality.rules() == {}


def test_windows_1252_is_read_and_the_file_named(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.raw["Project.csv"] = files.text("Project").replace("Shelter", "Refugio Niño – “Sur”").encode("cp1252")

    loaded = files.load(tmp_path)

    assert values(loaded, "Project", "ProjectName") == ["Refugio Niño – “Sur”"]
    assert loaded.quality.times == {("decode-fallback", "Project.csv", ""): 1}


def test_invisible_characters_in_names_and_codes_are_removed(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    text = (
        files.text("Enrollment")
        .replace("EnrollmentID", "Enrollment\u200bID\u00a0")
        .replace("ProjectID", "projectid[1]")
    )
    files.raw["Enrollment.csv"] = text.replace("J1,", "J1\u00a0,").replace(",116,", ",116\u200b,").encode()

    loaded = files.load(tmp_path)

    assert values(loaded, "Enrollment", "ProjectID") == ["J1"]
    assert values(loaded, "Enrollment", "LivingSituation") == [116]
    assert account(loaded, "Enrollment") == (1, 0, 1, 0, 0, 0)
    assert loaded.quality.rules() == {"column-renamed": 2, "stray-characters": 1}


def test_an_empty_file_and_one_with_a_header_alone_have_no_rows(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.raw["Event.csv"] = b""

    loaded = files.load(tmp_path)

    assert account(loaded, "Event") == account(loaded, "Assessment") == (0, 0, 0, 0, 0, 0)
    assert loaded.quality.rules() == {"file-empty": 1}


def test_a_file_without_a_header_is_set_aside_and_shows_no_value(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2")
    files.raw["Client.csv"] = "\n".join(files.text("Client").splitlines()[1:]).encode()

    loaded = files.load(tmp_path)

    assert loaded.quality.times[("header-missing", "Client.csv", "")] == 1
    assert account(loaded, "Client") == (1, 0, 0, 0, 1, 0)
    assert "Wilhelmina" not in str(list(loaded.quality.located))


def test_unknown_columns_are_named_and_not_loaded(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    head, row = files.text("Enrollment").splitlines()
    files.raw["Enrollment.csv"] = f"{head},ShoeSize\n{row},43\n".encode()

    loaded = files.load(tmp_path)

    assert loaded.quality.times == {("column-unknown", "Enrollment.csv", "ShoeSize"): 1}


def test_columns_of_another_version_are_read_and_named(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    for file, column, cell in (("Client", "Sex", "1"), ("Project", "TrackingMethod", "3")):
        head, row = files.text(file).splitlines()
        files.raw[f"{file}.csv"] = f"{head},{column}\n{row},{cell}\n".encode()

    loaded = files.load(tmp_path)

    assert values(loaded, "Client", "Sex") == [1]
    assert loaded.quality.rules() == {"column-other-version": 2}


def test_columns_stand_in_any_order(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    rows = [line.split(",") for line in files.text("Enrollment").splitlines()]
    files.raw["Enrollment.csv"] = "\n".join(",".join(reversed(row)) for row in rows).encode()

    loaded = files.load(tmp_path)

    assert values(loaded, "Enrollment", "EnrollmentID") == ["E1"]
    assert loaded.quality.rules() == {}


# Keys, updates, deletions, parents.


def test_the_latest_update_of_a_key_decides(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.add("Exit", Destination="435", DateUpdated="2024-08-01 00:00:00")
    files.add("Exit", Destination="116", DateUpdated="2024-05-01 00:00:00")

    loaded = files.load(tmp_path)

    assert values(loaded, "Exit", "Destination") == [435]
    assert account(loaded, "Exit") == (3, 1, 0, 2, 0, 0)


def test_of_equal_updates_the_later_line_decides(tmp_path: Path) -> None:
    loaded = Files.of_one_stay().add("Exit", Destination="435").load(tmp_path)

    assert values(loaded, "Exit", "Destination") == [435]


def test_a_deleted_row_is_counted_and_so_are_its_own_rows(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.add("Enrollment", EnrollmentID="E2", DateDeleted=STAMP).add("Exit", ExitID="T2", EnrollmentID="E2")

    loaded = files.load(tmp_path)

    assert account(loaded, "Enrollment") == (2, 1, 0, 0, 0, 1)
    assert loaded.quality.rules() == {"parent-deleted": 1, "row-deleted": 1}


@pytest.mark.parametrize(("deleted_on", "stands"), [("2024-05-01 00:00:00", True), ("2024-08-01 00:00:00", False)])
def test_a_deletion_that_was_taken_back_stands_no_more(tmp_path: Path, deleted_on: str, stands: bool) -> None:
    files = Files.of_one_stay().add("Exit", DateDeleted=deleted_on, DateUpdated=deleted_on)

    loaded = files.load(tmp_path)

    assert bool(values(loaded, "Exit", "ExitID")) is stands
    assert account(loaded, "Exit")[3:] == (1, 0, 0 if stands else 1)


def test_rows_without_key_date_or_parent_are_set_aside_by_name(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.add("IncomeBenefits", IncomeBenefitsID="").add("IncomeBenefits", IncomeBenefitsID="B2", InformationDate="")
    files.add("IncomeBenefits", IncomeBenefitsID="B3", EnrollmentID="E404")

    loaded = files.load(tmp_path)

    assert loaded.quality.rules() == {"key-missing": 1, "orphan": 1, "own-date-missing": 1}
    assert account(loaded, "IncomeBenefits") == (3, 0, 0, 0, 3, 0)


def test_a_row_that_names_another_person_keeps_its_enrollments(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2").add("IncomeBenefits", PersonalID="P2")

    loaded = files.load(tmp_path)

    assert values(loaded, "IncomeBenefits", "person") == values(loaded, "Enrollment", "person")
    assert loaded.quality.rules() == {"person-differs": 1}


# Cells.


def test_dates_are_read_as_iso_and_otherwise_only_in_the_declared_order(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Enrollment", EnrollmentID="E2", EntryDate="03/04/2024", HouseholdID="H2")

    undeclared, american, european = (files.load(tmp_path, dates=order) for order in ("iso", "mdy", "dmy"))

    assert account(undeclared, "Enrollment") == (2, 1, 0, 0, 1, 0)
    assert undeclared.quality.rules()["own-date-unreadable"] == 1
    assert values(american, "Enrollment", "EntryDate")[1] == date(2024, 3, 4)
    assert values(european, "Enrollment", "EntryDate")[1] == date(2024, 4, 3)
    assert account(american, "Enrollment") == (2, 1, 1, 0, 0, 0)
    assert "date-other-order" in american.quality.rules()


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2024-02-01 00:00:00", date(2024, 2, 1)),
        ("2/1/24", date(2024, 2, 1)),
        ("02-01-2024 12:00:00", date(2024, 2, 1)),
        ("31/12/2024", None),
        ("2024-02-30", None),
        ("soon", None),
    ],
)
def test_a_date_is_repaired_by_name_or_left_blank(tmp_path: Path, written: str, read_as: date | None) -> None:
    loaded = Files.of_one_stay().add("Enrollment", EnrollmentID="E2", MoveInDate=written).load(tmp_path, dates="mdy")

    assert values(loaded, "Enrollment", "MoveInDate")[1] == read_as
    assert account(loaded, "Enrollment") == (2, 1, 1, 0, 0, 0)


def test_the_century_of_a_birth_date_is_never_guessed(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.rows["Client"][0]["DOB"] = "5/6/20"

    loaded = files.load(tmp_path, dates="mdy")

    assert values(loaded, "Enrollment", "age_at_entry") == [None]


@pytest.mark.parametrize(
    ("quality", "birth", "age"),
    [
        ("1", "2000-01-16", 23),
        ("1", "2000-01-15", 24),
        ("2", "2000-01-01", 23),
        ("8", "2000-01-01", None),
        ("1", "", None),
    ],
)
def test_age_follows_the_quality_of_the_birth_date(tmp_path: Path, quality: str, birth: str, age: int | None) -> None:
    files = Files.of_one_stay()
    files.rows["Client"][0].update(DOB=birth, DOBDataQuality=quality)

    loaded = files.load(tmp_path)

    assert values(loaded, "Enrollment", "age_at_entry") == [age]


def test_age_in_the_period_is_taken_on_its_first_day_at_the_earliest(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.rows["Enrollment"][0]["EntryDate"] = "2020-01-01"

    loaded = files.load(tmp_path)

    assert values(loaded, "Enrollment", "age_at_entry") == [39]
    assert values(loaded, "Enrollment", "age_in_period") == [43]


@pytest.mark.parametrize(("written", "value"), [("1.5", None), ("one", None), ("1.0", 1), (" 1 ", 1), ("01", 1)])
def test_a_whole_number_is_read_and_never_rounded(tmp_path: Path, written: str, value: int | None) -> None:
    loaded = Files.of_one_stay().add("Enrollment", EnrollmentID="E2", RelationshipToHoH=written).load(tmp_path)

    assert values(loaded, "Enrollment", "RelationshipToHoH")[1] == value
    assert ("integer-unreadable" in loaded.quality.rules()) is (value is None)


@pytest.mark.parametrize(
    ("written", "value"), [("1200.50", 1200.5), ("$1,200.50", 1200.5), ("much", None), ("nan", None)]
)
def test_money_is_read_with_its_marks_and_never_as_no_number(tmp_path: Path, written: str, value: float | None) -> None:
    loaded = Files.of_one_stay().add("IncomeBenefits", TotalMonthlyIncome=written).load(tmp_path)

    assert values(loaded, "IncomeBenefits", "TotalMonthlyIncome") == [value]


def test_a_code_outside_its_list_becomes_unknown_and_the_row_is_used(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.rows["Enrollment"][0].update(LivingSituation="55", RelationshipToHoH="7")

    loaded = files.load(tmp_path)

    assert values(loaded, "Enrollment", "LivingSituation") == [99]
    assert values(loaded, "Enrollment", "RelationshipToHoH") == [99]
    assert account(loaded, "Enrollment") == (1, 1, 0, 0, 0, 0)
    assert loaded.quality.rules()["code-outside-list"] == 2


def test_the_list_of_a_column_may_depend_on_another(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.add("Disabilities", DisabilityType="10", DisabilityResponse="3")
    files.add("Disabilities", DisabilitiesID="D2", DisabilityType="5", DisabilityResponse="3")
    files.add("Services", RecordType="144", TypeProvided="200")

    loaded = files.load(tmp_path)

    assert values(loaded, "Disabilities", "DisabilityResponse") == [3, 99]
    assert values(loaded, "Services", "TypeProvided") == [None]
    assert loaded.quality.rules() == {"code-outside-list": 2}


def test_a_code_that_may_not_stand_here_is_flagged_and_kept(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.rows["Exit"][0]["Destination"] = "336"

    loaded = files.load(tmp_path)

    assert values(loaded, "Exit", "Destination") == [336]
    assert loaded.quality.rules() == {"code-not-here": 1}


# Stays, households, income.


@pytest.mark.parametrize(
    ("cells", "exit_date", "rule"),
    [
        ({}, "2024-01-01", "exit-before-entry"),
        ({"MoveInDate": "2024-01-01"}, "2024-02-20", "move-in-outside-stay"),
        ({"MoveInDate": "2024-03-01"}, "2024-02-20", "move-in-outside-stay"),
        ({"EntryDate": "2031-01-01"}, "2031-02-20", "date-in-future"),
        ({"EntryDate": "1819-01-01"}, "2024-02-20", "date-before-1900"),
    ],
)
def test_impossible_dates_are_kept_and_left_out_of_durations(
    tmp_path: Path, cells: dict[str, str], exit_date: str, rule: str
) -> None:
    files = Files.of_one_stay()
    files.rows["Enrollment"][0].update(cells)
    files.rows["Exit"][0]["ExitDate"] = exit_date

    loaded = files.load(tmp_path)

    assert rule in loaded.quality.rules()
    assert values(loaded, "Enrollment", "dates_ok") == [False]
    assert account(loaded, "Enrollment")[1] == 1


def test_a_birth_after_the_entry_leaves_the_age_unknown(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.rows["Client"][0]["DOB"] = "2024-06-01"

    loaded = files.load(tmp_path)

    assert values(loaded, "Enrollment", "age_at_entry") == [None]
    assert loaded.quality.rules() == {"birth-after-entry": 1}


def test_households_without_a_head_or_with_two_or_blank_are_flagged(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2").add("Client", PersonalID="P3")
    files.add("Enrollment", EnrollmentID="E2", PersonalID="P2", HouseholdID="H1")
    files.add("Enrollment", EnrollmentID="E3", PersonalID="P3", HouseholdID="H3", RelationshipToHoH="2")
    files.add("Enrollment", EnrollmentID="E4", PersonalID="P3", HouseholdID="", EntryDate="2023-11-01")
    files.add("Exit", ExitID="T4", EnrollmentID="E4", PersonalID="P3", ExitDate="2023-11-02")

    loaded = files.load(tmp_path)

    flags = {"answer-missing": 1, "household-blank": 1, "household-no-head": 1, "household-two-heads": 1}
    assert loaded.quality.rules() == flags
    assert len(set(values(loaded, "Enrollment", "household"))) == 3
    assert None not in values(loaded, "Enrollment", "household")


def test_overlapping_and_repeated_stays_of_one_person_are_flagged(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Enrollment", EnrollmentID="E2", EntryDate="2024-02-01", HouseholdID="H2")
    files.add("Enrollment", EnrollmentID="E3", EntryDate="2024-02-01", HouseholdID="H3")

    rules = files.load(tmp_path).quality.rules()

    assert rules == {"stay-twice": 1, "stays-overlap": 2}


def test_income_that_does_not_add_up_is_flagged_and_not_changed(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.add("IncomeBenefits", IncomeFromAnySource="1", TotalMonthlyIncome="500", Earned="1", EarnedAmount="300")
    files.add("IncomeBenefits", IncomeBenefitsID="B2", IncomeFromAnySource="1", BenefitsFromAnySource="1")

    loaded = files.load(tmp_path)

    assert values(loaded, "IncomeBenefits", "TotalMonthlyIncome") == [500.0, None]
    assert loaded.quality.rules() == {
        "benefits-without-source": 1,
        "income-total-differs": 1,
        "income-without-source": 1,
    }


def test_a_place_that_is_not_its_projects_is_flagged(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.rows["Enrollment"][0]["EnrollmentCoC"] = "XX-999"

    assert files.load(tmp_path).quality.rules() == {"coc-not-project": 1}


def test_a_test_client_is_marked(tmp_path: Path) -> None:
    files = Files.of_one_stay().add("Client", PersonalID="P2", FirstName="Test", LastName="TEST")

    loaded = files.load(tmp_path)

    assert values(loaded, "Client", "test_client") == [False, True]
    assert loaded.quality.rules() == {"test-client": 1}


def test_a_hash_that_is_not_what_the_export_declares_is_named(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.rows["Export"][0]["HashStatus"] = "4"

    rules = files.load(tmp_path).quality.times

    assert {key for key in rules if key[0] == "identity-hash"} == {
        ("identity-hash", "Client.csv", column) for column in ("FirstName", "LastName", "SSN")
    }


def test_a_column_of_one_answer_and_one_of_noise_are_named(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    dice = random.Random(3)
    for number in range(600):
        relation = str(dice.choice([1, 2, 3, 4, 5, 99]))
        files.add("Enrollment", EnrollmentID=f"R{number}", HouseholdID=f"R{number}", RelationshipToHoH=relation)

    times = files.load(tmp_path).quality.times

    assert times[("column-evenly-spread", "Enrollment.csv", "RelationshipToHoH")] == 1
    assert times[("column-constant", "Enrollment.csv", "LivingSituation")] == 1


# Victim service providers.


def victim_files() -> Files:
    files = Files.of_one_stay().add("Organization", OrganizationID="O2", VictimServiceProvider="1")
    files.add("Project", ProjectID="J2", OrganizationID="O2").add("Client", PersonalID="P2").add(
        "Client", PersonalID="P3"
    )
    files.add("Enrollment", EnrollmentID="E2", PersonalID="P2", ProjectID="J2", HouseholdID="H2")
    files.add("Enrollment", EnrollmentID="E3", PersonalID="P1", ProjectID="J2", HouseholdID="H3")
    return files.add("Exit", ExitID="T2", EnrollmentID="E2", PersonalID="P2")


def test_records_of_a_victim_service_provider_are_set_aside_down_to_the_last_row(tmp_path: Path) -> None:
    loaded = victim_files().load(tmp_path)

    quarantined = {file: each.quarantined for file, each in loaded.quality.files.items() if each.quarantined}
    assert quarantined == {"Client.csv": 1, "Enrollment.csv": 2, "Exit.csv": 1, "Organization.csv": 1, "Project.csv": 1}
    assert loaded.victim_provider_rows == 6
    assert loaded.quality.rules() == {"victim-service-provider": 6}


@pytest.mark.parametrize("fitting", [False, True])
def test_reading_for_a_brief_stops_at_victims_among_others_and_names_both_ways(tmp_path: Path, fitting: bool) -> None:
    folder = victim_files().write(tmp_path / "export")

    with pytest.raises(VictimProviderError, match=r"--leave-out-victim-providers; or export theirs alone"):
        read(folder, key=KEY, work=tmp_path / "work", victim_services=fitting)


def test_reading_for_a_brief_goes_on_without_them_when_told(tmp_path: Path) -> None:
    folder = victim_files().write(tmp_path / "export")

    reading = read(folder, key=KEY, work=tmp_path / "work", leave_out_victim_providers=True)

    assert reading.table.served().persons_served == 1


def victim_services_own() -> Files:
    """The database of a victim service provider, where nobody else's records are."""
    files = victim_files()
    for organization in files.rows["Organization"]:
        organization["VictimServiceProvider"] = "1"
    return files


def test_a_victim_service_providers_own_records_are_read_for_what_fits_them(tmp_path: Path) -> None:
    folder = victim_services_own().write(tmp_path / "export")

    reading = read(folder, key=KEY, work=tmp_path / "work", victim_services=True)

    assert reading.loaded.victim_services and reading.loaded.victim_provider_rows == 0
    assert reading.table.served().persons_served == 2


def test_a_victim_service_providers_own_records_are_read_for_nothing_else(tmp_path: Path) -> None:
    folder = victim_services_own().write(tmp_path / "export")

    with pytest.raises(VictimProviderError, match=r"non-identifying totals.*--protection victim-services.*No other"):
        read(folder, key=KEY, work=tmp_path / "work")


def test_to_leave_victims_out_where_there_is_nobody_else_is_a_sentence(tmp_path: Path) -> None:
    folder = victim_services_own().write(tmp_path / "export")

    with pytest.raises(VictimProviderError, match="nothing is left"):
        read(folder, key=KEY, work=tmp_path / "work", leave_out_victim_providers=True, victim_services=True)


@pytest.mark.parametrize("answer", ["0", "", "9"])
def test_one_organization_that_does_not_say_so_makes_it_a_shared_export(tmp_path: Path, answer: str) -> None:
    files = victim_services_own().add("Organization", OrganizationID="O3", VictimServiceProvider=answer)

    loaded = load(files.write(tmp_path / "export"), key=KEY, work=tmp_path / "work", keep_own_victim_services=True)

    assert not loaded.victim_services and loaded.victim_provider_rows > 0


def test_names_are_never_read_from_a_victim_service_provider(tmp_path: Path) -> None:
    loaded = victim_services_own().load(tmp_path)

    assert not loaded.victim_services and loaded.victim_provider_rows > 0


# Versions.


def test_an_fy2022_export_is_read_under_the_newest_names_and_codes(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.year = 2022
    files.rows["Export"][0]["CSVVersion"] = "FY2022"
    files.rows["Client"][0].update(Female="1", Male="0", Ethnicity="1")
    files.rows["Project"][0].update(ProjectType="1", TrackingMethod="0")
    files.rows["Enrollment"][0].update(LivingSituation="16")
    files.rows["Exit"][0].update(Destination="19")
    files.add("EnrollmentCoC")

    loaded = files.load(tmp_path)

    assert loaded.format == "FY2022"
    assert values(loaded, "Client", "Woman") == values(loaded, "Client", "HispanicLatinao") == [1]
    assert values(loaded, "Project", "ProjectType") == [0]
    assert values(loaded, "Enrollment", "LivingSituation") == [116]
    assert values(loaded, "Exit", "Destination") == [435]
    assert values(loaded, "Exit", "DestinationSubsidyType") == [419]
    assert values(loaded, "Enrollment", "EnrollmentCoC") == ["XX-500"]
    assert ("Client", "Sex") not in loaded.collected
    assert loaded.quality.rules() == {}


def test_an_fy2026_export_collects_sex_and_no_gender(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    files.year = 2026
    files.rows["Export"][0]["CSVVersion"] = "2026 v1"
    files.rows["Client"][0].update(Sex="0", HispanicLatinao="1")

    loaded = files.load(tmp_path)

    assert loaded.format == "FY2026"
    assert values(loaded, "Client", "Sex") == [0]
    assert ("Client", "Sex") in loaded.collected
    assert ("Client", "Woman") not in loaded.collected
    assert loaded.quality.rules() == {}


@pytest.mark.parametrize(("year", "words"), [(2022, "FY2022"), (2024, "FY2024"), (2026, "FY2026")])
def test_without_a_version_the_columns_decide(tmp_path: Path, year: int, words: str) -> None:
    files = Files.of_one_stay()
    files.year = year
    files.rows["Export"][0]["CSVVersion"] = ""

    assert files.load(tmp_path).format == words


# What must not matter.


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000))
def test_the_order_of_rows_and_the_names_of_keys_change_no_count(tmp_path: Path, seed: int) -> None:
    plain, mixed = victim_files(), victim_files()
    dice = random.Random(seed)
    for rows in mixed.rows.values():
        dice.shuffle(rows)
        for row in rows:
            for column in ("PersonalID", "EnrollmentID", "HouseholdID", "ProjectID"):
                if row.get(column):
                    row[column] = f"{seed}-{row[column]}-x"

    one, other = plain.load(tmp_path), mixed.load(tmp_path)

    assert one.quality.files == other.quality.files
    assert one.quality.rules() == other.quality.rules()
    assert one.quality.completeness == other.quality.completeness


def test_an_extra_file_changes_nothing(tmp_path: Path) -> None:
    files, more = Files.of_one_stay(), Files.of_one_stay()
    more.raw["Notes.csv"] = b""

    one, other = files.load(tmp_path), more.load(tmp_path)

    assert one.snapshot == other.snapshot
    assert one.quality.files == other.quality.files
    assert other.quality.rules() == {"file-unknown": 1}
    assert other.quality.clean


def test_another_key_gives_other_numbers_and_the_same_key_the_same(tmp_path: Path) -> None:
    files = Files.of_one_stay()
    for number in range(2, 30):
        files.add("Client", PersonalID=f"P{number}")
    folder = files.write(tmp_path / "export")

    keys = (KEY, KEY, b"another key" * 2)
    first, again, other = (values(load(folder, key=key, work=tmp_path / "w"), "Client", "person") for key in keys)

    assert first == again
    assert first != other
    assert sorted(map(int, map(str, first))) == list(range(29))


# Inputs nobody here wrote.


def defect_cases() -> list[str]:
    path = SHARED / "hmis_exports" / "importer_defect_cases_fy2024.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as archive:
        return sorted(name.removesuffix("/Export.csv") for name in archive.namelist() if name.endswith("/Export.csv"))


@pytest.fixture(scope="session")
def defect_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = SHARED / "hmis_exports" / "importer_defect_cases_fy2024.zip"
    if not path.exists():
        pytest.skip(f"the defect cases are not beside the repository ({path.name})")
    folder = tmp_path_factory.mktemp("defects")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("case", defect_cases() or ["absent"])
def test_every_defect_case_is_survived_with_exact_sums(case: str, defect_folder: Path, tmp_path: Path) -> None:
    loaded = load(defect_folder / case, key=KEY, work=tmp_path / "work")

    assert loaded.quality.files
    for each in loaded.quality.files.values():
        assert each.read == each.used + each.repaired + each.superseded + each.quarantined + each.deleted
    assert sum(1 for _ in loaded.quality.located) == sum(loaded.quality.rules().values())


def test_the_fy2024_export_is_read_whole(tmp_path: Path) -> None:
    path = SHARED / "hmis_exports" / "fy2024_datalab_export.zip"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the repository")

    loaded = load(path, key=KEY, work=tmp_path / "work")

    assert sum(each.read for each in loaded.quality.files.values()) == 19_453
    assert account(loaded, "Client") == (514, 514, 0, 0, 0, 0)
    assert account(loaded, "Enrollment") == (574, 574, 0, 0, 0, 0)
    assert loaded.period == (date(2021, 10, 1), date(2022, 9, 30))
    assert loaded.quality.times[("date-unreadable", "Export.csv", "ExportDate")] == 1
