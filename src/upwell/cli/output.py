"""The output folder: made whole beside its place, then put there in one step. Killed at any moment, it is old or new.

Layout: share/ may be sent, inside/ is for the case team alone and open to its owner only. inside/run.json lists
every file that the run wrote, and so tells a former output (which may be replaced) from somebody's own folder (which
never is).
"""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from upwell.cli import scratch
from upwell.cli.errors import DoorError
from upwell.state import durable

INSIDE = "inside"
RUN = f"{INSIDE}/run.json"
FORM = "upwell run 1"
_HIDDEN = "upwell-output"
_IGNORED = {".DS_Store", "Thumbs.db", "desktop.ini"}
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@dataclass(frozen=True)
class Stage:
    """An output in the making. Nothing of it is seen under its name before `finish`."""

    target: Path
    container: Path

    @property
    def folder(self) -> Path:
        """Where the new files are put meanwhile."""
        return self.container / "new"

    def put(self, files: Mapping[str, bytes], under: str = "") -> None:
        """Write files, each by its relative name, durable when this returns."""
        for name, content in files.items():
            path = self.folder / under / name
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            durable.write_file(path, content, mode=0o600 if INSIDE in path.relative_to(self.folder).parts else 0o644)

    def stream(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one file piece by piece, durable when this returns."""
        path = self.folder / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())

    def names(self) -> list[str]:
        """Relative names of all files so far, sorted."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())

    def finish(self) -> None:
        """Put the new output in its place; a former one is removed after that, not before."""
        for folder in [path for path in self.folder.rglob("*") if path.is_dir()]:
            durable.sync_folder(folder)
        durable.sync_folder(self.folder)
        if (self.folder / INSIDE).is_dir():
            (self.folder / INSIDE).chmod(0o700)
        self.folder.chmod(0o755)
        check_replaceable(self.target)  # again: a long run leaves time for somebody to put files there
        if not self.target.exists():
            os.rename(self.folder, self.target)
        elif not _exchange(self.folder, self.target):
            # not on this system: two steps, and `sweep` puts the old one back when killed between them
            os.rename(self.target, self.container / "old")
            os.rename(self.folder, self.target)
        durable.sync_folder(self.target.parent)


@contextmanager
def staged(target: Path) -> Iterator[Stage]:
    """A stage for target. Raises DoorError when target holds anything that a former run did not write."""
    place = Path(os.path.realpath(target))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch.sweep(place.parent, _HIDDEN, _rescue)
        check_replaceable(place)
        with scratch.claimed(place.parent, _HIDDEN) as container:
            (container / "target").write_text(place.name)
            stage = Stage(place, container)
            stage.folder.mkdir(mode=0o700)
            yield stage
    except OSError as error:
        raise DoorError(
            f"The output folder {target} cannot be written ({error.strerror}). What was there before is untouched; "
            "free space or name another folder with -o."
        ) from error


def check_replaceable(target: Path) -> None:
    """Pass when target is absent, empty, or a former output with nothing else in it. Raises DoorError otherwise."""
    if not target.exists():
        return
    if not target.is_dir():
        raise DoorError(f"{target} is a file. Name a folder with -o.")
    present = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    foreign = sorted(name for name in present - _written(target) if Path(name).name not in _IGNORED)
    if foreign:
        raise DoorError(
            f"{target} holds something that Upwell did not write ({foreign[0]}), so nothing there is replaced. "
            "Move it away or name another folder with -o."
        )


@dataclass(frozen=True)
class MadeFrom:
    """Whose records a former output was made from, and which release it holds."""

    source_id: str
    release_id: str


def made_from(target: Path) -> MadeFrom | None:
    """What the run record in a former output says; None where there is none of ours."""
    try:
        record = json.loads((target / RUN).read_bytes())
        return MadeFrom(str(record["source_id"]), str(record["release_id"])) if record["form"] == FORM else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _written(target: Path) -> set[str]:
    try:
        record = json.loads((target / RUN).read_bytes())
        return {RUN, *record["files"]} if record["form"] == FORM else set()
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return set()


def _rescue(container: Path) -> None:
    """Put a former output back whose run was killed between two renames."""
    old = container / "old"
    if old.is_dir():
        target = container.parent / Path((container / "target").read_text()).name
        if not target.exists():
            os.rename(old, target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux). False when the system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    done = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE))
    return bool(done == 0)
