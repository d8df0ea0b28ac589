"""HUD's HMIS CSV specification of one year, put together from spec/*.toml: a year holds only what changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any  # what tomllib returns has no narrower type; it ends in this module

YEARS = (2022, 2024, 2026)


@dataclass(frozen=True)
class ColumnSpec:
    """One column under its canonical name (that of the newest year that has it).

    written: its name in this year's files; "" when this year does not collect it.
    kind: S text, I integer code, D date, T datetime, M money, M+ money not below 0.
    codes: name of the code list, or "". own_date: without it the row cannot be placed in time.
    loaded: False for identity, free text, staff and bookkeeping, which never reach an analysis table.
    """

    name: str
    written: str
    kind: str
    codes: str
    nullable: bool
    own_date: bool
    loaded: bool


@dataclass(frozen=True)
class FileSpec:
    """One file: its key, its parents, its columns of all years, and when each column is asked.

    asked: column -> SQL condition over canonical columns; where it is not true the column is not applicable.
    present: False when this year has no such file.
    """

    name: str
    key: str
    parents: tuple[str, ...]
    columns: tuple[ColumnSpec, ...]
    asked: Mapping[str, str]
    present: bool = True

    def column(self, name: str) -> ColumnSpec:
        """The column of that canonical name; KeyError when the file has none."""
        return {column.name: column for column in self.columns}[name]


@dataclass(frozen=True)
class Spec:
    """One year of the specification.

    lists: list name -> code -> words. never: (file, column) -> codes not allowed there.
    chosen: (file, column) -> ((list name, SQL condition), ...).
    recode: list name -> old code -> (new code, subsidy type or None).
    subsidy: (file, column) -> column that takes the subsidy type of a recoded value.
    """

    year: int
    files: Mapping[str, FileSpec]
    lists: Mapping[str, Mapping[str, str]]
    never: Mapping[tuple[str, str], tuple[int, ...]]
    chosen: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
    recode: Mapping[str, Mapping[int, tuple[int, int | None]]] = field(default_factory=dict)
    subsidy: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def codes(self, name: str) -> frozenset[int]:
        """The integer codes of a list; empty for a list of text codes."""
        return frozenset(int(code) for code in self.lists[name] if code.isdigit()) if name else frozenset()


@cache
def spec(year: int) -> Spec:
    """The specification of 2022, 2024 or 2026 with the columns of every year; raises KeyError for another year."""
    if year not in YEARS:
        raise KeyError(year)
    newest = _built(max(YEARS))
    files = dict(newest.files)
    built = {each: _built(each) for each in YEARS}
    for each in sorted(YEARS, reverse=True):
        for name, file in built[each].files.items():
            files[name] = _joined(files.get(name), file)
    this = built[year]
    lists = {name: codes for each in YEARS for name, codes in built[each].lists.items()} | dict(this.lists)
    return replace(this, lists=lists, files={name: _as_of(file, this.files.get(name)) for name, file in files.items()})


@cache
def aliases() -> Mapping[tuple[str, str], str]:
    """(file, any year's column name in lower case) -> canonical name."""
    names = {}
    for year in YEARS:
        for file in _built(year).files.values():
            for column in file.columns:
                names[(file.name, column.written.lower())] = column.name
                names[(file.name, column.name.lower())] = column.name
    return names


def _joined(known: FileSpec | None, older: FileSpec) -> FileSpec:
    if known is None:
        return older
    have = {column.name for column in known.columns}
    more = tuple(column for column in older.columns if column.name not in have)
    return replace(known, columns=known.columns + more)


def _as_of(file: FileSpec, this: FileSpec | None) -> FileSpec:
    """The file with all columns, each as this year writes it; a column this year lacks has no written name."""
    mine = {column.name: column for column in this.columns} if this else {}
    columns = tuple(mine.get(column.name, replace(column, written="", nullable=True)) for column in file.columns)
    return replace(file, columns=columns, asked=this.asked if this else file.asked, present=this is not None)


@cache
def _toml(year: int) -> Mapping[str, Any]:  # tomllib's type
    text = resources.files(__package__).joinpath("spec", f"{year}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _built(year: int) -> Spec:
    """One year by itself: its base year with what it removed, renamed, changed and added."""
    own = _toml(year)
    if "base" not in own:
        return _complete(own)
    base = _built(own["base"])
    files = {name: file for name, file in base.files.items() if name not in own.get("files_removed", ())}
    for name, change in own.get("files", {}).items():
        files[name] = _changed(files[name], change) if name in files else _file(name, change)
    lists = {**base.lists, **own.get("lists", {})}
    for name, more in own.get("lists_more", {}).items():
        lists[name] = {**lists[name], **more}
    recode = {name: _recoding(pairs) for name, pairs in own.get("recode", {}).items()}
    subsidy = {_pair(where): column for where, column in own.get("subsidy", {}).items()}
    return replace(base, year=year, files=files, lists=lists, recode=recode, subsidy=subsidy)


def _complete(own: Mapping[str, Any]) -> Spec:  # tomllib's type
    files = {name: _file(name, entry) for name, entry in own["files"].items()}
    never = {_pair(where): tuple(codes) for where, codes in own["never"].items()}
    chosen = {}
    for where, lines in own["chosen"].items():
        pairs = [line.split(" if ") for line in lines]
        chosen[_pair(where)] = tuple((name, condition(text)) for name, text in pairs)
    return Spec(own["year"], files, own["lists"], never, chosen)


def _pair(where: str) -> tuple[str, str]:
    file, column = where.split(".")
    return file, column


def _recoding(pairs: Mapping[str, Any]) -> dict[int, tuple[int, int | None]]:  # tomllib's type
    return {int(old): (new[0], new[1]) if isinstance(new, list) else (new, None) for old, new in pairs.items()}


def _file(name: str, entry: Mapping[str, Any]) -> FileSpec:  # tomllib's type
    asked = {column: condition(text) for column, text in entry.get("asked", {}).items()}
    columns = tuple(_column(line) for line in entry["columns"])
    return FileSpec(name, entry["key"], tuple(entry.get("parents", ())), columns, asked)


def _column(line: str) -> ColumnSpec:
    name, kind, codes, flags = [*line.split(), ""][:4]
    codes = "" if codes == "-" else codes
    return ColumnSpec(name, name, kind, codes, "?" in flags, "!" in flags, "x" not in flags)


def _changed(file: FileSpec, change: Mapping[str, Any]) -> FileSpec:  # tomllib's type
    gone = set(change.get("removed", ()))
    new = {column.name: column for column in map(_column, change.get("changed", ()))}
    columns = [new.get(column.name, column) for column in file.columns if column.name not in gone]
    columns += map(_column, change.get("added", ()))
    renamed = change.get("renamed", {})
    columns = [replace(column, written=renamed.get(column.name, column.written)) for column in columns]
    asked = {name: text for name, text in file.asked.items() if name not in gone}
    return replace(file, columns=tuple(columns), asked=asked)


def condition(text: str) -> str:
    """SQL for a condition of the specification: "A in 1 2 and B known" becomes "(A IN (1,2)) AND (B IS NOT NULL)"."""
    parts = re.split(r" (and|or) ", text)
    return " ".join(part.upper() if part in ("and", "or") else f"({_one(part)})" for part in parts)


def _one(part: str) -> str:
    words = part.split()
    if words[1:] == ["known"]:
        return f'"{words[0]}" IS NOT NULL'
    if words[1] != "in" or not all(word.isdigit() for word in words[2:]):
        raise ValueError(f"not a condition of the specification: {part}")
    return f'"{words[0]}" IN ({",".join(words[2:])})'
