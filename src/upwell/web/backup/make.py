"""Making a backup while people work: the database as of one moment, then the keys and ledgers that belong to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.db import connection

from upwell.state.durable import sync_folder
from upwell.web import jobs
from upwell.web.backup import archive, tables
from upwell.web.backup.errors import BackupError
from upwell.web.backup.staging import staging

KEYS = ("ring.json", "web.secret", "key.json")
ANCHORS = "audit-seals"
_LEFT_OUT = frozenset({"static", "incoming", tables.SQLITE, jobs.HEARTBEAT, "worker.lock"})


@dataclass(frozen=True)
class Made:
    """What a backup holds. size: bytes of the file."""

    tables: int
    files: int
    size: int


def make(target: Path, *, home: Path, passphrase: str, now: datetime) -> Made:
    """Write a backup to target, which must not be there yet, and read it back whole. Raises BackupError or OSError.

    The order matters: seals of the audit before the database, ledgers after it, each file's mark before the file. So
    what is restored never misses a line that it knows of; a line ahead of the database is finished by the desk.
    """
    if target.exists() or target.is_symlink():
        raise BackupError(f"{target} is there already; a backup never replaces a file. Name another.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}. Make it, or name another place.")
    with staging(target.parent, target.name) as beside, staging(home, "backup") as work:
        fresh = beside / "backup"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as out:
            counted = _write(archive.Writer(out, passphrase, _about(now)), home, work)
            out.flush()
            os.fsync(out.fileno())
        check(fresh, passphrase)
        try:
            os.link(fresh, target)  # unlike rename, fails when the name was taken meanwhile
        except FileExistsError:
            raise BackupError(f"{target} is there already; a backup never replaces a file. Name another.") from None
        sync_folder(target.parent)
    return Made(*counted, target.stat().st_size)


def check(file: Path, passphrase: str) -> None:
    """Read a backup whole. Raises BackupError when anything in it is not as it was written."""
    with file.open("rb") as source:
        for _ in archive.read(source, passphrase):
            pass


def _about(now: datetime) -> archive.About:
    kind: archive.Kind = "postgresql" if connection.vendor == "postgresql" else "sqlite"
    return archive.About(
        kind, now.astimezone(UTC).isoformat(timespec="seconds"), version("upwell"), tables.migrations()
    )


def _write(writer: archive.Writer, home: Path, work: Path) -> tuple[int, int]:
    keys = _keys(home)
    anchors = home / ANCHORS
    if anchors.exists():
        writer.put(f"home/{ANCHORS}", anchors.read_bytes())
    count = tables.put_sqlite(writer, work) if connection.vendor == "sqlite" else tables.put_postgresql(writer)
    for path in _state_files(home):
        writer.put(f"home/{path.relative_to(home).as_posix()}", path.read_bytes())
    if _keys(home) != keys:
        raise BackupError("The keys were changed while the backup was made. Nothing was written; run it again.")
    writer.finish()
    return count, sum(name.startswith("home/") for name in writer.parts)


def _keys(home: Path) -> tuple[bytes, ...]:
    paths = [home / name for name in KEYS] + sorted(home.glob("agencies/*/key.json"))
    return tuple(path.read_bytes() for path in paths if path.exists())


def _state_files(home: Path) -> Iterator[Path]:
    """Every file of the state folder that is worth keeping, a ledger's mark before the ledger."""
    for folder, inner, names in os.walk(home):
        at = Path(folder)
        inner[:] = sorted(name for name in inner if not name.startswith(".") and not (at == home and name in _LEFT_OUT))
        for name in sorted(names, key=lambda each: (each != "mark.json", each)):
            path = at / name
            if not _is_left_out(name, at == home) and path.is_file() and not path.is_symlink():
                yield path


def _is_left_out(name: str, at_home: bool) -> bool:
    if name.startswith(".") or name == "lock":
        return True
    return at_home and (name in _LEFT_OUT or name == ANCHORS or name.startswith(f"{tables.SQLITE}-"))
