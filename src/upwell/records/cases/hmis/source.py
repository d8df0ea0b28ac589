"""Where the files of an export lie: in a zip or a folder, at any depth, in any letter case."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from upwell.records.errors import UnreadableError

CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """The files of one export, by the standard's names.

    members: standard name -> member of the zip or path in the folder, relative to path. twice, unknown: file names.
    """

    path: Path
    members: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    digests: dict[str, str] = field(default_factory=dict)  # filled as files are read: reading twice would cost twice

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """The bytes of one file; raises OSError or zipfile.BadZipFile when they are damaged."""
        if self.path.is_dir():
            with open(self.path / self.members[name], "rb") as stream:
                yield stream
        else:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.members[name]) as member:
                yield member  # type: ignore[misc]  # IO[bytes] has all that is used of BinaryIO

    def written(self, name: str) -> str:
        """The file's name as its producer wrote it."""
        return _pure(self.members[name]).name

    @property
    def snapshot(self) -> str:
        """Digest over all files that were read, whatever their order in the zip."""
        whole = hashlib.blake2b(digest_size=16)
        for name in sorted(self.digests):
            whole.update(f"{name}:{self.digests[name]}\n".encode())
        return whole.hexdigest()


def find(path: Path, names: Iterable[str]) -> Source:
    """The export in a zip or folder; raises UnreadableError when there is none, or more than one at the same depth."""
    paths = _listing(path)
    known = {name.lower() + ".csv": name for name in names}
    root = _root(paths, known)
    here = sorted(each for each in paths if str(_pure(each).parent) == root)
    members: dict[str, str] = {}
    twice, unknown = [], []
    for each in here:
        written = _pure(each).name
        name = known.get(written.lower())
        if name is None:
            unknown.append(written)
        elif name in members:
            twice.append(written)
            if written == f"{name}.csv":
                members[name] = each
        else:
            members[name] = each
    return Source(path, members, tuple(unknown), tuple(twice))


def _listing(path: Path) -> list[str]:
    found = [each.relative_to(path).as_posix() for each in _walk(path)] if path.is_dir() else _zip_listing(path)
    return [each for each in found if "__MACOSX" not in each and not _pure(each).name.startswith(".")]


def _pure(member: str) -> PurePosixPath:
    """A member's path; some producers write zips with backslashes."""
    return PurePosixPath(member.replace("\\", "/"))


def _walk(path: Path) -> Iterator[Path]:
    for folder, _, files in os.walk(path):
        yield from (Path(folder) / each for each in files)


def _zip_listing(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except FileNotFoundError:
        raise UnreadableError(f"There is no file or folder {path.name}. Check the path.") from None
    except (zipfile.BadZipFile, OSError) as problem:
        raise UnreadableError(
            f"{path.name} is neither a folder nor a readable zip of CSV files. Export it again, or unpack it and name "
            "the folder."
        ) from problem
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableError(f"{path.name} is locked with a password. Unpack it and name the folder.")
    return [entry.filename for entry in entries]


def _root(paths: list[str], known: Mapping[str, str]) -> str:
    """The folder of Export.csv; without one, the folder with the most files of the standard."""
    roots = sorted({_folder(each) for each in paths if _pure(each).name.lower() == "export.csv"})
    if roots:
        depth = min(_depth(root) for root in roots)
        top = [root for root in roots if _depth(root) == depth]
        if len(top) > 1:
            raise UnreadableError(
                "There is more than one export in it: " + ", ".join(top) + ". Unpack it and name one of the folders."
            )
        return top[0]
    counts: dict[str, int] = {}
    for each in paths:
        if _pure(each).name.lower() in known:
            counts[_folder(each)] = counts.get(_folder(each), 0) + 1
    if not counts:
        raise UnreadableError(
            "No file in it has a name of the HMIS CSV standard, such as Export.csv or Client.csv. "
            "Name the zip or the folder that your HMIS wrote when asked for a HUD CSV export."
        )
    return min(counts, key=lambda folder: (-counts[folder], folder))


def _folder(each: str) -> str:
    return str(_pure(each).parent)


def _depth(root: str) -> int:
    return 0 if root == "." else root.count("/") + 1
