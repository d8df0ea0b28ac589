"""One invented county for all tests that only read it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from upwell.records.cases.synthetic.generate import generate
from upwell.records.cases.synthetic.made import County

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return generate(people=1_000, years=3, seed=11, out=tmp_path_factory.mktemp("county") / "export")


@pytest.fixture(scope="session")
def tables(county: County) -> dict[str, Rows]:
    """File name without .csv -> its rows, read with Python's csv."""
    return {path.stem: read(path) for path in sorted(county.out.iterdir())}


def read(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))
