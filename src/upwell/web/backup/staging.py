"""A private folder beside what is being made: gone afterwards; what a killed run left is removed by the next one."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_END = ".tmp"


@contextmanager
def staging(parent: Path, name: str) -> Iterator[Path]:
    """A hidden folder in parent, open to its owner alone, locked while it is used."""
    _sweep(parent, name)
    folder = Path(tempfile.mkdtemp(prefix=f".{name}-", suffix=_END, dir=parent))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _sweep(parent: Path, name: str) -> None:
    for left in parent.glob(f".{name}-*{_END}"):
        with suppress(OSError):  # somebody else's, or in use at this moment
            descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
            finally:
                os.close(descriptor)
