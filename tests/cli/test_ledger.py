"""`upwell ledger`: what was released is listed, checked, handed to auditors, and taken back with a reason."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from factories.ledgers import ENTRY
from upwell.cli.listed import released
from upwell.evidence.disclosure.history import ledger
from upwell.state import ledgers, populations


@pytest.fixture()
def two(home: Path) -> Path:
    """A ledger with two releases; the folder it lies in."""
    with ledgers.held(home, "source-1") as held:
        for number in range(2):
            lines = held.lines()
            held.append(ledger.append(lines, replace(ENTRY, release_id=f"r{number}", previous=ledger.head(lines))))
    return home / "sources" / "source-1"


def test_the_ledger_is_listed_for_a_program(upwell, two):
    shown = json.loads(upwell("ledger", "show", "--json").out)

    assert [each["release_id"] for each in shown] == ["r0", "r1"]
    assert (shown[0]["shown"], shown[0]["hidden"], shown[0]["withdrawn"]) == (1, 1, "")


def test_an_empty_ledger_is_an_empty_list_for_a_program(upwell):
    assert json.loads(upwell("ledger", "show", "--json").out) == []


def test_a_withdrawn_release_is_shown_with_its_reason_and_stays(upwell, two):
    said = upwell("ledger", "withdraw", "r0", "--because", "Counted one shelter twice")
    shown = upwell("ledger", "show")

    assert said.code == 0 and "stays public" in said.out
    assert "withdraws r0: Counted one shelter twice" in shown.out
    assert "withdrawn; what it showed stays public" in shown.out
    assert upwell("ledger", "verify").code == 0


@pytest.mark.parametrize("words", [("r9", "--because", "x"), ("r0", "--because", " "), ("r0",)])
def test_a_withdrawal_without_a_release_or_a_reason_writes_nothing(upwell, two, words):
    before = (two / "ledger.jsonl").read_bytes()

    said = upwell("ledger", "withdraw", *words)

    assert said.code == 2
    assert (two / "ledger.jsonl").read_bytes() == before


@pytest.mark.parametrize("options", [(), ("--public",)])
def test_an_export_is_checked_with_and_without_its_ledger(upwell, two, tmp_path, monkeypatch, options):
    file = tmp_path / "export.json"

    made = upwell("ledger", "export", "-o", file, *options)
    beside = upwell("ledger", "verify", file)
    monkeypatch.setenv("UPWELL_HOME", str(tmp_path / "elsewhere"))
    alone = upwell("ledger", "verify", file)

    assert (made.code, beside.code, alone.code) == (0, 0, 0)
    assert "whole: 2 releases, as the ledger here tells them" in beside.out
    assert "no ledger here tells of them" in alone.out
    assert ("hidden-group" in file.read_text()) == (not options)


def test_an_export_that_was_changed_is_a_sentence(upwell, two, tmp_path):
    file = tmp_path / "export.json"
    upwell("ledger", "export", "r0", "-o", file)
    file.write_bytes(file.read_bytes().replace(b"40", b"41"))

    said = upwell("ledger", "verify", file)

    assert said.code == 2
    assert "changed after it was made" in said.err


def test_an_export_never_writes_over_a_file_and_needs_a_ledger(upwell, two, tmp_path, monkeypatch):
    file = tmp_path / "export.json"
    file.write_text("mine")

    over, unknown = upwell("ledger", "export", "-o", file), upwell("ledger", "export", "r9", "-o", tmp_path / "b.json")
    monkeypatch.setenv("UPWELL_HOME", str(tmp_path / "elsewhere"))
    nothing = upwell("ledger", "export", "-o", tmp_path / "c.json")

    assert (over.code, unknown.code, nothing.code) == (2, 2, 2)
    assert file.read_text() == "mine"
    assert "there already" in over.err and "lists the release r9" in unknown.err and "Nothing has been" in nothing.err


def test_a_head_that_was_noted_is_looked_for(upwell, two):
    lines = (two / "ledger.jsonl").read_bytes()
    first = ledger.head(lines.splitlines(keepends=True)[0])

    assert upwell("ledger", "verify", "--head", first).code == 0
    assert upwell("ledger", "verify", "--head", ledger.head(lines)).code == 0
    missing = upwell("ledger", "verify", "--head", "f" * 64)
    assert missing.code == 2
    assert "made later are missing" in missing.err


@pytest.mark.parametrize("damage", ["changed", "swapped", "half a line", "another source's"])
def test_a_bad_ledger_is_named_and_nothing_is_written(upwell, two, tmp_path, damage):
    path = two / "ledger.jsonl"
    first, second = path.read_bytes().splitlines(keepends=True)
    other = ledger.append(b"", replace(ENTRY, source_id="source-2"))
    path.write_bytes(
        {
            "changed": first.replace(b":40", b":41") + second,
            "swapped": second + first,
            "half a line": first + second[:-9],
            "another source's": first + other,
        }[damage]
    )
    before = path.read_bytes()

    for words in (("verify",), ("show",), ("export", "-o", tmp_path / "e.json"), ("withdraw", "r0", "--because", "x")):
        said = upwell("ledger", *words)
        assert said.code == 2, words
        assert "restore" in said.err.lower() or "back" in said.err, said.err
    assert not (tmp_path / "e.json").exists()
    assert path.read_bytes() == before


def test_the_list_fits_eighty_columns_without_colours_and_names_whose_people(upwell, two, home):
    populations.remember(home, "source-1", "Hope House")
    with ledgers.held(home, "source-1") as held:
        lines = held.lines()
        wide = replace(ENTRY, release_id="0f3a9c5e7b21d846", protection="victim-services", previous=ledger.head(lines))
        held.append(ledger.append(lines, replace(wide, period=("2023-10-01", "2025-09-30"))))

    shown = upwell("ledger", "show").out

    assert "Hope House (source source-1)" in shown and "\x1b" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("2024-01-05")][:2] == ["r0", "r1"]
    assert "hidden-group" not in shown


def test_a_period_that_is_no_year_is_told_by_its_days_and_one_is_told_as_one():
    quarter = replace(ENTRY, period=("2023-01-01", "2023-03-31"))

    assert "2023-01-01 to 2023-03-31" in released("Source", [quarter])
    assert " 2023 " in released("Source", [ENTRY])
