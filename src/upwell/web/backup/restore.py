"""Putting a backup back: `python -m upwell.web.backup.restore FILE HOME`, which `upwell restore` runs.

Everything is unpacked beside the new home and checked to its last byte; only then it is put in place, in one step.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import django

from upwell.state.durable import sync_folder
from upwell.state.errors import StateError
from upwell.web.backup import archive
from upwell.web.backup.errors import BackupError
from upwell.web.backup.passphrase import asked
from upwell.web.backup.staging import staging

SQLITE = "upwell.sqlite3"
CANNOT, BUG = 2, 3


def main(arguments: list[str]) -> int:
    """Restore; gives the exit code. The door: errors become sentences."""
    try:
        if len(arguments) != 2:
            raise BackupError("Name the backup and the new state folder.")
        file, home = (Path(each).expanduser().absolute() for each in arguments)
        check_place(home)
        if not file.is_file():
            raise BackupError(f"There is no file {file}. Check the path.")
        about = restore(file, home, passphrase=asked(os.environ, new=False), environment=os.environ)
    except (BackupError, StateError) as error:
        print(error, file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        print("Stopped; nothing was left half-written.", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001 - the door: nobody above could say it in words
        return _told(error)
    print(
        f"Restored into {home}: everything as of {about.made_at}.\n"
        "What was released after that moment is not in its ledgers, and no program can know of it. If a newer copy of "
        "the ledgers exists, put it in place before anything is released again.\n"
        f"Start it with: UPWELL_HOME={home} ./upwell serve"
    )
    return 0


def check_place(home: Path) -> None:
    """Raises BackupError unless home is not there yet, or empty."""
    if home.is_symlink() or (home.exists() and (not home.is_dir() or any(home.iterdir()))):
        raise BackupError(f"{home} is not empty. A restore never writes over anything: name a new folder.")
    if not home.parent.is_dir():
        raise BackupError(f"There is no folder {home.parent}. Make it, or name another place.")


def restore(file: Path, home: Path, *, passphrase: str, environment: Mapping[str, str]) -> archive.About:
    """Put a backup into a home that is empty or not there. Raises BackupError or OSError and leaves all as it was."""
    check_place(home)
    with staging(home.parent, home.name) as beside:
        fresh, parts = beside / "home", beside / "database"
        for folder in (fresh, parts):
            folder.mkdir(mode=0o700)
        about = _unpack(file, passphrase, fresh, parts, environment)
        put_in_place = partial(_put_in_place, fresh, home)
        _connect(fresh, environment)
        from upwell.web.backup import tables  # noqa: PLC0415 - needs settings, which need the unpacked home

        tables.check_known(about)
        if about.kind == "postgresql":
            tables.load_postgresql(about, parts, put_in_place)
        else:
            put_in_place()
    return about


def _unpack(file: Path, passphrase: str, fresh: Path, parts: Path, environment: Mapping[str, str]) -> archive.About:
    about: archive.About | None = None
    with file.open("rb") as source:
        for name, content in archive.read(source, passphrase):
            top, _, rest = name.partition("/")
            if about is None:
                about = archive.about(content)
                _check_kind(about, environment)
            elif top == "home":
                _append(fresh / rest, content)
            elif about.kind == "sqlite":
                _append(fresh / SQLITE, content)
            else:
                _append(parts / rest, content)
    if about is None:
        raise BackupError("The backup is empty. Use another copy.")
    return about


def _check_kind(about: archive.About, environment: Mapping[str, str]) -> None:
    has_server = environment.get("DATABASE_URL", "").startswith("postgres")
    if about.kind == "postgresql" and not has_server:
        raise BackupError("This backup is of a PostgreSQL database: let DATABASE_URL name an empty one to put it into.")
    if about.kind == "sqlite" and environment.get("DATABASE_URL"):
        raise BackupError("This backup holds its own SQLite database: unset DATABASE_URL, then restore it.")


def _append(path: Path, content: bytes) -> None:
    """Add to a file, durable when this returns. The parts of one long thing follow each other."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(descriptor, "ab") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _connect(fresh: Path, environment: Mapping[str, str]) -> None:
    """Start the application on the unpacked home: it knows which tables there are."""
    os.environ.update(environment)
    os.environ["UPWELL_HOME"] = str(fresh)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upwell.web.settings")
    django.setup()


def _put_in_place(fresh: Path, home: Path) -> None:
    os.rename(fresh, home)  # takes the place of an empty folder, and fails for any other
    sync_folder(home.parent)


def _told(error: Exception) -> int:
    if os.environ.get("UPWELL_DEBUG"):
        raise error
    from upwell.web.said import sentence  # noqa: PLC0415 - needs Django, which may be what went wrong

    words, code = sentence(error)
    print(f"{words} Nothing was left half-written.", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
