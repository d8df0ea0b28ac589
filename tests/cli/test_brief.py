"""`upwell brief`, end to end on an invented export: what is written, what is remembered, what is refused."""

import csv
import json
import re
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pytest
from pypdf import PdfReader

from upwell.cli import main, output
from upwell.evidence.disclosure import release
from upwell.evidence.disclosure.history import ledger
from upwell.records.cases.synthetic.generate import generate
from upwell.state import keys, ledgers

ONE = ("--question", "exit_homeless", "--basis", "Test notice, section 1")
IDENTITY = ("PersonalID", "FirstName", "MiddleName", "LastName", "NameSuffix", "SSN", "DOB")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entries(home: Path) -> list[ledger.LedgerEntry]:
    return [entry for source in ledgers.sources(home) for entry in ledger.read(ledgers.peek(home, source))]


@dataclass(frozen=True)
class First:
    """A first brief of the county and the state folder that remembers it; copied by the tests, never changed."""

    folder: Path
    code: int


@pytest.fixture(scope="module")
def made_once(county, tmp_path_factory) -> First:
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPWELL_HOME", str(folder / "home"))
        code = main.run([str(word) for word in ("brief", county, "-o", folder / "one", *ONE)])
    return First(folder, code)


@pytest.fixture()
def one(made_once, home, tmp_path) -> Path:
    """The output of a first brief, which this test's own state folder remembers."""
    assert made_once.code == 0
    shutil.copytree(made_once.folder / "home", home)
    return shutil.copytree(made_once.folder / "one", tmp_path / "one")


def test_a_brief_has_what_may_be_sent_and_what_may_not(county, upwell, home, tmp_path) -> None:
    said = upwell("brief", county, "-o", tmp_path / "out", *ONE)

    made = files(tmp_path / "out")
    assert said.code == 0, said.err
    assert {"share/brief.html", "share/brief.pdf", "share/brief.md", "share/release/release.json"} <= set(made)
    assert {name for name in made if not name.startswith("share/")} == {
        "inside/quality.html", "inside/quality.csv", "inside/cautions.md", "inside/run.json",
    }  # fmt: skip
    assert all(
        b"case team only, do not send" in content.lower()
        for name, content in made.items()
        if name.startswith("inside/")
    )
    assert str(tmp_path / "out/share/brief.html") in said.out
    public = keys.load(home).public
    signed = release.read(made["share/release/release.json"], public)
    assert [entry.release_id for entry in entries(home)] == [signed.id]
    assert signed.basis == "Test notice, section 1"


def test_the_same_request_gives_the_same_release_and_no_new_ledger_line(county, upwell, home, one, tmp_path) -> None:
    said = upwell("brief", county, "-o", tmp_path / "two", *ONE)

    assert files(one / "share") == files(tmp_path / "two/share")
    assert len(entries(home)) == 1
    assert "same release, to the byte" in said.err


def test_again_makes_the_same_to_the_byte_even_after_other_releases(county, upwell, home, one, tmp_path) -> None:
    upwell("brief", county, "-o", tmp_path / "other", "--question", "no_income_exit", "--basis", "x", "--seed", 5)
    said = upwell("brief", county, "-o", tmp_path / "two", "--again", one / "inside/run.json")

    assert said.code == 0, said.err
    assert files(one / "share") == files(tmp_path / "two/share")
    assert len(entries(home)) == 2


def test_again_refuses_other_records_other_ledgers_and_other_choices(county, upwell, home, one, monkeypatch) -> None:
    run, tmp_path = one / "inside/run.json", one.parent
    other = shutil.copytree(county, tmp_path / "other")
    with (other / "Services.csv").open("a") as file:
        file.write("\n")

    records = upwell("brief", other, "-o", tmp_path / "two", "--again", run)
    choice = upwell("brief", county, "-o", tmp_path / "two", "--again", run, "--seed", 3)
    monkeypatch.setenv("UPWELL_HOME", str(tmp_path / "elsewhere"))
    elsewhere = upwell("brief", county, "-o", tmp_path / "two", "--again", run)

    assert [records.code, choice.code, elsewhere.code] == [2, 2, 2]
    assert "not the records of that run" in records.err
    assert "leave the others away" in choice.err
    assert "cannot be made again" in elsewhere.err
    assert not (tmp_path / "two").exists()
    assert len(entries(home)) == 1


