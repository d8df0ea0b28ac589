"""`upwell attack`: anybody's tables, what follows from them, and a sentence where they cannot be read."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factories import drafts
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.disclosure.protection import load

Upwell = Callable[..., Any]  # the fixture of conftest.py: words of a command -> code, out, err

BROKEN = """county,age,persons
North,young,20
North,old,<11
North,Total,27
South,young,35
South,old,44
South,Total,79
Total,young,55
Total,old,51
Total,Total,106
"""
SAFE = BROKEN.replace("20", "*").replace("35", "*").replace("44", "*").replace("<11", "*")


def write(folder: Path, text: str, name: str = "served.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def release(folder: Path, *, persons: int = 900, moment: int = 1, earlier: tuple[Any, ...] = ()) -> Any:
    """The release of the first so many people of one invented crowd, written as a brief writes it; its ledger entry."""
    chance = np.random.default_rng(3)
    uneven = {"place": (0.5, 0.3, 0.14, 0.03, 0.02, 0.01), "age": (0.6, 0.3, 0.07, 0.02, 0.01)}
    codes = {name: chance.choice(len(each), 1200, p=each)[:persons].tolist() for name, each in uneven.items()}
    crowd = drafts.crowd("c", codes, (chance.random(1200) < 0.2).astype(int)[:persons].tolist())
    tables = [drafts.headline(crowd, (1,), "t00", "jail")]
    tables += [drafts.by_table(crowd, name, (1,), f"t0{at}", "jail") for at, name in enumerate(("place", "age"), 1)]
    draft = drafts.draft_of([crowd], tables, meta={"snapshot": f"snapshot-{moment}"})
    signed, entry = protect(
        draft, load("hmis-agency", date(2026, 1, 1)), earlier=earlier, key=b"k" * 32, made_on=date(2026, moment, 1),
        seed=1, ledger_head=ledger.BEGINNING,
    )  # fmt: skip
    path = folder / f"{moment}" / "share" / "release" / "release.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(signed.data)
    return entry


def test_a_count_that_follows_is_said_with_how_and_the_code_tells_a_script(upwell: Upwell, tmp_path: Path) -> None:
    said = upwell("attack", write(tmp_path, BROKEN))

    assert said.code == 1
    assert "North, old is 7:" in said.out and "1  follow exactly" in said.out
    assert "handle" in said.out or "private matter" in said.out


def test_a_table_that_holds_ends_with_zero(upwell: Upwell, tmp_path: Path) -> None:
    said = upwell("attack", write(tmp_path, SAFE))

    assert said.code == 0, said.out + said.err
    assert "0  follow exactly" in said.out


def test_a_program_gets_every_count(upwell: Upwell, tmp_path: Path) -> None:
    said = upwell("attack", write(tmp_path, BROKEN), "--json")

    answer = json.loads(said.out)
    assert (answer["withheld"], answer["exact"], answer["safe"]) == (1, 1, 0)
    (count,) = answer["counts"]
    assert (count["verdict"], count["least"], count["greatest"]) == ("exact", 7, 7)
    assert count["place"] == "served.csv, line 3" and count["how"]


def test_the_report_holds_the_proof_and_the_picture(upwell: Upwell, tmp_path: Path) -> None:
    upwell("attack", write(tmp_path, BROKEN), "-o", tmp_path / "out")

    page = (tmp_path / "out" / "report.html").read_text()
    assert "North, old is 7" in page and 'class="out"' in page and "private matter" in page
    assert "North, old is 7" in (tmp_path / "out" / "report.md").read_text()
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "explained.csv").read_text())))
    assert [row["verdict"] for row in rows] == ["exact"]


def test_a_report_is_replaced_and_somebody_elses_folder_is_not(upwell: Upwell, tmp_path: Path) -> None:
    table = write(tmp_path, BROKEN)
    (tmp_path / "own").mkdir()
    write(tmp_path / "own", "mine", "mine.txt")

    assert upwell("attack", table, "-o", tmp_path / "out").code == 1
    assert upwell("attack", table, "-o", tmp_path / "out").code == 1
    said = upwell("attack", table, "-o", tmp_path / "own")

    assert said.code == 2 and "did not write" in said.err
    assert (tmp_path / "own" / "mine.txt").read_text() == "mine"


def test_a_value_cannot_write_into_the_page(upwell: Upwell, tmp_path: Path) -> None:
    text = BROKEN.replace("North", "<script>alert(1)</script>")

    upwell("attack", write(tmp_path, text), "-o", tmp_path / "out")

    assert "<script>" not in (tmp_path / "out" / "report.html").read_text()


def test_our_own_release_holds(upwell: Upwell, tmp_path: Path) -> None:
    release(tmp_path)

    for given in (tmp_path / "1/share/release/release.json", tmp_path / "1" / "share", tmp_path):
        said = upwell("attack", given, "--json")
        answer = json.loads(said.out)
        assert said.code == 0 and answer["exact"] == 0 and answer["withheld"] > 0


def test_our_releases_hold_together_when_each_remembers_the_one_before(upwell: Upwell, tmp_path: Path) -> None:
    first = release(tmp_path)
    alone = json.loads(upwell("attack", tmp_path, "--json").out)["withheld"]
    release(tmp_path, persons=1100, moment=2, earlier=(first,))

    answer = json.loads(upwell("attack", tmp_path, "--json").out)

    assert answer["withheld"] > alone > 0 and answer["exact"] == 0


def test_a_zip_of_a_release_or_of_tables_is_opened(upwell: Upwell, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tables.zip", "w") as held:
        held.writestr("served.csv", BROKEN)

    assert upwell("attack", tmp_path / "tables.zip").code == 1


def test_a_changed_release_is_not_believed(upwell: Upwell, tmp_path: Path) -> None:
    release(tmp_path)
    path = tmp_path / "1" / "share" / "release" / "release.json"
    path.write_bytes(path.read_bytes().replace(b"Invented agency", b"Invented agencY"))

    said = upwell("attack", path)

    assert said.code == 2 and "changed" in said.err


def test_files_over_time_are_stacked_when_asked(upwell: Upwell, tmp_path: Path) -> None:
    then = write(tmp_path, "county,persons\nNorth,20\nSouth,*\nWest,*\nTotal,36\n", "then.csv")
    now = write(tmp_path, "county,persons\nNorth,20\nSouth,*\nWest,12\nTotal,36\n", "now.csv")

    said = upwell("attack", then, now, "--over-time", "--json")

    exact = {(count["table"], count["counts"]): count["least"] for count in json.loads(said.out)["counts"]}
    assert exact["now.csv", "South"] == 4 == exact["then.csv", "South"]


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("", (), "is empty"),
        ("county,persons\nNorth,few\nSouth,4\n", (), "--hidden 'few'"),
        (
            "county,persons\nNorth,20\nSouth,*\nTotal,19\n",
            ("--zeros-hidden",),
            "contradict each other: served.csv, line 2",
        ),
        ("county,persons\nNorth,20\n", ("--by", "tract"), "has no column 'tract'"),
        ("county,persons\nNorth,20\n", ("--share", "percent"), "--share needs a column"),
    ],
)
def test_what_cannot_be_attacked_is_a_sentence(
    upwell: Upwell, tmp_path: Path, text: str, words: tuple[str, ...], sentence: str
) -> None:
    said = upwell("attack", write(tmp_path, text), *words)

    assert said.code == 2 and sentence in said.err, said.err


def test_a_table_without_holes_says_so(upwell: Upwell, tmp_path: Path) -> None:
    said = upwell("attack", write(tmp_path, BROKEN.replace("<11", "7")))

    assert said.code == 0 and "Nothing is withheld" in said.out


def test_the_report_reads_in_the_dark_in_print_and_by_keyboard(upwell, tmp_path) -> None:
    (tmp_path / "served.csv").write_text("county,young,old,Total\nNorth,20,*,27\nSouth,15,12,27\nTotal,35,19,54\n")

    upwell("attack", tmp_path / "served.csv", "-o", tmp_path / "out")

    page = (tmp_path / "out/report.html").read_text()
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    assert '<figure tabindex="0">' in page and "dashed frame" in page


def test_a_sentence_begins_with_a_capital_where_the_words_are_ours(upwell, tmp_path) -> None:
    (tmp_path / "served.csv").write_text(
        "county,age,persons\nN,old,20\nN,Total,*\nS,old,30\nS,Total,30\nTotal,Total,50\n"
    )

    said = upwell("attack", tmp_path / "served.csv")

    assert "All of N is 20: " in said.out
