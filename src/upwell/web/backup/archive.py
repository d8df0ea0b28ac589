"""What lies inside a backup: a tar of named parts, the first says what it is, the last lists every part's digest."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Literal, cast

from upwell.web.backup.errors import BackupError
from upwell.web.backup.sealed import CHANGED, Opener, Sealer

FORM = "upwell backup 1"
PART = 4 << 20
_ABOUT, _LIST = "about.json", "list.json"
Kind = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class About:
    """What a backup is. made_at: ISO, UTC. migrations: (app, name) of every change of tables that was applied."""

    kind: Kind
    made_at: str
    version: str
    migrations: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listed:
    """One part, as the list at the end has it."""

    size: int
    sha256: str


class Writer:
    """Puts parts into a sealed stream, one after the other."""

    def __init__(self, out: BinaryIO, passphrase: str, about: About) -> None:
        self._sealer = Sealer(out, passphrase)
        self._tar = tarfile.TarFile(fileobj=cast("BinaryIO", self._sealer), mode="w", format=tarfile.PAX_FORMAT)
        self.parts: dict[str, Listed] = {}
        self.put(_ABOUT, json.dumps({"form": FORM, **asdict(about)}).encode())

    def put(self, name: str, content: bytes) -> None:
        """One part. name: "home/...", "database/..."; each once."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))
        self.parts[name] = Listed(len(content), hashlib.sha256(content).hexdigest())

    def put_all(self, name: str, pieces: Iterable[bytes]) -> None:
        """Something long, in numbered parts below a name."""
        for number, piece in enumerate(pieces):
            self.put(f"{name}/{number:08d}", piece)
            self._tar.members.clear()  # type: ignore[attr-defined]  # it would keep every part's name in memory

    def finish(self) -> None:
        """The list, and the end that makes the stream whole."""
        self.put(_LIST, json.dumps({name: asdict(part) for name, part in self.parts.items()}).encode())
        self._tar.close()
        self._sealer.finish()


def read(source: BinaryIO, passphrase: str) -> Iterator[tuple[str, bytes]]:
    """Every part in order, "about.json" first, its digest checked at the end. Raises BackupError, a sentence.

    Only when it has been read to its end is it sure that nothing is missing.
    """
    seen: dict[str, Listed] = {}
    listed: dict[str, Listed] | None = None
    opener = Opener(source, passphrase)
    try:
        with tarfile.open(fileobj=cast("BinaryIO", opener), mode="r|") as tar:
            for info in tar:
                content = _content(tar, info)
                if info.name == _LIST:
                    listed = {name: Listed(**part) for name, part in json.loads(content).items()}
                else:
                    seen[info.name] = Listed(len(content), hashlib.sha256(content).hexdigest())
                    yield info.name, content
        while opener.read(1 << 16):
            pass  # to the authenticated end, past what tar pads with
    except (tarfile.TarError, ValueError, TypeError):
        raise BackupError(CHANGED) from None
    if listed != seen:
        raise BackupError(CHANGED)


def about(content: bytes) -> About:
    """What the first part says. Raises BackupError for a form that this version does not know."""
    said: dict[str, Any] = json.loads(content)  # Any: JSON; it ends in this function
    if said.get("form") != FORM:
        raise BackupError("This backup was made by another version of Upwell. Install that version to restore it.")
    migrations = tuple((app, name) for app, name in said["migrations"])
    return About(said["kind"], said["made_at"], said["version"], migrations)


def _content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    path = PurePosixPath(info.name)
    file = tar.extractfile(info) if info.isreg() else None
    inside = not path.is_absolute() and ".." not in path.parts and "\0" not in info.name
    if file is None or not inside or (path.parts[0] not in {"home", "database"} and info.name not in {_ABOUT, _LIST}):
        raise BackupError(CHANGED)
    return file.read()