def test_no_identity_value_leaves_the_case_side_or_is_said(county, upwell, tmp_path) -> None:
    said = upwell("brief", county, "-o", tmp_path / "out", "--question", "jail", "--question", "exit_homeless")

    with (county / "Client.csv").open(newline="") as file:
        values = {row[column] for row in csv.DictReader(file) for column in IDENTITY if len(row.get(column) or "") > 3}
    pages = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "out/share/brief.pdf").pages)
    text = "\n".join(content.decode("utf-8", "ignore") for content in files(tmp_path / "out").values())
    words = set(re.findall(r"[\w-]+", "\n".join((text, pages, said.out, said.err))))
    assert len(values) > 400
    assert sorted(values & words) == []


def test_without_a_basis_the_brief_warns_and_an_answer_is_remembered(county, upwell, home, tmp_path) -> None:
    without = upwell("brief", county, "-o", tmp_path / "one", "--question", "exit_homeless")
    given = upwell("brief", county, "-o", tmp_path / "two", *ONE)
    later = upwell("brief", county, "-o", tmp_path / "three", "--question", "no_income_exit")

    assert "warning page" in without.err and "warning page" not in given.err + later.err
    assert [entry.basis for entry in entries(home)] == ["", "Test notice, section 1", "Test notice, section 1"]


def test_rows_of_a_victim_provider_stop_a_brief_until_they_are_left_out(upwell, home, tmp_path) -> None:
    generate(people=300, years=2, seed=4, out=tmp_path / "export", victim_provider=True)

    stopped = upwell("brief", tmp_path / "export", "-o", tmp_path / "out", *ONE)
    assert stopped.code == 2 and "own" in stopped.err and entries(home) == []

    left_out = upwell("brief", tmp_path / "export", "-o", tmp_path / "out", *ONE, "--leave-out-victim-providers")
    assert left_out.code == 0, left_out.err
    assert "victim service providers were left out" in (tmp_path / "out" / "share" / "brief.md").read_text()


