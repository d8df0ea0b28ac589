"""Who would come in with a caseload: only who stands by the reader's judgement, by name, met again by digest."""

from pathlib import Path

import pytest

from factories.hmis_files import KEY, Files
from upwell.records.cases.hmis import people
from upwell.records.cases.hmis.people import Arrivals
from upwell.records.errors import UnreadableError


def read(files: Files, tmp: Path, key: bytes = KEY, **more: object) -> Arrivals:
    number = len(list(tmp.iterdir()))
    return people.read(files.write(tmp / f"export{number}"), key=key, work=tmp / f"work{number}", **more)  # type: ignore[arg-type]


def open_stay(**client: str) -> Files:
    """One client with one open stay."""
    files = Files()
    for file in ("Export", "Organization", "Project"):
        files.add(file)
    files.add("ProjectCoC", City="Fennhaven", State="XX")
    files.add("Client", **client)
    return files.add("Enrollment")


def test_an_open_stay_comes_with_name_birth_date_programme_place_and_household(tmp_path: Path) -> None:
    arrivals = read(open_stay(), tmp_path)

    (someone,) = arrivals.people
    assert (someone.first_name, someone.last_name, someone.birth_date) == ("Wilhelmina", "Quackenbush", "1980-05-06")
    (stay,) = someone.stays
    assert (stay.programme, stay.city, stay.state, stay.relation) == ("Shelter", "Fennhaven", "XX", "head")
    assert str(stay.entered_on) == "2024-01-15" and stay.household
    assert not [each for each in tmp_path.glob("work*/*.csv")]


def test_somebody_whose_stays_have_all_ended_does_not_come(tmp_path: Path) -> None:
    arrivals = read(Files.of_one_stay(), tmp_path)

    assert arrivals.people == () and arrivals.ended == 1


def test_no_id_of_the_source_is_in_what_comes(tmp_path: Path) -> None:
    files = open_stay(PersonalID="PERSON-77", SSN="911223344")
    files.rows["Enrollment"][0] |= {"PersonalID": "PERSON-77", "EnrollmentID": "STAY-88", "HouseholdID": "HOME-99"}

    told = repr(read(files, tmp_path))

    assert not [text for text in ("PERSON-77", "STAY-88", "HOME-99", "911223344") if text in told]
    assert "Quackenbush" in told


def test_the_same_key_meets_the_same_person_and_another_key_does_not(tmp_path: Path) -> None:
    first, again, other = (
        read(open_stay(), tmp_path),
        read(open_stay(LastName="Changed"), tmp_path),
        read(open_stay(), tmp_path, b"o" * 32),
    )

    assert first.people[0].source == again.people[0].source != other.people[0].source
    assert first.people[0].stays[0].source == again.people[0].stays[0].source


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"DOBDataQuality": "1"}, "1980-05-06"),
        ({"DOBDataQuality": ""}, "1980-05-06"),
        ({"DOBDataQuality": "2"}, ""),
        ({"DOBDataQuality": "8"}, ""),
        ({"DOB": "1980-02-31"}, ""),
        ({"DOB": "5/6/1980"}, ""),
        ({"DOB": "1980-5-6 00:00:00"}, "1980-05-06"),
        ({"DOB": ""}, ""),
    ],
)
def test_a_birth_date_is_whole_or_not_there_never_guessed(tmp_path: Path, cells: dict[str, str], expected: str) -> None:
    assert read(open_stay(**cells), tmp_path).people[0].birth_date == expected


def test_a_birth_date_in_the_declared_order_is_read(tmp_path: Path) -> None:
    assert read(open_stay(DOB="5/6/1980"), tmp_path, dates="mdy").people[0].birth_date == "1980-05-06"
    assert read(open_stay(DOB="5/6/1980"), tmp_path, dates="dmy").people[0].birth_date == "1980-06-05"


