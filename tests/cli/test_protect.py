"""`upwell protect`, end to end on an invented table: what is written, what is remembered, what is refused."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from tests.factories.served import served, summed, written

from upwell.cli import output
from upwell.evidence.disclosure import release
from upwell.evidence.disclosure.history import ledger
from upwell.state import keys, ledgers

BY = ("county", "age", "race")
WHO = ("--source", "Served by Hope House", "--period", "2025")


@pytest.fixture()
def file(tmp_path: Path) -> Path:
    rows = summed(served(tracts=2), "county", "age", "race")
    return written(tmp_path / "served.csv", rows, "county", "age", "race", "persons")


@pytest.fixture()
def refused(upwell, home, file, tmp_path) -> Callable[..., str]:
    """What is said of a request that is refused, after which nothing is written anywhere."""

    def run(*words: str) -> str:
        said = upwell("protect", file, *words, "-o", tmp_path / "out")
        assert said.code == 2 and "Traceback" not in said.err
        assert not (tmp_path / "out").exists() and entries(home) == []
        return said.err

    return run


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entries(home: Path) -> list[ledger.LedgerEntry]:
    return [entry for source in ledgers.sources(home) for entry in ledger.read(ledgers.peek(home, source))]


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "share" / "protected.csv").open(newline="") as opened:
        return list(csv.DictReader(opened))


def test_a_table_has_what_may_be_sent_and_what_may_not(upwell, home, file, tmp_path) -> None:
    said = upwell("protect", file, "--by", "county,age,race", *WHO, "-o", tmp_path / "out")

    made = files(tmp_path / "out")
    assert said.code == 0, said.err
    assert {"share/protected.csv", "share/protected.html", "share/release/release.json"} <= set(made)
    assert {name for name in made if not name.startswith("share/")} == {"inside/loss.json", "inside/run.json"}
    assert all(b"CASE TEAM ONLY" in content for name, content in made.items() if name.startswith("inside/"))
    signed = release.read(made["share/release/release.json"], keys.load(home).public)
    assert [entry.release_id for entry in entries(home)] == [signed.id]
    assert signed.period == ("2025-01-01", "2025-12-31") and signed.source == "Served by Hope House"
    assert "The counts are taken from the column 'persons'." in said.err
    assert "Shown: " in said.out and str(tmp_path / "out/share/protected.html") in said.out


def test_the_table_has_the_layout_of_the_file_true_numbers_and_no_small_one(upwell, file, tmp_path) -> None:
    upwell("protect", file, *WHO, "-o", tmp_path / "out")

    truth: dict[tuple[str, ...], int] = defaultdict(int)
    for row in csv.DictReader(file.open()):
        for key in product(*((row[name], "Total") for name in BY)):
            truth[key] += int(row["persons"])
    found = {tuple(row[name] for name in BY): row["persons"] for row in rows(tmp_path / "out")}
    shown = {key: int(persons) for key, persons in found.items() if persons != "withheld"}
    assert set(found) <= set(truth) and 20 < len(shown) < len(found)
    assert all(truth[key] == persons for key, persons in shown.items())
    assert not [persons for persons in shown.values() if 1 <= persons <= 10]


def test_the_page_needs_nothing_else_and_says_promise_loss_and_what_is_not_covered(upwell, file, tmp_path) -> None:
    upwell("protect", file, *WHO, "-o", tmp_path / "out")

    page = (tmp_path / "out/share/protected.html").read_text()
    assert "<svg" in page and "<script" not in page and "http://" not in page and "https://" not in page
    assert "Persons by county, age and race" in page
    assert "What the promise does not cover" in page and "withheld" in page.lower()


def test_the_same_request_gives_the_same_release_and_no_new_ledger_line(upwell, home, file, tmp_path) -> None:
    upwell("protect", file, *WHO, "-o", tmp_path / "one")
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")  # the same table, sorted otherwise
    said = upwell("protect", file, *WHO, "-o", tmp_path / "two")

    assert files(tmp_path / "one/share") == files(tmp_path / "two/share")
    assert len(entries(home)) == 1
    assert "same release, to the byte" in said.err


def test_a_population_is_asked_for_once_and_remembered(upwell, home, file, tmp_path) -> None:
    without = upwell("protect", file, "--period", "2025", "-o", tmp_path / "out")
    assert without.code == 2 and "--source" in without.err and not (tmp_path / "out").exists()

    upwell("protect", file, *WHO, "-o", tmp_path / "out")
    again = upwell("protect", file, "--period", "2025", "-o", tmp_path / "again")
    assert again.code == 0 and "Whose people: Served by Hope House" in again.err
    capitals = upwell("protect", file, "--source", "served BY hope  house", "--period", "2025", "-o", tmp_path / "c")
    assert capitals.code == 0 and len(ledgers.sources(home)) == 1

    visits = tmp_path / "visits.csv"
    visits.write_text("county,persons\nNorth,40\nSouth,51\n", "utf-8")
    other = upwell("protect", visits, "--source", "Visits", "--period", "2025", "-o", tmp_path / "other")
    assert other.code == 0 and "a ledger of its own" in other.err and len(ledgers.sources(home)) == 2
    several = upwell("protect", file, "--period", "2025", "-o", tmp_path / "more")
    assert several.code == 2 and "Named before: Served by Hope House, Visits" in several.err


@pytest.mark.parametrize("how", [("-o", "second"), ("--dry-run",)])
def test_the_same_counts_under_another_name_are_refused_and_the_first_name_is_said(
    upwell, home, file, tmp_path, how
) -> None:
    first = upwell("protect", file, *WHO, "-o", tmp_path / "first")
    folder = [tmp_path / each if each == "second" else each for each in how]

    again = upwell("protect", file, "--source", "Visits", "--period", "2026", "--seed", 2, *folder)

    assert (first.code, again.code) == (0, 2)
    assert "--source 'Served by Hope House'" in again.err, "two ledgers together gave one small count in seven away"
    assert len(ledgers.sources(home)) == 1 and not (tmp_path / "second").exists()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--period", "last year"), "is no period"),
        (("--period", "2025-12-31..2025-01-01"), "ends before it begins"),
        (("--period", "2025-02-30"), "is no period"),
        ((), "--period 2025"),
    ],
)
def test_a_period_is_needed_and_understood(refused, words, wanted) -> None:
    assert wanted in refused("--source", "x", *words)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--by", "county,agee"), "Did you mean 'age'"),
        (("--protection", "nobody"), "There is no protection called 'nobody'"),
        (("--percent", "1"), "--yes"),
        (("--classes", "0,eleven"), "whole numbers"),
        (("--classes", "5,3"), "begin with 0 and rise"),
        (("--tables", "county*zip"), "'zip' is not counted by"),
        (("--sensitive", "zip"), "'zip' is not counted by"),
        (("--count", "nothing"), "no column 'nothing'"),
        (("--corrects", "feed"), "--because WORDS"),
        (("--corrects", "feed", "--because", "a mistake"), "No release feed"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence_and_nothing_is_written(refused, words, wanted) -> None:
    assert wanted in refused(*WHO, *words)


def test_a_rehearsal_says_the_loss_and_writes_nothing_anywhere(upwell, home, file, tmp_path) -> None:
    said = upwell("protect", file, *WHO, "--dry-run", "-o", tmp_path / "out")

    assert said.code == 0, said.err
    assert "Shown: " in said.out and "Nothing was written." in said.out
    assert not (tmp_path / "out").exists() and not home.exists()


def test_only_the_tables_asked_for_are_made_with_their_totals(upwell, tmp_path) -> None:
    file = written(tmp_path / "s.csv", served(), "county", "tract", "age", "race", "persons")

    said = upwell(
        "protect", file, "--by", "county>tract,age,race", "--tables", "county*age", "--tables", "race", *WHO,
        "-o", tmp_path / "out",
    )  # fmt: skip

    assert said.code == 0, said.err
    found = {
        tuple(row[name] == "Total" for name in ("county", "tract", "age", "race")) for row in rows(tmp_path / "out")
    }
    assert found == {
        (True, True, True, True), (False, True, True, True), (True, True, False, True), (False, True, False, True),
        (True, True, True, False),
    }  # fmt: skip


def test_those_who_said_yes_are_shown_with_their_share(upwell, tmp_path) -> None:
    file = written(tmp_path / "s.csv", summed(served(), "county", "age"))

    said = upwell(
        "protect", file, "--count", "persons", "--yes", "housed", "--percent", "1", *WHO, "-o", tmp_path / "out"
    )

    assert said.code == 0, said.err
    total = rows(tmp_path / "out")[0]
    assert list(total) == ["county", "age", "persons", "housed", "percent housed"]
    assert total["percent housed"] == f"{100 * int(total['housed']) / int(total['persons']):.1f}"


def test_records_are_counted_and_told_as_persons(upwell, tmp_path) -> None:
    lines = [f"{row['county']},{row['age']}" for row in served() for _ in range(int(row["persons"]))]
    file = tmp_path / "people.csv"
    file.write_text("county,age\n" + "\n".join(lines) + "\n")

    said = upwell("protect", file, "--records", "--by", "county,age", *WHO, "-o", tmp_path / "out")

    assert said.code == 0, said.err
    assert rows(tmp_path / "out")[0] == {"county": "Total", "age": "Total", "persons": str(len(lines))}


def test_too_few_people_are_refused_and_nothing_is_written(upwell, home, tmp_path) -> None:
    file = tmp_path / "few.csv"
    file.write_text("age,persons\nold,3\nyoung,2\n")

    said = upwell("protect", file, *WHO, "-o", tmp_path / "out")

    assert said.code == 2 and "Ask for" in said.err
    assert not (tmp_path / "out").exists() and entries(home) == []


def test_a_county_is_the_finest_place_of_victim_services_and_its_source_has_no_name(upwell, home, tmp_path) -> None:
    file = written(tmp_path / "s.csv", summed(served(), "county", "tract"), "county", "tract", "persons")
    stopped = upwell(
        "protect", file, "--by", "county>tract", *WHO, "--protection", "victim-services", "-o", tmp_path / "out"
    )
    assert stopped.code == 2 and "leave out 'tract'" in stopped.err and entries(home) == []

    coarse = upwell(
        "protect", file, "--by", "county", "--add-up", *WHO, "--protection", "victim-services", "-o", tmp_path / "out"
    )
    assert coarse.code == 0, coarse.err
    shared = b"".join(content for name, content in files(tmp_path / "out").items() if name.startswith("share/"))
    assert b"Hope House" not in shared
    assert [path for path in ledgers.sources(home) if path.endswith("-apart")]


def test_a_former_output_of_another_ledger_stops_the_run(upwell, home, file, tmp_path, monkeypatch) -> None:
    upwell("protect", file, *WHO, "-o", tmp_path / "out")
    (home / "sources").rename(tmp_path / "lost")  # the ledger is gone; the key is not

    said = upwell("protect", file, *WHO, "-o", tmp_path / "out")
    assert said.code == 2 and "--new-ledger" in said.err

    admitted = upwell("protect", file, *WHO, "-o", tmp_path / "out", "--new-ledger", "the disk failed")
    assert admitted.code == 0, admitted.err
    assert [entry.new_ledger for entry in entries(home)] == ["the disk failed"]
    assert "the disk failed" in (tmp_path / "out/share/protected.html").read_text()


def test_somebody_elses_folder_is_not_replaced(upwell, home, file, tmp_path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("mine")

    said = upwell("protect", file, *WHO, "-o", tmp_path / "out")

    assert said.code == 2 and "thesis.txt" in said.err and entries(home) == []


def test_the_run_record_says_what_was_asked_and_holds_no_count(upwell, file, tmp_path) -> None:
    upwell("protect", file, *WHO, "-o", tmp_path / "out")

    record = json.loads((tmp_path / "out" / output.RUN).read_text())
    assert record["arguments"]["file"] == "served.csv" and record["arguments"]["source"] == "Served by Hope House"
    assert set(record["files"]) | {output.RUN} == set(files(tmp_path / "out"))
    assert "witness" not in json.dumps(record)


def test_a_correction_names_what_it_corrects_and_why_in_the_ledger(upwell, home, file, tmp_path) -> None:
    upwell("protect", file, *WHO, "-o", tmp_path / "one")
    wrong = entries(home)[0].release_id
    lines = file.read_text().splitlines()
    county, age, race, persons = lines[1].split(",")
    file.write_text("\n".join([lines[0], f"{county},{age},{race},{int(persons) + 25}", *lines[2:]]) + "\n")

    said = upwell("protect", file, *WHO, "--corrects", wrong, "--because", "a tract twice", "-o", tmp_path / "two")

    assert said.code == 0, said.err
    assert [(entry.about, entry.because) for entry in entries(home)] == [("", ""), (wrong, "a tract twice")]


def test_a_sparse_table_is_left_out_and_the_coarser_one_is_named(upwell, tmp_path) -> None:
    file = written(tmp_path / "s.csv", served(mean=9.0), "county", "tract", "age", "race", "persons")

    said = upwell("protect", file, "--by", "county>tract,age,race", *WHO, "-o", tmp_path / "out")

    assert said.code == 0, said.err
    assert "Persons, by tract, age and race: left out, to protect the people behind its counts." in said.out
    assert {row["tract"] for row in rows(tmp_path / "out") if row["age"] != "Total" and row["race"] != "Total"} == {
        "Total"
    }


def test_amounts_are_added_up_and_their_small_groups_withheld(upwell, tmp_path) -> None:
    lines = [f"{number},{('Ash', 'Ash', 'Ash', 'Birch')[number % 4]},{100 + number}" for number in range(160)]
    file = tmp_path / "pay.csv"
    file.write_text("id,county,dollars\n" + "\n".join([*lines, "900,Cedar,5000", "901,Cedar,40"]) + "\n")

    said = upwell(
        "protect", file, "--records", "--by", "county", "--amount", "dollars", "--person", "id",
        "--protection", "magnitudes", *WHO, "-o", tmp_path / "out",
    )  # fmt: skip

    assert said.code == 0, said.err
    found = {row["county"]: row["dollars"] for row in rows(tmp_path / "out")}
    assert found["Total"] == str(sum(100 + number for number in range(160)) + 5040)
    assert found["Cedar"] == "withheld" and "withheld" in (found["Ash"], found["Birch"])
