"""Rows of a file that cannot be used as it is: csv reads each, the faulty are named, the others written anew."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

csv.field_size_limit(1 << 20)  # a cell of a megabyte is a quotation mark without its partner


@dataclass(frozen=True)
class Cleaned:
    """header: the first record's cells. rows: records after it. faulty: (line, rule), the line of the original file."""

    header: tuple[str, ...]
    rows: int
    faulty: tuple[tuple[int, str], ...]


def clean(path: Path, spare: Path, encoding: str) -> Cleaned:
    """Writes every row of the header's width to spare: its line in path, then its cells, line breaks as blanks."""
    faulty: list[tuple[int, str]] = []
    rows = 0
    errors = "replace" if encoding == "cp1252" else "strict"
    with open(path, encoding=encoding, errors=errors) as text, _private(spare) as out:
        records = _records(text, faulty)
        header = next(records, (0, []))[1]
        writer = csv.writer(out, lineterminator="\n")
        for line, cells in records:
            rows += 1
            if len(cells) == len(header):
                writer.writerow([line, *(cell.replace("\n", " ").replace("\0", "") for cell in cells)])
            else:
                faulty.append((line, "row-too-wide" if len(cells) > len(header) else "row-too-short"))
    return Cleaned(tuple(header), rows, tuple(faulty))


def _private(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return open(descriptor, "w", encoding="utf-8", newline="")


class _Lines:
    """The lines of a text, remembering those the csv reader took since the last record."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.number += 1
            self.taken.append(line)
            yield line


def _records(text: TextIO, faulty: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of each record, blank lines left out.

    A record that spans lines and does not fit the header is most likely a quotation mark without its partner:
    each of its lines is then read by itself, so that one bad cell does not swallow its neighbours.
    """
    lines = _Lines(text)
    width = 0
    ended = False
    while not ended:
        reader = csv.reader(iter(lines))
        before, lines.taken = lines.number, []
        try:
            for cells in reader:
                first, taken = before + 1, lines.taken
                before, lines.taken = lines.number, []
                if cells and width and len(cells) != width and len(taken) > 1:
                    yield from _by_line(first, taken, faulty)
                elif cells:
                    width = width or len(cells)
                    yield first, cells
            ended = True
        except csv.Error:  # a cell beyond the limit; the reader begins anew after the lines it had taken
            yield from _by_line(before + 1, lines.taken, faulty)


def _by_line(first: int, taken: list[str], faulty: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(taken, first):
        text = line.rstrip("\n")
        if text:
            faulty.append((number, "row-unquoted"))
            yield number, next(csv.reader([text]), [])
