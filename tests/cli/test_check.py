"""`upwell check` says how good an export is and leaves no trace."""

import json
import re
from pathlib import Path

import pytest

from upwell.records.cases.rules import RULES
from upwell.records.cases.synthetic.generate import generate

ROOT = Path(__file__).resolve().parents[2]
CLASSES = ["read", "used", "repaired", "superseded", "quarantined", "deleted"]


def listing(folder: Path) -> dict[str, tuple[int, float]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime) for path in folder.rglob("*")}


def test_the_json_has_exactly_what_is_promised(county, upwell) -> None:
    said = upwell("check", county, "--json")

    answer = json.loads(said.out)
    assert list(answer) == ["format", "period", "files", "rules", "persons", "households"]
    assert answer["format"] == "FY2024" and len(answer["period"]) == 2
    assert all(list(account) == CLASSES for account in answer["files"].values())
    assert list(answer["persons"]) == [
        "persons_served", "adults", "children", "age_unknown", "leavers", "stayers", "veterans",
    ]  # fmt: skip
    assert isinstance(answer["households"], int)
    assert answer["persons"]["persons_served"] == sum(answer["persons"][each] for each in ("leavers", "stayers"))


def test_every_row_is_in_exactly_one_class(upwell, tmp_path) -> None:
    generate(people=300, years=2, seed=2, out=tmp_path / "broken", defects=True)

    said = upwell("check", tmp_path / "broken", "--json")

    accounts = json.loads(said.out)["files"].values()
    assert said.code == 1
    assert all(account["read"] == sum(account[each] for each in CLASSES[1:]) for account in accounts)
    assert sum(account["quarantined"] for account in accounts) > 0


def test_it_writes_nothing_that_stays(county, upwell, home, tmp_path, monkeypatch) -> None:
    work = tmp_path / "tmp"
    work.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    before = listing(county)

    said = upwell("check", county)

    assert said.code in (0, 1) and "persons served" in said.out
    assert listing(county) == before
    assert list(work.iterdir()) == [] and not home.exists()


@pytest.mark.parametrize("content", [None, b"", b"not a zip"])
def test_what_cannot_be_read_is_a_sentence_and_two(upwell, tmp_path, content) -> None:
    path = tmp_path / "export.zip"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)

    said = upwell("check", path)

    assert said.code == 2 and said.out == "" and 0 < len(said.err.strip().splitlines()) <= 2


def test_a_real_export_is_counted_as_the_reports_count_it(upwell) -> None:
    real = ROOT.parent / "shared" / "data" / "hmis_exports" / "fy2024_datalab_export.zip"
    if not real.exists():
        pytest.skip("the shared data is not beside this checkout")

    said = upwell("check", real, "--json")

    answer = json.loads(said.out)
    assert said.code == 1
    assert answer["files"]["Client.csv"]["read"] == 514 and answer["files"]["Enrollment.csv"]["read"] == 574
    assert sum(account["read"] for account in answer["files"].values()) == 19_453


def test_a_person_is_told_why_a_rule_matters_and_where_it_fired_first(upwell, tmp_path) -> None:
    generate(people=300, years=2, seed=2, out=tmp_path / "broken", defects=True)

    said = upwell("check", tmp_path / "broken")

    lines = said.out.splitlines()
    at = next(number for number, line in enumerate(lines) if "exit-before-entry (" in line)
    assert lines[at + 1].strip() == RULES["exit-before-entry"].reason
    assert re.fullmatch(r" +Exit\.csv ExitDate: lines? \d+(, \d+)*", lines[at + 2])
    assert max(map(len, lines)) <= 100


def test_an_export_that_is_not_there_is_one_sentence(upwell, tmp_path) -> None:
    said = upwell("check", tmp_path / "export.zip")

    assert said.code == 2 and said.out == ""
    assert said.err.startswith("There is nothing at") and len(said.err.splitlines()) == 1
