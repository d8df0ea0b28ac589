"""The specification of each year, from the base year and what changed."""

from __future__ import annotations

import pytest

from upwell.records.cases.hmis.spec_load import YEARS, aliases, condition, spec


def collected(year: int, file: str) -> set[str]:
    return {column.name for column in spec(year).files[file].columns if column.written}


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_the_columns_of_all_years_under_one_name(year: int) -> None:
    names = {file: [column.name for column in each.columns] for file, each in spec(year).files.items()}

    assert names == {file: [column.name for column in each.columns] for file, each in spec(2026).files.items()}
    assert all(len(columns) == len(set(columns)) for columns in names.values())


@pytest.mark.parametrize("year", YEARS)
def test_every_list_a_column_names_exists_and_every_condition_names_columns(year: int) -> None:
    this = spec(year)

    for file in this.files.values():
        names = {column.name for column in file.columns}
        assert file.key in names
        assert set(file.asked) <= names
        assert all(column.codes in this.lists for column in file.columns if column.codes)
    for (file, column), choices in this.chosen.items():
        assert column in {each.name for each in this.files[file].columns}
        assert all(codes in this.lists for codes, _ in choices)


def test_the_base_year_holds_the_522_columns_of_24_files() -> None:
    present = [file for file in spec(2026).files.values() if file.present]

    assert len(present) == 24
    assert sum(bool(column.written) for file in present for column in file.columns) == 522


def test_years_differ_as_the_standard_says() -> None:
    assert collected(2026, "Client") - collected(2024, "Client") == {"Sex"}
    assert "Woman" in collected(2024, "Client") - collected(2026, "Client")
    assert {"MidEastNAfrican", "CulturallySpecific"} <= collected(2024, "Client") - collected(2022, "Client")
    assert "EnrollmentCoC" not in collected(2022, "Enrollment")
    assert not spec(2024).files["EnrollmentCoC"].present
    assert not spec(2022).files["HMISParticipation"].present


@pytest.mark.parametrize(
    ("file", "written", "canonical"),
    [
        ("Client", "Female", "Woman"),
        ("Client", "Ethnicity", "HispanicLatinao"),
        ("Client", "HispanicLatinaeo", "HispanicLatinao"),
        ("IncomeBenefits", "VAMedicalServices", "VHAServices"),
        ("HealthAndDV", "DomesticViolenceVictim", "DomesticViolenceSurvivor"),
        ("Exit", "WorkPlaceViolenceThreats", "WorkplaceViolenceThreats"),
    ],
)
def test_old_names_lead_to_the_newest(file: str, written: str, canonical: str) -> None:
    assert aliases()[(file, written.lower())] == canonical


def test_old_living_situations_lead_into_the_new_list() -> None:
    pairs = spec(2022).recode["3.12.1"]

    assert pairs[16] == (116, None)
    assert pairs[19] == (435, 419)
    assert {new for new, _ in pairs.values()} <= spec(2026).codes("3.12.1")
    assert {subsidy for _, subsidy in pairs.values() if subsidy} <= spec(2026).codes("3.12.A")


def test_identity_and_free_text_are_never_loaded() -> None:
    for name in (
        "FirstName",
        "LastName",
        "SSN",
        "OtherDestination",
        "AssessmentAnswer",
        "LocationDetails",
        "UserEmail",
    ):
        columns = [column for file in spec(2024).files.values() for column in file.columns if column.name == name]
        assert columns
        assert not any(column.loaded for column in columns)


def test_a_condition_in_words_becomes_sql_and_nothing_else_passes() -> None:
    assert condition("A in 1 2 and B known") == '("A" IN (1,2)) AND ("B" IS NOT NULL)'
    with pytest.raises(ValueError, match="not a condition"):
        condition("A in 1; DROP TABLE x")
