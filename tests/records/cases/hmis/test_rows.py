"""The row pass: which files may be read as they are, and that every way of reading gives the same table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from factories.hmis_files import header
from upwell.records.cases import store
from upwell.records.cases.hmis.rows import RowPass, column_key, rewritten, row_pass
from upwell.records.cases.hmis.spec_load import spec
from upwell.records.cases.hmis.stage import Bench, stage
from upwell.records.cases.problems import Log

HEADER = ",".join(header("Services"))
WIDTH = len(header("Services"))
QUOTED = '"a, b"'


def passed(tmp: Path, content: bytes) -> RowPass:
    path = tmp / "Services.csv"
    path.write_bytes(content)
    with open(path, "rb") as stream:
        return row_pass(stream, path, copy=False, spare=tmp / "spare.csv")


def row(*cells: str) -> str:
    return ",".join([*cells, *[""] * (WIDTH - len(cells))])


def table(tmp: Path, found: RowPass) -> tuple[list[object], list[object], int]:
    """All rows, all problems, and the rows counted, when the file is staged from that row pass."""
    engine = store.connect(tmp)
    try:
        bench = Bench(engine, Log(engine), "mdy")
        _, stood = stage(bench, spec(2024).files["Services"], found, lambda it: rewritten(it, tmp / "spare.csv"))
        rows = engine.execute('SELECT * FROM "Services" ORDER BY line').fetchall()
        return rows, list(bench.log.located()), stood.rows if stood else 0
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("content", "proof"),
    [
        (f"{HEADER}\n{row('S1')}\n", "bytes"),
        (f"{HEADER}\r\n{row('S1')}", "bytes"),
        (f"{HEADER}\n{row('S1', QUOTED)}\n", "csv"),
        (f"{HEADER}\n{row('S1')}\n{row('S2')},\n", "cleaned"),
        (f"{HEADER}\n{row('S1')}\nS2\n", "cleaned"),
        (f"{HEADER}\n{row('S1')}\n\n{row('S2')}\n", "cleaned"),
        (f"{HEADER}\n{row('S1')}\r\n{row('S2')}\n", "cleaned"),
        (f'{HEADER}\n{row("S1", " " + chr(34) + "x" + chr(34))}\n', "cleaned"),
    ],
)  # fmt: skip
def test_a_file_is_read_as_it_is_only_when_that_is_proved(tmp_path: Path, content: str, proof: str) -> None:
    assert passed(tmp_path, content.encode()).proof == proof


def test_a_cut_multibyte_character_makes_a_file_windows_1252(tmp_path: Path) -> None:
    content = f"{HEADER}\n{row('Ñ')}\n".encode()

    assert passed(tmp_path, content).encoding == "utf-8"
    assert passed(tmp_path, content.replace("Ñ".encode(), b"\xc3")).encoding == "cp1252"


def test_marks_are_found_across_the_border_of_two_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = f"{HEADER}\r\n{row('Ñ')}\r\n{row('S2')}\r\n".encode()
    whole = passed(tmp_path, content)

    for size in (1, 2, 3, 7):
        monkeypatch.setattr("upwell.records.cases.hmis.rows.CHUNK", size)
        assert passed(tmp_path, content) == whole


numbers = ["1", "1.5", " 1", "01", "200", "1e2", "0x1F", "99999999999", "nan", "$1,200.5"]
dates = ["2024-01-02", "2024-1-2", "1/2/24", "01/02/2024", "2024-01-02 03:04:05", "0021-01-02"]
texts = [
    "",
    "S1",
    'a "b" c',
    '"',
    '""x',
    "a\nb",
    "a\rb",
    "x, y",
    "Ñ",
    "\u00a0E1",
    "\t",
    "'",
    "\\",
    "#",
    "NULL",
    "\ufeff",
]
cell = st.sampled_from([*numbers, *dates, *texts])
cells = st.lists(cell, min_size=1, max_size=WIDTH + 1)


def written(rows: list[list[str]], end: str, quoting: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]  # quoting is a plain number
    writer.writerow(header("Services"))
    writer.writerows(rows)
    return out.getvalue().encode()


tidy = cell.filter(lambda text: "\r" not in text)  # csv writes a bare carriage return as it is, and reads a line end
full = st.lists(cell, min_size=WIDTH, max_size=WIDTH)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(full | cells, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example(rows=[["S1", *[""] * (WIDTH - 1)]], end="\r\n", quoting=csv.QUOTE_MINIMAL)
def test_reading_the_original_and_reading_it_rewritten_give_the_same(
    tmp_path: Path, rows: list[list[str]], end: str, quoting: int
) -> None:
    content = written(rows, end, quoting)
    found = passed(tmp_path, content)
    direct = table(tmp_path, found)
    original = RowPass(found.header, found.rows, tmp_path / "Services.csv", "csv", "utf-8", True, "")
    through = table(tmp_path, rewritten(original, tmp_path / "spare.csv"))

    assert direct == through


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(tidy, min_size=WIDTH, max_size=WIDTH), max_size=8), end=st.sampled_from(["\n", "\r\n"]))
def test_every_row_that_csv_reads_is_counted(tmp_path: Path, rows: list[list[str]], end: str) -> None:
    content = written(rows, end, csv.QUOTE_MINIMAL)
    expected = [each for each in csv.reader(io.StringIO(content.decode(), newline="")) if each]

    found = passed(tmp_path, content)

    assert found.rows == len(expected) - 1


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_no_bytes_stop_the_row_pass(tmp_path: Path, content: bytes) -> None:
    found = passed(tmp_path, HEADER.encode() + b"\n" + content)

    rows, _, counted = table(tmp_path, found)
    faulty = [rule for _, rule in found.faulty if rule != "row-unquoted"]
    assert counted == len(rows) + len(faulty)


@pytest.mark.parametrize("before", ["", "\ufeff", " ", '"'])
@pytest.mark.parametrize("after", ["", "\u00a0", "[2]", "\u200b"])
@pytest.mark.parametrize("text", ["OrganizationID", "organizationid", "Organization ID"])
def test_column_names_match_without_case_blanks_and_footnotes(before: str, text: str, after: str) -> None:
    assert column_key(before + text + after) == "organizationid"