def test_a_crash_between_ledger_and_files_leaves_a_line_and_the_next_run_uses_it(
    county, upwell, home, tmp_path, monkeypatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(output.Stage, "finish", full)
        crashed = upwell("brief", county, "-o", tmp_path / "out", *ONE)
    line = entries(home)

    healed = upwell("brief", county, "-o", tmp_path / "out", *ONE)

    assert crashed.code == 2 and "No space left" in crashed.err
    assert healed.code == 0 and entries(home) == line and len(line) == 1
    assert json.loads((tmp_path / "out" / output.RUN).read_text())["release_id"] == line[0].release_id


@pytest.mark.parametrize("option", ["--question", "--protection"])
def test_a_name_that_is_not_there_is_a_sentence_and_enters_no_ledger(county, upwell, home, tmp_path, option) -> None:
    said = upwell("brief", county, "-o", tmp_path / "out", option, "no_such_name", "--basis", "x")

    assert said.code == 2 and "no_such_name" in said.err and f"./upwell {option[2:].rstrip('s')}s" in said.err
    assert len(said.err.splitlines()) == 1, "nothing was read, no key was made, nobody was asked for a basis"
    assert entries(home) == [] and not (tmp_path / "out").exists()


def test_an_agencys_own_pack_is_named_in_its_release_and_repeated_without_the_file(
    county, upwell, home, tmp_path
) -> None:
    cms = resources.files("upwell.evidence.disclosure") / "protections" / "cms.toml"
    ours = tmp_path / "our-county.toml"
    ours.write_text(cms.read_text().replace("value = 11", "value = 16").replace("1 to 10 is", "1 to 15 is"))

    said = upwell("brief", county, "-o", tmp_path / "one", *ONE, "--protection", ours)
    ours.unlink()
    again = upwell("brief", county, "-o", tmp_path / "two", "--again", tmp_path / "one/inside/run.json")

    assert (said.code, again.code) == (0, 0), said.err + again.err
    assert files(tmp_path / "one/share") == files(tmp_path / "two/share")
    released = json.loads((tmp_path / "one/share/release/release.json").read_bytes())["release"]
    assert (released["protection"], released["threshold"]) == ("our-county", 16)
    assert "our-county.toml, SHA-256" in released["protection_source"]


def test_a_pack_without_a_source_writes_nothing(county, upwell, home, tmp_path) -> None:
    cms = resources.files("upwell.evidence.disclosure") / "protections" / "cms.toml"
    ours = tmp_path / "our-county.toml"
    ours.write_text(re.sub(r', source = "CMS[^"]*"', "", cms.read_text()))

    said = upwell("brief", county, "-o", tmp_path / "out", *ONE, "--protection", ours)

    assert said.code == 2 and "our-county.toml: threshold, value 1 has no source" in said.err
    assert not (tmp_path / "out").exists() and not home.exists()


def test_somebodys_own_folder_is_refused_before_anything_is_released(county, upwell, home, tmp_path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("Dear senator")

    said = upwell("brief", county, "-o", tmp_path / "mine", *ONE)

    assert said.code == 2 and "letter.txt" in said.err
    assert files(tmp_path / "mine") == {"letter.txt": b"Dear senator"} and entries(home) == []


def test_an_output_inside_the_export_is_refused(county, upwell, tmp_path) -> None:
    said = upwell("brief", county, "-o", county / "brief", *ONE)

    assert said.code == 2 and "lie in one another" in said.err
    assert not (county / "brief").exists()


def test_an_output_that_this_ledger_does_not_list_needs_a_reason(county, upwell, one, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("UPWELL_HOME", str(tmp_path / "new-home"))

    refused = upwell("brief", county, "-o", one, *ONE)
    reasoned = upwell("brief", county, "-o", one, *ONE, "--new-ledger", "the laptop was stolen in May")

    assert refused.code == 2 and "--new-ledger REASON" in refused.err
    assert reasoned.code == 0, reasoned.err
    assert "the laptop was stolen in May" in (one / "share/brief.md").read_text()


def test_the_ledger_is_shown_and_verified_and_a_changed_one_is_named(upwell, home, one, tmp_path, monkeypatch) -> None:
    with monkeypatch.context() as nothing:
        nothing.setenv("UPWELL_HOME", str(tmp_path / "nothing-yet"))
        empty = upwell("ledger", "show")
    listed = entries(home)[0].release_id
    shown, whole = upwell("ledger", "show"), upwell("ledger", "verify")
    path = next(home.glob("sources/*/ledger.jsonl"))
    path.write_bytes(path.read_bytes().replace(b'"seed":1', b'"seed":2'))
    changed = upwell("ledger", "verify")
    path.write_bytes(b"")
    lost, listed_less = upwell("ledger", "verify"), upwell("ledger", "show")

    assert "Nothing has been released yet" in empty.out and listed in shown.out
    assert (whole.code, changed.code, lost.code) == (0, 2, 2)
    assert "Line 1" in changed.err and str(path.parent) in changed.err and "shorter or other" in lost.err
    assert listed_less.code == 2 and "Nothing has been released" not in listed_less.out


def test_a_correction_and_what_was_taken_back_stand_in_brief_package_and_ledger(
    county, upwell, home, one, tmp_path
) -> None:
    first = entries(home)[0].release_id
    upwell("ledger", "withdraw", first, "--because", "One shelter was counted twice.")

    said = upwell(
        "brief", county, "-o", tmp_path / "two", "--question", "no_income_exit", "--basis", "x",
        "--corrects", first, "--because", "one shelter less",
    )  # fmt: skip

    assert said.code == 0, said.err
    taken_back = f"Taken back by this agency: {first} of {entries(home)[0].made_on} (One shelter was counted twice)."
    corrected = f"This corrects the release {first} of {entries(home)[0].made_on}: one shelter less."
    shared = tmp_path / "two/share"
    for words in (taken_back, corrected):
        assert words in (shared / "brief.md").read_text()
        assert words in " ".join(json.loads((shared / "release/datapackage.json").read_text())["notes"])
    shown = upwell("ledger", "show").out
    assert f"corrects {first}: one shelter less" in shown
    assert f"corrected by {entries(home)[-1].release_id}" in shown
    assert (entries(home)[-1].about, entries(home)[-1].because) == (first, "one shelter less")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--corrects", "feed"), "--because WORDS"),
        (("--because", "why"), "--corrects RELEASE"),
        (("--corrects", "feed", "--because", "why"), "No release feed"),
    ],
)
def test_a_correction_of_nothing_or_without_a_reason_is_refused(county, upwell, tmp_path, words, told) -> None:
    said = upwell("brief", county, "-o", tmp_path / "out", *ONE, *words)

    assert said.code == 2 and told in said.err
    assert not (tmp_path / "out").exists()
