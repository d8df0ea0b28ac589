"""Read what DuckDB hands over in Arrow's C stream, batch by batch, with nothing installed for it.

Source: The Arrow C data interface and C stream interface (arrow.apache.org/docs/format): three structures of pointers.
Only columns of numbers of one width are read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError

Numbers = NDArray[Any]  # Any: of whatever width the column has


class Streamed(Protocol):
    """What can be read batch by batch: a DuckDB relation."""

    def __arrow_c_stream__(self) -> object:
        """A capsule that holds the stream."""


class _Array(ctypes.Structure):
    """ArrowArray; its fields stand below, since it holds itself."""


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]


class _Stream(ctypes.Structure):
    """ArrowArrayStream."""


_Stream._fields_ = [
    ("get_schema", ctypes.c_void_p),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))),
    ("private_data", ctypes.c_void_p),
]


class StreamError(EvidenceError):
    """The stream broke off; the message is the engine's own and may name paths, so it is not for showing."""


@dataclass(frozen=True)
class Part:
    """One column of a batch. numbers: valid until the next batch is asked for. missing: bool, or None if none is."""

    numbers: Numbers
    missing: NDArray[np.bool_] | None


def batches(relation: Streamed, columns: Mapping[str, type[np.generic]]) -> Iterator[dict[str, Part]]:
    """The columns of a relation, some 100,000 rows at a time, each by its name.

    columns: name -> kind of number, in the order of the relation's columns. Raises StreamError when it breaks off.
    """
    capsule = relation.__arrow_c_stream__()
    stream = ctypes.cast(_pointer(capsule), ctypes.POINTER(_Stream))
    while True:
        batch = _Array()
        if stream.contents.get_next(stream, ctypes.byref(batch)):
            raise StreamError((stream.contents.get_last_error(stream) or b"").decode("utf-8", "replace"))
        if not batch.release:
            return
        try:
            yield {name: _part(batch, at, kind) for at, (name, kind) in enumerate(columns.items())}
        finally:
            batch.release(ctypes.byref(batch))


def _pointer(capsule: object) -> int:
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return int(get(capsule, b"arrow_array_stream"))


def _part(batch: _Array, at: int, kind: type[np.generic]) -> Part:
    column = batch.children[at].contents
    width = np.dtype(kind).itemsize
    if not batch.length:
        return Part(np.empty(0, dtype=kind), None)
    first = column.buffers[1] + (batch.offset + column.offset) * width
    held = (ctypes.c_char * (batch.length * width)).from_address(first)
    return Part(np.frombuffer(held, dtype=kind), _missing(column, batch.offset + column.offset, batch.length))


def _missing(column: _Array, offset: int, length: int) -> NDArray[np.bool_] | None:
    """Arrow keeps one bit a row, 1 where there is a value, or nothing at all where every row has one."""
    if not column.null_count or not column.buffers[0]:
        return None
    held = (ctypes.c_char * ((offset + length + 7) // 8)).from_address(column.buffers[0])
    packed: NDArray[np.uint8] = np.frombuffer(held, dtype=np.uint8)  # type: ignore[call-overload] # a ctypes array is a buffer
    missing: NDArray[np.bool_] = np.unpackbits(packed, count=offset + length, bitorder="little")[offset:] == 0
    return missing
