"""What all server processes count together, such as tries to sign in: small files in the private state folder.

A key becomes a file's name as a digest, and a value is a list of times: nothing of anybody can be read there.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any  # Django's own signatures

from django.core.cache.backends.filebased import FileBasedCache


class SharedFiles(FileBasedCache):
    """Django's cache of files, in which only one process can be the first to add a key."""

    def __init__(self, folder: str, params: dict[str, Any]) -> None:
        super().__init__(folder, params)
        self.folder = Path(folder)

    def add(self, key: Any, value: Any, timeout: Any = 300, version: Any = None) -> bool:
        """Add a value unless one is there. Of processes that try at once, exactly one is told that it did."""
        with self._alone():
            return bool(super().add(key, value, timeout, version))

    def drop_expired(self) -> int:
        """Remove the files whose time is over; how many."""
        over = [path for path in self.folder.glob(f"*{self.cache_suffix}") if _is_over(path)]
        for path in over:
            with suppress(FileNotFoundError):  # somebody else was faster
                path.unlink()
        return len(over)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _is_over(path: Path) -> bool:
    """Whether a file's time is over. Each begins with the moment it ends, None for never."""
    with suppress(OSError, pickle.UnpicklingError, EOFError, zlib.error), path.open("rb") as file:
        # our own file in our own private folder: whoever can write there needs no pickle to do harm
        ends: float | None = pickle.load(file)
        return ends is not None and ends < time.time()
    return False
