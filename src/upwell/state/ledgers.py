"""The ledgers on disk, one a source: lines are only ever added, each one durable before its release is written.

What a line means and how lines are chained is evidence.disclosure.ledger's; here they are bytes that may not get lost.
A small mark beside each ledger remembers how much of it there has been, so that a ledger that was deleted, cut short
or put back from an old copy is noticed: its chain alone would look whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from upwell.state import durable
from upwell.state.errors import SecondLedgerError, StateError

_LEDGER = "ledger.jsonl"
_MARK = "mark.json"
_SOURCE = re.compile(r"[0-9A-Za-z_-]{1,128}")


@dataclass(frozen=True)
class Mark:
    """How much of a ledger has been durable: its first `length` bytes, and their SHA-256."""

    length: int
    sha256: str

    @staticmethod
    def of(content: bytes) -> Mark:
        """The mark of a ledger that is exactly this long."""
        return Mark(len(content), hashlib.sha256(content).hexdigest())

    def is_in(self, content: bytes) -> bool:
        """True when the ledger still begins with all that was durable."""
        return Mark.of(content[: self.length]) == self


@dataclass(frozen=True)
class Ledger:
    """One source's ledger, held alone: nobody else writes it until it is let go. Made by `held` only."""

    folder: Path

    @property
    def path(self) -> Path:
        """Where the lines lie."""
        return self.folder / _LEDGER

    def lines(self) -> bytes:
        """Every whole line. Raises SecondLedgerError when lines that were durable are gone."""
        content = self._content()
        mark = _mark(self.folder)
        if not _is_all(mark, content):
            raise SecondLedgerError(
                f"The ledger {self.path} is shorter or other than it was: releases went out that it no longer lists. "
                "Put the newest copy back, or begin a second ledger with --new-ledger REASON, which the brief prints."
            )
        return content

    def append(self, line: bytes) -> None:
        """Add one line, durable when this returns. Raises StateError and leaves the ledger as it was when it cannot."""
        if not line.endswith(b"\n") or b"\n" in line[:-1]:
            raise StateError("A ledger takes whole lines, one at a time.")
        before = self._content()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            durable.write_all(descriptor, line)
        except BaseException as error:
            os.ftruncate(descriptor, len(before))  # half a line is no line
            if isinstance(error, OSError):
                raise StateError(f"The ledger cannot be written ({error.strerror}); nothing was released.") from error
            raise
        finally:
            os.close(descriptor)
        durable.sync_folder(self.folder)
        _set_mark(self.folder, Mark.of(before + line))

    def begin_again(self) -> None:
        """Set the old lines aside, kept whole under another name, and start with none."""
        number = 1 + sum(1 for _ in self.folder.glob("ledger.until-*.jsonl"))
        if self.path.exists():
            os.rename(self.path, self.folder / f"ledger.until-{number}.jsonl")
        _set_mark(self.folder, Mark.of(b""))

    def _content(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""


@contextmanager
def held(home: Path, source_id: str, *, waiting: Callable[[], None] | None = None) -> Iterator[Ledger]:
    """The ledger of a source, for one writer at a time: from before earlier lines are read until the new one is there.

    waiting: called once when another run holds it. A torn last line (crash or power cut while writing) is set aside
    in a file of its own: its release was never written, because files come after the line.
    """
    folder = _folder(home, source_id)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
    except OSError as error:
        raise StateError(f"The ledger folder {folder} cannot be used ({error.strerror}).") from error
    try:
        _lock(descriptor, waiting)
        _mend(folder)
        yield Ledger(folder)
    finally:
        os.close(descriptor)  # lets the lock go


def peek(home: Path, source_id: str) -> bytes:
    """The whole lines of a ledger, without holding it and without changing anything."""
    path = _folder(home, source_id) / _LEDGER
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def is_whole(home: Path, source_id: str) -> bool:
    """True when every line that was ever durable is still there."""
    return _is_all(_mark(_folder(home, source_id)), peek(home, source_id))


def sources(home: Path) -> tuple[str, ...]:
    """The sources that have a ledger here, by digest."""
    found = [path.parent.name for name in (_MARK, _LEDGER) for path in (home / "sources").glob(f"*/{name}")]
    return tuple(sorted(set(found)))


def _folder(home: Path, source_id: str) -> Path:
    if not _SOURCE.fullmatch(source_id):
        raise StateError("The source of these records has no usable digest.")
    return home / "sources" / source_id


def _lock(descriptor: int, waiting: Callable[[], None] | None) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if waiting:
            waiting()
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _mend(folder: Path) -> None:
    path = folder / _LEDGER
    content = path.read_bytes() if path.exists() else b""
    whole = content.rfind(b"\n") + 1
    mark = _mark(folder)
    if whole == len(content) or (mark and mark.length > whole):  # what was durable is damaged: nothing may be moved
        return
    torn = 1 + sum(1 for _ in folder.glob("torn-*.part"))
    durable.write_file(folder / f"torn-{torn}.part", content[whole:])
    os.truncate(path, whole)
    durable.sync_folder(folder)


def _mark(folder: Path) -> Mark | None:
    try:
        held_mark = json.loads((folder / _MARK).read_bytes())
        return Mark(int(held_mark["length"]), str(held_mark["sha256"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise StateError(f"The file {folder / _MARK} is damaged; restore the state folder from a backup.") from None


def _is_all(mark: Mark | None, content: bytes) -> bool:
    """Whether all that was durable is there. Without a mark only a first line can be: it comes just before its mark."""
    return mark.is_in(content) if mark else content.count(b"\n") <= 1


def _set_mark(folder: Path, mark: Mark) -> None:
    durable.replace(
        folder / _MARK, json.dumps({"length": mark.length, "sha256": mark.sha256}, sort_keys=True).encode() + b"\n"
    )
