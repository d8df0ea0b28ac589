"""HUD's headers by version, from headers.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any  # parsed TOML, which stays in this file

from upwell.records.errors import RecordsError

VERSIONS = ("FY2024", "FY2026")


@cache
def headers(version: str) -> Mapping[str, tuple[str, ...]]:
    """File name without .csv -> its columns in HUD's order, all 24 files.

    Raises RecordsError for a version that the generator does not write.
    """
    if version not in VERSIONS:
        raise RecordsError(f"An invented county is written as {' or '.join(VERSIONS)}; choose one of them.")
    stated = tomllib.loads(files(__package__).joinpath("headers.toml").read_text("utf-8"))
    changes = stated.get(version, {}) if version != "FY2024" else {}
    return {name: _columns(name, text, stated["audit"], changes) for name, text in stated["FY2024"].items()}


def _columns(name: str, text: str, audit: str, changes: Mapping[str, Any]) -> tuple[str, ...]:
    columns = text.split() + ([] if name in ("Export", "User") else audit.split())
    change = changes.get(name, {})
    dropped = set(change.get("drop", "").split())
    columns = [change.get("rename", {}).get(column, column) for column in columns if column not in dropped]
    for before, added in change.get("after", {}).items():
        columns.insert(columns.index(before) + 1, added)
    return tuple(columns)
