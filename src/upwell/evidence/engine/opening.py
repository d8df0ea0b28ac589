"""Open DuckDB for one reading, and say plainly what went wrong with a file or a disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import duckdb

from upwell.evidence.engine.arrow import StreamError
from upwell.evidence.engine.coding import Relation
from upwell.evidence.errors import EvidenceError

MEMORY_LIMIT = "1GB"  # of DuckDB itself, which only streams; the packed rows are ours
THREADS = 2
SPECIAL = "*?["  # characters that would make a path a pattern
NO_ROOM = ("no space", "disk full", "quota", "file too large", "temp_directory")  # the last: DuckDB's own limits of it

FULL = "The disk that holds temporary files is full: free some space there, or name another folder for them."
UNWRITABLE = "Temporary files cannot be written: name another folder for them, or ask for permission to write there."
TOO_MUCH = "There is not enough memory to read these rows: name fewer attributes, or read them on a larger machine."


@contextmanager
def opened(source: object, spill: Path | None) -> Iterator[Relation]:
    """A relation as it is, in its own connection; or the rows of a Parquet file, in a connection for this reading.

    spill: folder for what does not fit in memory; None: one of the system's, removed afterwards.
    """
    if not isinstance(source, str | Path):
        yield cast(Relation, source)
        return
    with _room(spill) as folder, told_plainly(str(source)):
        settings: dict[str, str | bool | int | float | list[str]] = {
            "threads": THREADS,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": folder,
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
        }
        with duckdb.connect(":memory:", config=settings) as engine:
            yield cast(Relation, engine.read_parquet(_spelled(source)))


@contextmanager
def _room(spill: Path | None) -> Iterator[str]:
    """A folder for temporary files, which is gone afterwards."""
    try:
        room = TemporaryDirectory(prefix="upwell-", dir=spill)
    except OSError as fault:
        raise EvidenceError(FULL if _is_full(str(fault).lower()) else UNWRITABLE) from fault
    with room as folder:
        yield folder


def _spelled(source: str | Path) -> str:
    """The path of one file as DuckDB reads it, or of all Parquet files in a folder."""
    path = Path(source)
    if path.is_dir():
        return f"{_plain(path)}/*.parquet"
    if isinstance(source, str) and not path.exists() and any(character in source for character in SPECIAL):
        return source
    if not path.exists():
        raise EvidenceError(f"There is no file {str(source)!r}. Give the path of a Parquet file.")
    return _plain(path)


def _plain(path: Path) -> str:
    return "".join(f"[{character}]" if character in SPECIAL else character for character in str(path))


@contextmanager
def told_plainly(source: str | None) -> Iterator[None]:
    """Turns what DuckDB says into a sentence. source: path of a file, None for a relation."""
    try:
        yield
    except (duckdb.Error, StreamError, OSError) as fault:
        raise EvidenceError(_sentence(str(fault), source)) from fault


def _is_full(fault: str) -> bool:
    """Whether a fault, in small letters, is that the disk, or what a user may have of it, is used up."""
    return any(words in fault for words in NO_ROOM)


def _sentence(fault: str, source: str | None) -> str:
    low = fault.lower()
    if _is_full(low):
        return FULL
    if "could not write" in low:  # nothing but temporary files is written
        return UNWRITABLE
    if "out of memory" in low or "could not allocate" in low:
        return TOO_MUCH
    if source is None:
        return "The relation's rows cannot be read: run it by itself to see why, then give it again."
    if "permission denied" in low:
        return f"{source!r} may not be read: ask for permission, or give another file."
    return f"{source!r} cannot be read as rows: it is damaged, or no Parquet. Write it again and try once more."
