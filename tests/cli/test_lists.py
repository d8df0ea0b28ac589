"""What there is to choose from is read from the files that define it."""

import json
from importlib import resources

import pytest

from upwell.cli import main
from upwell.evidence.disclosure import protection


@pytest.mark.parametrize(
    ("command", "package", "folder"),
    [
        ("questions", "upwell.records.cases.hmis", "questions"),
        ("protections", "upwell.evidence.disclosure", "protections"),
    ],
)
def test_every_file_is_listed_by_its_name(
    command: str, package: str, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        file.name.removesuffix(".toml")
        for file in (resources.files(package) / folder).iterdir()
        if file.name.endswith(".toml")
    }

    assert main.run([command, "--json"]) == 0

    listed = {row["name"] for row in json.loads(capsys.readouterr().out)}
    assert listed == files and files


def test_text_for_a_person_holds_the_same_names_and_is_no_wider_than_a_page(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.run(["protections"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == list(protection.names())
    assert max(map(len, lines)) <= 100


def test_the_three_years_of_hmis_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["formats"]) == 0

    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if not line.startswith(" ")] == ["FY2022", "FY2024", "FY2026"]
