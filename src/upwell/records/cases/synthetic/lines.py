"""Rows of CSV by the hundred thousand: each field a table of ready texts and, a row, an index into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, BinaryIO  # Any: the element type of a fixed-width bytes array has no narrower name

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.bytes_]
Numbers = NDArray[np.int32]
FIRST_DAY = date(1900, 1, 1)  # day 0 of every day number in this room
KEY_DIGITS = 8  # of every id: a hundred million rows a file
_BLOCK = 250_000  # rows whose fields are in memory at a time: below 100 MB for the widest file
_CHUNK = 25_000  # of them as text at a time: stays near the cache, below 20 MB


@dataclass(frozen=True)
class Field:
    """One column of many rows: row i reads texts[index[i]]; index -1 reads the last text, which is blank."""

    texts: Texts
    index: Numbers


Cell = Field | bytes


def write_file(file: BinaryIO, header: Sequence[str], rows: int, cells: Callable[[slice], Mapping[str, Cell]]) -> None:
    """Write header and rows, LF line ends. cells: the columns of a block of rows, asked for in order."""
    file.write(",".join(header).encode() + b"\n")
    for first in range(0, rows, _BLOCK):
        last = min(first + _BLOCK, rows)
        write_rows(file, header, cells(slice(first, last)), last - first)


def write_rows(file: BinaryIO, header: Sequence[str], cells: Mapping[str, Cell], rows: int) -> None:
    """Write all rows; columns without a cell are blank.

    Texts must come quoted where CSV needs it and hold no NUL: NUL is the padding that is taken out at the end.
    Raises KeyError for a cell whose column the header does not have.
    """
    unknown = set(cells) - set(header)
    if unknown:
        raise KeyError(f"no such column: {sorted(unknown)}")
    pieces = list(_pieces(header, cells))
    starts = np.cumsum([0, *(_width(piece) for piece in pieces)])
    page = np.zeros((min(rows, _CHUNK), int(starts[-1])), np.uint8)
    for piece, start in zip(pieces, starts[:-1], strict=True):
        if isinstance(piece, bytes):
            page[:, start : start + len(piece)] = np.frombuffer(piece, np.uint8)
    for first in range(0, rows, _CHUNK):
        many = min(_CHUNK, rows - first)
        for piece, start in zip(pieces, starts[:-1], strict=True):
            if isinstance(piece, Field):
                letters = _letters(piece.texts)
                page[:many, start : start + letters.shape[1]] = letters[piece.index[first : first + many]]
        file.write(page[:many].tobytes().translate(None, b"\0"))


def _pieces(header: Sequence[str], cells: Mapping[str, Cell]) -> Iterator[Cell]:
    """The row as few pieces: neighbouring constants and commas are one."""
    constant = b""
    for place, column in enumerate(header):
        constant += b"," if place else b""
        cell = cells.get(column, b"")
        if isinstance(cell, bytes):
            constant += cell
            continue
        if constant:
            yield constant
        constant = b""
        yield cell
    yield constant + b"\n"


def _width(piece: Cell) -> int:
    return len(piece) if isinstance(piece, bytes) else piece.texts.dtype.itemsize


def _letters(texts: Texts) -> NDArray[np.uint8]:
    return texts.view(np.uint8).reshape(len(texts), texts.dtype.itemsize)


def table(texts: Sequence[str]) -> Texts:
    """Texts as a table for Field, with the blank behind the last; quoted where CSV needs it."""
    quoted = ['"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text for text in texts]
    return np.array([*(text.encode() for text in quoted), b""])


@cache
def _whole_numbers(many: int, end: str) -> Texts:
    return table([f"{number}{end}" for number in range(many)])


@cache
def _days(last: int) -> Texts:
    return table([(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(last)])


def number(values: NDArray[Any]) -> Field:
    """Whole numbers of 0 or more, -1 blank."""
    return Field(_whole_numbers(int(values.max(initial=0)) + 1, ""), values.astype(np.int32))


def money(values: NDArray[Any]) -> Field:
    """Whole dollars of 0 or more written with two decimals, -1 blank."""
    return Field(_whole_numbers(int(values.max(initial=0)) + 1, ".00"), values.astype(np.int32))


def day(values: NDArray[Any]) -> Field:
    """Days since FIRST_DAY as yyyy-mm-dd, -1 blank."""
    return Field(_days(80_000), values.astype(np.int32))


@cache
def _moments(last: int) -> Texts:
    clock = [f"{8 + day % 9:02d}:{day * 7 % 60:02d}:00" for day in range(last)]
    return table([f"{(FIRST_DAY + timedelta(days=day)).isoformat()} {time}" for day, time in enumerate(clock)])


def moment(values: NDArray[Any]) -> Field:
    """Days since FIRST_DAY as yyyy-mm-dd hh:mm:ss at an office hour, -1 blank."""
    return Field(_moments(80_000), values.astype(np.int32))


def key(prefix: str, values: NDArray[Any], digits: int = KEY_DIGITS) -> Field:
    """A key for every row: prefix and so many digits, the same in every block, or parents would not be found."""
    written = np.empty((len(values), digits), np.uint8)
    rest = values.astype(np.int64)
    for place in range(digits - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        written[:, place] = digit + ord("0")
    head = np.broadcast_to(np.frombuffer(prefix.encode(), np.uint8), (len(values), len(prefix)))
    texts = np.concatenate([head, written], axis=1)
    return Field(np.ascontiguousarray(texts).view(f"S{texts.shape[1]}").ravel(), np.arange(len(values), dtype=np.int32))


def hex_keys(random: NDArray[np.uint8]) -> Texts:
    """32 hexadecimal letters a row, from 16 random bytes each, shape (rows, 16)."""
    letters = np.frombuffer(b"0123456789abcdef", np.uint8)
    pairs = np.stack([letters[random >> 4], letters[random & 15]], axis=2)
    return np.ascontiguousarray(pairs.reshape(len(random), 32)).view("S32").ravel()
