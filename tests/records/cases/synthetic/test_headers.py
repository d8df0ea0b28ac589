"""Our headers are HUD's."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

from upwell.records.cases.synthetic.headers import headers
from upwell.records.errors import RecordsError

SHARED = Path(__file__).parents[5] / "shared" / "data"


def shared(path: str) -> Path:
    if not (SHARED / path).exists():
        pytest.skip(f"needs shared/data/{path} beside the repository")
    return SHARED / path


def test_fy2026_is_what_the_specification_lists():
    stated: dict[str, list[str]] = {}
    with shared("hud_fy2026_spec/csv_lists_data_dict.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            name = re.sub(r"\[\d+\]|\u00a0", "", row["Name"]).strip()
            columns = stated.setdefault(row["CSV"].strip("\u00a0 "), [])
            columns += [name] if name not in columns else []

    assert {name: list(columns) for name, columns in headers("FY2026").items()} == stated
    assert sum(map(len, stated.values())) == 522


def test_fy2024_is_what_a_real_export_has():
    stated = {}
    with zipfile.ZipFile(shared("hmis_exports/fy2024_datalab_export.zip")) as archive:
        for name in archive.namelist():
            text = io.StringIO(archive.read(name).decode("utf-8-sig"))
            stated[name.removesuffix(".csv")] = next(csv.reader(text))

    assert {name: list(columns) for name, columns in headers("FY2024").items()} == stated


def test_fy2026_asks_for_sex_and_no_longer_for_gender():
    old, new = headers("FY2024")["Client"], headers("FY2026")["Client"]

    assert set(new) - set(old) == {"Sex", "HispanicLatinao"}
    assert {"Woman", "Man", "NonBinary", "HispanicLatinaeo"} <= set(old) - set(new)


def test_an_unknown_year_is_refused():
    with pytest.raises(RecordsError, match="FY2024 or FY2026"):
        headers("FY2022")
