"""The case team is told exactly what protection cost; readers are told a bound, by size only where there are many."""

import json
from pathlib import Path

WHO = ("--by", "county,age", "--source", "Hope House", "--period", "2025")
SERVED = """county,age,persons
Alder,under 25,31
Alder,25 to 54,112
Alder,55 and over,7
Birch,under 25,14
Birch,25 to 54,58
Birch,55 and over,23
Cedar,under 25,4
Cedar,25 to 54,39
Cedar,55 and over,16
"""


def served(tmp_path: Path) -> Path:
    file = tmp_path / "served.csv"
    file.write_text(SERVED)
    return file


def test_the_exact_figures_lie_inside_and_nowhere_else(upwell, tmp_path) -> None:
    upwell("protect", served(tmp_path), *WHO, "-o", tmp_path / "out")

    held = json.loads((tmp_path / "out/inside/loss.json").read_text())
    asked = {each["from"]: (each["asked"], each["shown"]) for each in held["exact"]}
    assert asked == {0: (2, 0), 11: (7, 5), 50: (5, 5), 200: (2, 2)}
    assert asked[0] == (2, 0) and sum(shown for _, shown in asked.values()) == held["told"]["shown"]
    assert not any(b'"exact"' in file.read_bytes() for file in (tmp_path / "out/share").rglob("*") if file.is_file())


def test_a_small_table_is_told_without_sizes_and_where_the_exact_figures_are(upwell, tmp_path) -> None:
    said = upwell("protect", served(tmp_path), *WHO, "-o", tmp_path / "out")

    page = (tmp_path / "out/share/protected.html").read_text()
    assert "of at most" not in said.out + page
    assert f"The exact figures, for you alone: {tmp_path / 'out/inside/loss.json'}" in said.out


def test_nothing_withheld_is_said_as_such(upwell, tmp_path) -> None:
    file = served(tmp_path)
    file.write_text(SERVED.replace(",7\n", ",17\n").replace(",4\n", ",14\n"))

    said = upwell("protect", file, *WHO, "-o", tmp_path / "out")

    assert "Shown: all 16 numbers. Nothing had to be withheld." in said.out
