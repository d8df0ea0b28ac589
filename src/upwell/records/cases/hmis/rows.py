"""The row pass: Python's csv decodes, counts and measures every row, and proves whether the original bytes can be used.

A file is plain when it is UTF-8, every row has the header's width, no cell holds a line break, lines end in one way, and no
cell begins with a blank before a quotation mark (where readers differ). A plain file is read again by DuckDB as it is; the
two counts of rows must agree. Any other file is written anew, one clean row a line, with the line it came from.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOBase
from pathlib import Path
from typing import BinaryIO

from upwell.records.cases.hmis.source import CHUNK

csv.field_size_limit(1 << 20)
INVISIBLE = "\u00a0\u200b\u200c\u200d\u2060\ufeff"
_ODD_BYTES = tuple(mark.encode() for mark in INVISIBLE)


@dataclass(frozen=True)
class RowPass:
    """What the row pass found. rows: data rows, the faulty ones included. path: what DuckDB shall read.

    plain: path holds the producer's bytes; otherwise clean rows whose first cell is the line.
    faulty: (line, rule) of every row that is too wide, too short, or was cut out of a runaway quotation.
    odd: the file holds invisible characters or tabs, so texts need thorough trimming.
    """

    header: tuple[str, ...]
    rows: int
    path: Path
    plain: bool
    encoding: str
    odd: bool
    digest: str
    faulty: tuple[tuple[int, str], ...] = ()


def row_pass(stream: BinaryIO, path: Path, *, copy: bool, clean: Path) -> RowPass:
    """Reads one file. copy: write the stream to path first (a zip member); otherwise path is the file itself.

    clean: where cleaned rows go when the bytes cannot be used as they are.
    """
    seen = _bytes_seen(stream, path if copy else None)
    try:
        counted = _counted(path) if seen.plain else None
        if counted is not None:
            header, rows = counted
            return RowPass(header, rows, path, True, "utf-8", seen.odd, seen.digest)
        return _cleaned(path, clean, "utf-8-sig", seen)
    except UnicodeDecodeError:
        # Windows-1252 has undefined bytes; they are replaced, never fatal.
        return _cleaned(path, clean, "cp1252", seen)


@dataclass(frozen=True)
class _Seen:
    digest: str
    plain: bool
    odd: bool


def _bytes_seen(stream: BinaryIO, copy_to: Path | None) -> _Seen:
    """One look at all bytes: digest, line ends, blanks before quotation marks, invisible characters."""
    digest = hashlib.blake2b(digest_size=16)
    ends: Counter[bytes] = Counter()
    strange = odd = False
    last = b""
    descriptor = (
        os.open(copy_to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if copy_to else os.open(os.devnull, os.O_WRONLY)
    )
    with open(descriptor, "wb") as out:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            if copy_to:
                out.write(chunk)
            joined = last[-3:] + chunk
            for end in (b"\r\n", b"\r", b"\n"):
                ends[end] += chunk.count(end)
            ends[b"\r\n"] += last[-1:] == b"\r" and chunk[:1] == b"\n"
            strange = strange or b' "' in joined or b'\t"' in joined or b"\0" in joined
            odd = odd or b"\t" in chunk or (not joined.isascii() and any(mark in joined for mark in _ODD_BYTES))
            last = chunk
    uniform = ends[b"\r"] == 0 or ends[b"\r"] == ends[b"\r\n"] == ends[b"\n"]
    return _Seen(digest.hexdigest(), uniform and not strange, odd)


def _counted(path: Path) -> tuple[tuple[str, ...], int] | None:
    """Header and number of rows when all rows are as wide as the header and none spans lines; None otherwise."""
    with open(path, encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        try:
            header = next(reader, [])
            widths = Counter(map(len, reader))
        except csv.Error:
            return None
        rows = widths.total()
        fits = set(widths) <= {len(header)} and reader.line_num == rows + (1 if header else 0)
    return (tuple(header), rows) if fits and header else None


def _cleaned(path: Path, clean: Path, encoding: str, seen: _Seen) -> RowPass:
    faulty: list[tuple[int, str]] = []
    rows = 0
    errors = "replace" if encoding == "cp1252" else "strict"
    with open(path, encoding=encoding, errors=errors) as text, _private(clean) as out:
        records = _records(text, faulty)
        header = next(records, (0, []))[1]
        writer = csv.writer(out, lineterminator="\n")
        for line, cells in records:
            rows += 1
            if len(cells) == len(header):
                writer.writerow([line, *(cell.replace("\n", " ").replace("\0", "") for cell in cells)])
            else:
                faulty.append((line, "row-too-wide" if len(cells) > len(header) else "row-too-short"))
    return RowPass(tuple(header), rows, clean, False, encoding, True, seen.digest, tuple(faulty))


def _private(path: Path) -> TextIOBase:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return open(descriptor, "w", encoding="utf-8", newline="")


class _Lines:
    """The lines of a text, remembering those the csv reader took since the last record."""

    def __init__(self, text: TextIOBase) -> None:
        self._text = text
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.number += 1
            self.taken.append(line)
            yield line


def _records(text: TextIOBase, faulty: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of each record, blank lines left out.

    A record that spans lines and does not fit the header is most likely a quotation mark without its partner:
    each of its lines is then read by itself, so that one bad cell does not swallow its neighbours.
    """
    lines = _Lines(text)
    width = 0
    while True:
        reader = csv.reader(iter(lines))
        before = lines.number
        lines.taken = []
        try:
            for cells in reader:
                first, taken = before + 1, lines.taken
                before, lines.taken = lines.number, []
                if not cells:
                    continue
                if len(taken) > 1 and width and len(cells) != width:
                    yield from _by_line(first, taken, faulty)
                    continue
                width = width or len(cells)
                yield first, cells
            return
        except csv.Error:
            yield from _by_line(before + 1, lines.taken, faulty)


def _by_line(first: int, taken: list[str], faulty: list[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(taken, first):
        text = line.rstrip("\n")
        if text:
            faulty.append((number, "row-unquoted"))
            yield number, next(csv.reader([text]), [])


def column_key(written: str) -> str:
    """A column's name for matching: without case, blanks, invisible characters and footnote marks."""
    bare = re.sub(r"\[\d+\]", "", written.strip(" \t\"'" + INVISIBLE))
    return re.sub(rf"[\s{INVISIBLE}]+", "", bare).lower()