def test_rows_that_the_reader_sets_aside_stay_out_with_their_line_and_reason(tmp_path: Path) -> None:
    files = open_stay()
    files.add("Client", PersonalID="P2", DateDeleted="2024-06-01 08:00:00").add(
        "Enrollment", EnrollmentID="E2", PersonalID="P2"
    )
    files.add("Enrollment", EnrollmentID="E3", PersonalID="nobody")
    text = files.text("Client") + "P9,too,short\n"
    files.raw["Client.csv"] = text.encode()

    arrivals = read(files, tmp_path)

    assert [someone.first_name for someone in arrivals.people] == ["Wilhelmina"]
    said = {(each.rule, each.file): each.lines for each in arrivals.set_aside}
    assert said["row-too-short", "Client.csv"] == (4,) and said["orphan", "Enrollment.csv"] == (4,)
    assert said["row-deleted", "Client.csv"] == (3,)


def test_names_are_those_of_the_newest_row_whatever_lies_between(tmp_path: Path) -> None:
    files = open_stay(LastName="Old", DateUpdated="2023-01-01 08:00:00")
    files.add("Client", LastName="Newer, with a comma", FirstName=' "Wil" ')
    files.raw["Client.csv"] = files.text("Client", end="\r\n").replace("\r\n", "\r\n\r\n", 1).encode("cp1252")

    (someone,) = read(files, tmp_path).people

    assert someone.last_name == "Newer, with a comma"


def test_a_file_in_another_code_page_keeps_its_letters(tmp_path: Path) -> None:
    files = open_stay(FirstName="Zoë", LastName="Núñez")
    files.raw["Client.csv"] = files.text("Client").encode("cp1252")

    (someone,) = read(files, tmp_path).people

    assert (someone.first_name, someone.last_name) == ("Zoë", "Núñez")


def test_a_victim_service_providers_people_never_come(tmp_path: Path) -> None:
    files = open_stay()
    files.rows["Organization"][0]["VictimServiceProvider"] = "1"

    arrivals = read(files, tmp_path)

    assert arrivals.people == () and arrivals.victim_provider_rows >= 2


def test_test_clients_stay_out_and_are_counted(tmp_path: Path) -> None:
    arrivals = read(open_stay(FirstName="Test", LastName="Client"), tmp_path)

    assert arrivals.people == () or arrivals.people[0].last_name == "Client"
    assert read(open_stay(FirstName="test", LastName="test"), tmp_path).tests == 1


def test_the_same_stay_twice_comes_once(tmp_path: Path) -> None:
    arrivals = read(open_stay().add("Enrollment", EnrollmentID="E2"), tmp_path)

    assert len(arrivals.people[0].stays) == 1 and arrivals.twice == 1


def test_two_open_stays_are_two_cases_of_one_person(tmp_path: Path) -> None:
    files = open_stay().add("Project", ProjectID="J2", ProjectName="Re-housing")
    files.add("Enrollment", EnrollmentID="E2", ProjectID="J2", EntryDate="2024-03-01")

    (someone,) = read(files, tmp_path).people

    assert [stay.programme for stay in someone.stays] == ["Shelter", "Re-housing"]


@pytest.mark.parametrize(
    ("code", "expected", "others"), [("367", "es", 0), ("171", "en", 0), ("418", "", 1), ("", "", 0)]
)
def test_a_language_comes_where_the_pages_speak_it(tmp_path: Path, code: str, expected: str, others: int) -> None:
    files = open_stay()
    files.rows["Enrollment"][0]["PreferredLanguage"] = code

    arrivals = read(files, tmp_path)

    assert (arrivals.people[0].language, arrivals.other_languages) == (expected, others)


def test_hashed_names_are_refused_with_what_to_do(tmp_path: Path) -> None:
    files = open_stay()
    files.rows["Export"][0]["HashStatus"] = "4"

    with pytest.raises(UnreadableError, match="without hashing"):
        read(files, tmp_path)


def test_an_export_without_clients_brings_nobody(tmp_path: Path) -> None:
    files = Files()
    files.add("Export")

    assert read(files, tmp_path).people == ()


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    zipped = open_stay().zip(tmp_path / "export.zip", inside="deep/er/")

    from_zip = people.read(zipped, key=KEY, work=tmp_path / "w")
    from_folder = read(open_stay(), tmp_path)

    assert from_zip.people == from_folder.people
