"""Folders that are ours for the length of one run, and what a killed run left behind.

Each is claimed by a lock that the system lets go of when a process ends, however it ends. So a later run can tell a
leftover from a folder in use, and removes leftovers only.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LOCK = "lock"
_END = ".tmp"


@contextmanager
def work_folder() -> Iterator[Path]:
    """A private folder (0700) for what a run spills; gone afterwards, also after an error."""
    parent = Path(tempfile.gettempdir())
    sweep(parent, "upwell-work")
    with claimed(parent, "upwell-work") as folder:
        inner = folder / "work"
        inner.mkdir(mode=0o700)
        yield inner


@contextmanager
def claimed(parent: Path, name: str) -> Iterator[Path]:
    """A hidden folder in parent, open to its owner alone, locked while it is used and removed afterwards."""
    folder, descriptor = _claim(parent, name)
    try:
        yield folder
    finally:
        with suppress(OSError):  # what cannot be removed now is swept by the next run
            _remove(folder)
        os.close(descriptor)


def sweep(parent: Path, name: str, before: Callable[[Path], None] | None = None) -> None:
    """Remove what killed runs of this user left in parent. before: called on each leftover, to rescue from it."""
    try:
        left = [path for path in parent.glob(f".{name}-*{_END}") if path.is_dir() and not path.is_symlink()]
    except OSError:
        return  # a folder that cannot be listed cannot be tidied; writing to it will say why
    for folder in left:
        with suppress(OSError):  # somebody else's, or being tidied by another run at this moment
            if folder.stat().st_uid == os.getuid():
                _sweep_one(folder, before)


def _claim(parent: Path, name: str) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f".{name}-", suffix=_END, dir=parent))
        try:
            descriptor = os.open(folder / _LOCK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileNotFoundError:
            continue  # swept between making and locking
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        if os.fstat(descriptor).st_nlink:
            return folder, descriptor
        os.close(descriptor)


def _sweep_one(folder: Path, before: Callable[[Path], None] | None) -> None:
    try:
        descriptor = os.open(folder / _LOCK, os.O_WRONLY)
    except FileNotFoundError:
        folder.rmdir()  # only if empty: killed between making and locking
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises when its run is alive
        if before:
            before(folder)
        _remove(folder)
    finally:
        os.close(descriptor)


def _remove(folder: Path) -> None:
    """Remove a claimed folder, its lock last: without a lock, nobody could tell later that it was ours."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()
    (folder / _LOCK).unlink()
    folder.rmdir()
