"""Where an export goes: a folder or a zip, made beside its place and moved there only when it is whole."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from upwell.records.errors import RecordsError

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: no clock, so the same seed gives the same bytes


class Sink(Protocol):
    """Opens one file of the export after the other."""

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A binary file to write; name with its ending."""
        ...


class Folder:
    """Files in a folder that is there already."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        with (self._path / name).open("wb") as file:
            yield file


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        entry = zipfile.ZipInfo(name, _LONG_AGO)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with self._archive.open(entry, "w", force_zip64=True) as file:
            yield cast(BinaryIO, file)  # zipfile calls it IO[bytes]


@contextmanager
def sink(out: Path) -> Iterator[Sink]:
    """A place for an export at `out`, a zip when its name ends so. On any error or Ctrl-C nothing is left at `out`.

    Raises RecordsError when something stands there already (an empty folder does not count).
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise RecordsError(f"{out.name} exists already; name a place where nothing stands yet.")
    unfinished = out.with_name(f".{out.name}.unfinished")
    _remove(unfinished)
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        if out.suffix.lower() == ".zip":
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                yield _Zip(archive)
        else:
            unfinished.mkdir()
            yield Folder(unfinished)
        if out.is_dir():
            out.rmdir()
        unfinished.rename(out)
    finally:
        _remove(unfinished)


def copy_in(folder: Path, place: Sink) -> None:
    """Every file of a folder into the place, in the order of their names."""
    for path in sorted(folder.iterdir()):
        with path.open("rb") as source, place.open(path.name) as target:
            shutil.copyfileobj(source, target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    with suppress(FileNotFoundError):
        path.unlink()
