"""Works out a printed number again from the files of a brief alone, by code that the brief does not share.

It knows the package as a stranger would: CSV files, release.json, and the sources that the page names.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

WITHHELD = "withheld"
CELL = re.compile(r"(t\d+):(\d+):(persons|yes|no)")
CALL = re.compile(r"(share|low|high|below|above|many)\((.+)\)")


class Package:
    """The release/ folder of a brief."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.release: dict[str, Any] = json.loads(files["release/release.json"])["release"]
        self.tables = {
            name.removeprefix("release/").removesuffix(".csv"): list(csv.DictReader(io.StringIO(content.decode())))
            for name, content in files.items()
            if name.endswith(".csv")
        }

    def cell(self, expression: str) -> str:
        """What a CSV holds in a cell."""
        matched = CELL.fullmatch(expression.strip())
        assert matched, f"{expression!r} names no cell"
        table, row, column = matched.groups()
        line = self.tables[table][int(row)]
        assert line["row"] == row
        return line[column]

    def field(self, path: str) -> Any:
        """A field of the release: "pattern:1:excess.value", "gap:0:q", "release:seed"."""
        kind, *rest = path.split(":")
        if kind in ("release", "loss"):
            found: Any = self.release if kind == "release" else self.release["loss"]
        elif kind == "pattern":
            rank = int(rest.pop(0))
            found = next(each for each in self.release["patterns"] if each["rank"] == rank)
        else:
            found = self.release[{"gap": "gaps", "searched": "searched"}[kind]][int(rest.pop(0))]
        for step in ".".join(rest).split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
        return found

    def printed(self, expression: str, kind: str) -> str:
        """The number as it must stand in the brief; "withheld" when a number behind it is."""
        matched = CALL.fullmatch(expression)
        if not matched:
            if CELL.fullmatch(expression):
                value = self.cell(expression)
                return WITHHELD if value == WITHHELD else written(int(value), kind)
            value = self.field(expression)
            return WITHHELD if value is None else written(value, kind)
        name, inside = matched.groups()
        if name == "below":
            return written(self.field(inside) - 1, kind)
        if name == "above":
            return written(self.field(inside) + 1, kind)
        if name == "many":
            told = {path.strip(): self.field(path.strip()) for path in inside.split(",")}
            assert len(set(told.values())) == len(told)  # each a sentence of its own, and none counted twice
            return written(len(told), kind)
        cells = [self.cell(part) for part in inside.split(",")]
        if WITHHELD in cells:
            return WITHHELD
        yes, persons = map(int, cells)
        return written({"share": yes / persons, **bounds(yes, persons)}[name], kind)


def bounds(yes: int, persons: int) -> dict[str, float]:
    """Wilson's interval as the two roots of (share - p)^2 = z^2 p (1 - p) / persons."""
    share, square = yes / persons, 1.959963984540054**2 / persons
    a, b, c = 1 + square, -(2 * share + square), share**2
    root = math.sqrt(b * b - 4 * a * c)
    return {"low": (-b - root) / (2 * a), "high": (-b + root) / (2 * a)}


def written(value: float, kind: str) -> str:
    """A number as the English brief writes it."""
    if kind == "percent":
        if 0 < round(value, 9) < 0.001:
            return "below 0.1\u00a0%"
        tenths = f"{100 * value:.1f}"
        return f"{tenths}\u00a0%" if 0 < float(tenths) < 10 else f"{100 * value:.0f}\u00a0%"
    if kind == "percent_whole":
        return f"{100 * value:.0f}\u00a0%"
    if kind == "points":
        return f"{100 * value:.0f}".replace("-", "−")
    if kind == "ratio":
        return f"{value:.2f}"
    if kind == "p":
        return "below 0.0001" if value < 0.0001 else f"{Decimal(f'{value:.0e}'):f}"
    return f"{value:,.0f}"
