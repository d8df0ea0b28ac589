"""The row pass: counts and measures every row, and proves whether the producer's bytes can be used as they are.

Three proofs, each cheaper than the next is sure:
  bytes    UTF-8, lines end in one way, and the file has exactly (columns - 1) commas a line. Since a row with too few
           cells stops DuckDB, no row has too many; no cell holds a comma or a line break; the lines are the rows.
  csv      Python's csv finds every row as wide as the header and none over two lines, so the lines are the rows.
  cleaned  anything else: csv reads every row, the faulty ones are set aside, and the others are written anew, one a
           line, with the line they came from.
After the first two DuckDB reads the original and must count the same rows; if it does not, or stops, the third follows.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from upwell.records.cases.hmis.clean import Cleaned, clean
from upwell.records.cases.hmis.source import CHUNK

INVISIBLE = "\u00a0\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE_BYTES = tuple(mark.encode() for mark in INVISIBLE)
_LONGEST_HEADER = 1 << 20  # characters
_BOM = codecs.BOM_UTF8


@dataclass(frozen=True)
class RowPass:
    """What the row pass found. rows: data rows, the faulty ones included. path: what DuckDB shall read.

    proof: why path can be read (see above); after "cleaned" its rows begin with their line.
    faulty: (line, rule) of every row that is too wide, too short, or was cut out of a runaway quotation.
    invisible: the file holds invisible characters or tabs, so texts need thorough trimming.
    """

    header: tuple[str, ...]
    rows: int
    path: Path
    proof: Literal["bytes", "csv", "cleaned"]
    encoding: str
    invisible: bool
    digest: str
    faulty: tuple[tuple[int, str], ...] = ()


def row_pass(stream: BinaryIO, path: Path, *, copy: bool, spare: Path) -> RowPass:
    """Reads one file. copy: write the stream to path first (a zip member); otherwise path is the file itself.

    spare: where cleaned rows go when the bytes cannot be used as they are.
    """
    seen = _look(stream, path if copy else None)
    header = _header(path) if seen.plain else ()
    if not header:
        return _rewritten(path, spare, seen)
    found = RowPass(header, seen.lines - 1, path, "bytes", "utf-8", seen.invisible, seen.digest)
    if seen.commas == (len(header) - 1) * seen.lines:
        return found
    rows = _counted(path, len(header))
    return _rewritten(path, spare, seen) if rows is None else replace(found, rows=rows, proof="csv")


def rewritten(found: RowPass, spare: Path) -> RowPass:
    """The third proof for a file that had passed one of the others, when DuckDB did not agree."""
    lines = _Look(digest=found.digest, plain=True, invisible=True, utf8=True, lines=0, commas=0)
    return _rewritten(found.path, spare, lines)


@dataclass(frozen=True)
class _Look:
    digest: str
    plain: bool
    invisible: bool
    utf8: bool
    lines: int
    commas: int


def _look(stream: BinaryIO, copy_to: Path | None) -> _Look:
    """One look at all bytes: digest, line ends, commas, what readers of CSV disagree on, invisible characters."""
    digest, marks = hashlib.blake2b(digest_size=16), _Marks()
    descriptor = os.open(copy_to or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as out:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            if copy_to:
                out.write(chunk)
            marks.take(chunk)
    lines = marks.ends[b"\n"] + (marks.last[-1:] not in (b"\n", b""))
    return _Look(
        digest.hexdigest(), marks.plain and marks.is_utf8(), marks.invisible, marks.is_utf8(), lines, marks.commas
    )


class _Marks:
    """Counts over the chunks of one file; a mark may lie across the border of two chunks."""

    def __init__(self) -> None:
        self.ends: Counter[bytes] = Counter()
        self.commas = 0
        self.strange = self.invisible = False
        self.last = b""
        self._decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()

    def take(self, chunk: bytes) -> None:
        joined = self.last[-2:] + chunk
        self.commas += chunk.count(b",")
        self.ends[b"\n"] += chunk.count(b"\n")
        if b"\r" in joined:
            self.ends[b"\r"] += chunk.count(b"\r")
            self.ends[b"\r\n"] += joined.count(b"\r\n") - self.last[-2:].count(b"\r\n")
        # csv keeps a quotation mark after a blank as text, DuckDB opens a quotation with it.
        self.strange = self.strange or b' "' in joined or b'\t"' in joined or b"\0" in chunk
        self.invisible = self.invisible or b"\t" in chunk
        if not chunk.isascii() or not self.last.isascii():
            body = joined.removeprefix(_BOM) if not self.last else joined
            self.invisible = self.invisible or any(mark in body for mark in _INVISIBLE_BYTES)
        self._decode(chunk)
        self.last = chunk[-2:]

    def _decode(self, chunk: bytes) -> None:
        if self._decoder is not None and not (chunk.isascii() and self._decoder.getstate()[0] == b""):
            try:
                self._decoder.decode(chunk)
            except UnicodeDecodeError:
                self._decoder = None

    def is_utf8(self) -> bool:
        return self._decoder is not None and self._decoder.getstate()[0] == b""

    @property
    def plain(self) -> bool:
        ends = self.ends
        return not self.strange and (ends[b"\r"] == 0 or ends[b"\r"] == ends[b"\r\n"] == ends[b"\n"])


def _header(path: Path) -> tuple[str, ...]:
    """The first line's cells; () when the file is empty or its header spans lines."""
    with open(path, encoding="utf-8-sig", newline="") as text:
        first = text.readline(_LONGEST_HEADER)
    cells = next(csv.reader([first]), [])
    return () if any("\n" in cell for cell in cells) else tuple(cells)


def _counted(path: Path, width: int) -> int | None:
    """Number of rows when all are as wide as the header and none spans lines; None otherwise."""
    with open(path, encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        try:
            next(reader)
            widths = Counter(map(len, reader))
        except csv.Error:
            return None
        rows = widths.total()
        return rows if set(widths) <= {width} and reader.line_num == rows + 1 else None


def _rewritten(path: Path, spare: Path, seen: _Look) -> RowPass:
    """Windows-1252 has undefined bytes; they are replaced, never fatal."""
    encoding = "utf-8" if seen.utf8 else "cp1252"
    found: Cleaned = clean(path, spare, "utf-8-sig" if seen.utf8 else "cp1252")
    return RowPass(found.header, found.rows, spare, "cleaned", encoding, True, seen.digest, found.faulty)


def column_key(written: str) -> str:
    """A column's name for matching: without case, blanks, invisible characters and footnote marks."""
    bare = re.sub(r"\[\d+\]", "", written.strip(" \t\"'" + INVISIBLE))
    return re.sub(rf"[\s{INVISIBLE}]+", "", bare).lower()
