"""What there is to choose from is read from the files that define it."""

import json
from importlib import resources
from pathlib import Path

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


def test_a_protection_says_what_it_hides_since_when_and_by_whose_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["protections", "sud"]) == 0

    said = " ".join(capsys.readouterr().out.split())
    assert "Threshold 11: counts from 0 to 10 are never shown. Since 2024-04-16." in said
    assert "Zeros are hidden too." in said and "nobody and everybody (0 % and 100 %)" in said
    assert "a ledger of their own" in said and "89 FR 12472" in said
    assert "legal advice" in said and "counsel" in said


def test_a_protection_is_shown_as_it_stood_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["protections", "sud", "--on", "2020-01-01"]) == 0
    assert "Since 2017-03-21" in capsys.readouterr().out
    assert main.run(["protections", "sud", "--on", "2010-01-01"]) == 2
    assert "Choose a later day" in capsys.readouterr().err
    assert main.run(["protections", "--on", "2010-01-01"]) == 0
    assert "the rule is younger" in capsys.readouterr().out


def test_a_pack_of_ones_own_is_checked_and_named_by_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = resources.files("upwell.evidence.disclosure") / "protections"
    text = (folder / "cms.toml").read_text(encoding="utf-8")
    (tmp_path / "ours.toml").write_text(text)
    (tmp_path / "wrong.toml").write_text(text.replace("value = 11", "value = 1"))

    assert main.run(["protections", str(tmp_path / "ours.toml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "ours"
    assert main.run(["protections", str(tmp_path / "wrong.toml")]) == 2
    assert "wrong.toml: threshold, value 1" in capsys.readouterr().err
    assert main.run(["protections", str(tmp_path / "none.toml")]) == 2
    assert "cannot be read" in capsys.readouterr().err
