"""The invented county as an export: the same from the same seed, whole, and never beyond its last day."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from upwell.records.cases.hmis import read
from upwell.records.cases.synthetic.generate import generate
from upwell.records.cases.synthetic.headers import headers
from upwell.records.cases.synthetic.made import County
from upwell.records.errors import RecordsError

Rows = list[dict[str, str]]
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(county: County, tmp_path: Path):
    again = generate(people=1_000, years=3, seed=11, out=tmp_path / "again")

    assert files(again.out) == files(county.out)


def test_another_seed_gives_other_people(county: County, tmp_path: Path):
    other = generate(people=1_000, years=3, seed=12, out=tmp_path / "other")

    assert not set(other.keys) & set(county.keys)


def test_a_zip_holds_the_same_files_as_a_folder_and_is_itself_the_same_each_time(county: County, tmp_path: Path):
    zips = [tmp_path / "a.zip", tmp_path / "b.zip"]

    for path in zips:
        generate(people=1_000, years=3, seed=11, out=path)

    with zipfile.ZipFile(zips[0]) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == files(county.out)
    assert zips[0].read_bytes() == zips[1].read_bytes()


@pytest.mark.parametrize("version", ["FY2024", "FY2026"])
def test_all_24_files_stand_there_with_every_row_as_wide_as_its_header(version: str, tmp_path: Path):
    made = generate(people=300, years=2, seed=3, out=tmp_path / "export", version=version)

    widths = {}
    for name, text in files(made.out).items():
        rows = list(csv.reader(io.StringIO(text.decode("utf-8")), strict=True))
        assert tuple(rows[0]) == headers(version)[name.removesuffix(".csv")]
        assert len(rows) - 1 == made.rows[name.removesuffix(".csv")]
        widths[name] = {len(row) for row in rows}
    assert len(widths) == 24
    assert all(len(found) == 1 for found in widths.values())


def test_lines_end_in_a_line_feed_alone(county: County):
    for name, text in files(county.out).items():
        assert b"\r" not in text, name
        assert text.endswith(b"\n"), name


def test_names_say_that_they_are_invented(tables: dict[str, Rows]):
    assert all(row["LastName"].startswith("Invented-") for row in tables["Client"])
    assert all(row["SSN"] == "" or row["SSN"].startswith("666") for row in tables["Client"])


def test_every_key_points_to_a_row_that_is_there(tables: dict[str, Rows]):
    keys = {
        column: {row[column] for row in tables[file]}
        for file, column in (
            ("Client", "PersonalID"),
            ("Enrollment", "EnrollmentID"),
            ("Project", "ProjectID"),
            ("Organization", "OrganizationID"),
            ("Assessment", "AssessmentID"),
            ("User", "UserID"),
            ("Export", "ExportID"),
        )
    }
    for name, rows in tables.items():
        for column, known in keys.items():
            if rows and column in rows[0]:
                assert {row[column] for row in rows} <= known, (name, column)


def test_a_record_names_the_person_whose_stay_it_is(tables: dict[str, Rows]):
    person = {row["EnrollmentID"]: row["PersonalID"] for row in tables["Enrollment"]}

    for name in ("Exit", "IncomeBenefits", "HealthAndDV", "EmploymentEducation", "Disabilities", "Services", "Event"):
        assert tables[name]
        assert all(person[row["EnrollmentID"]] == row["PersonalID"] for row in tables[name]), name


def test_own_keys_are_never_twice(tables: dict[str, Rows]):
    for name, rows in tables.items():
        if rows:
            column = next(iter(rows[0]))
            assert len({row[column] for row in rows}) == len(rows), (name, column)


def test_nothing_is_dated_after_the_export_ends(tables: dict[str, Rows]):
    last = tables["Export"][0]["ExportEndDate"]

    for name, rows in tables.items():
        for row in rows:
            late = [value for value in row.values() if DATED.match(value) and value[:10] > last]
            assert not late, name


def test_some_stays_are_still_open_and_none_ends_before_it_begins(tables: dict[str, Rows]):
    entry = {row["EnrollmentID"]: row["EntryDate"] for row in tables["Enrollment"]}

    assert 0 < len(tables["Exit"]) < len(tables["Enrollment"])
    assert all(row["ExitDate"] >= entry[row["EnrollmentID"]] for row in tables["Exit"])


def test_stays_of_a_person_do_not_overlap_save_for_coordinated_entry(tables: dict[str, Rows]):
    front_doors = {row["ProjectID"] for row in tables["Project"] if row["ProjectType"] == "14"}
    ended = {row["EnrollmentID"]: row["ExitDate"] for row in tables["Exit"]}
    stays: dict[str, list[tuple[str, str]]] = {}
    for row in tables["Enrollment"]:
        if row["ProjectID"] not in front_doors:
            end = ended.get(row["EnrollmentID"], "9999")
            stays.setdefault(row["PersonalID"], []).append((row["EntryDate"], end))

    assert max(len(each) for each in stays.values()) > 2
    for each in stays.values():
        each.sort()
        assert all(end < entry for (_, end), (entry, _) in pairwise(each))


def test_every_household_has_one_head(tables: dict[str, Rows]):
    heads: dict[str, int] = {}
    for row in tables["Enrollment"]:
        heads[row["HouseholdID"]] = heads.get(row["HouseholdID"], 0) + (row["RelationshipToHoH"] == "1")

    assert set(heads.values()) == {1}


def test_children_are_not_asked_what_is_asked_of_adults(tables: dict[str, Rows]):
    children = {row["EnrollmentID"] for row in tables["Enrollment"] if row["RelationshipToHoH"] == "2"}
    minors = {row["PersonalID"] for row in tables["Client"] if row["DOB"] > "2012-01-01"}

    young = children & {row["EnrollmentID"] for row in tables["Enrollment"] if row["PersonalID"] in minors}

    assert young
    for name in ("IncomeBenefits", "HealthAndDV", "EmploymentEducation"):
        assert not young & {row["EnrollmentID"] for row in tables[name]}, name


@pytest.mark.parametrize("version", ["FY2024", "FY2026"])
def test_the_reader_uses_every_row_of_a_sound_county(version: str, tmp_path: Path):
    made = generate(people=1_000, years=3, seed=21, out=tmp_path / "export", version=version)

    quality = read.load(made.out, key=bytes(32), work=tmp_path / "work").quality

    for name, account in quality.files.items():
        assert account.used == account.read == made.rows[name.removesuffix(".csv")], name
    assert quality.format == version
    unsound = {rule for rule, _, _ in quality.times if not rule.startswith("column-")}
    assert unsound == set()


def test_a_victim_service_provider_is_there_only_when_asked_for(
    county: County, tables: dict[str, Rows], tmp_path: Path
):
    asked = generate(people=1_000, years=2, seed=1, out=tmp_path / "export", victim_provider=True)

    rows = read.load(asked.out, key=bytes(32), work=tmp_path / "work").victim_provider_rows

    assert {row["VictimServiceProvider"] for row in tables["Organization"]} == {"0"}
    assert rows > 20


def test_what_stands_at_the_place_is_never_overwritten(tmp_path: Path):
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "mine.txt").write_text("mine")

    with pytest.raises(RecordsError, match="exists already"):
        generate(people=100, years=1, seed=1, out=tmp_path / "export")

    assert (tmp_path / "export" / "mine.txt").read_text() == "mine"


def test_an_interruption_leaves_nothing_behind(tmp_path: Path):
    def stop(what: str, done: int, of: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    for name in ("export", "export.zip"):
        with pytest.raises(KeyboardInterrupt):
            generate(people=100, years=1, seed=1, out=tmp_path / name, progress=stop)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("people", "years", "seed", "version"),
    [(0, 1, 1, "FY2024"), (9, 0, 1, "FY2024"), (9, 1, -1, "FY2024"), (9, 1, 1, "FY2020")],
)
def test_an_impossible_county_is_refused_before_anything_is_written(
    people: int, years: int, seed: int, version: str, tmp_path: Path
):
    with pytest.raises(RecordsError):
        generate(people=people, years=years, seed=seed, version=version, out=tmp_path / "export")

    assert list(tmp_path.iterdir()) == []


def test_even_one_person_makes_a_county(tmp_path: Path):
    made = generate(people=1, years=1, seed=5, out=tmp_path / "export")

    assert made.rows["Client"] == 1
    assert read.load(made.out, key=bytes(32), work=tmp_path / "work").quality.files["Client.csv"].used == 1
