"""The key ring of encrypted fields on disk: one private file, whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from upwell.state import durable, folder
from upwell.state.errors import StateError

FILE = "ring.json"
_LOCK = "ring.lock"
_FORM = "upwell ring 1"


@dataclass(frozen=True)
class HeldRing:
    """keys: number -> 32 bytes, at least one. index: 32 bytes."""

    keys: Mapping[int, bytes]
    index: bytes

    def __repr__(self) -> str:
        """Never the keys: a repr ends up in logs."""
        return f"HeldRing({len(self.keys)} keys)"


def load_or_make(home: Path) -> HeldRing:
    """The ring, made at first use. Two first uses at once end with the same ring."""
    path = home / FILE
    if not path.exists():
        durable.write_once(path, _written({1: secrets.token_bytes(32)}, secrets.token_bytes(32)))
    return load(home)


def load(home: Path) -> HeldRing:
    """The ring that is there. Raises StateError when there is none, or when it is damaged."""
    path = home / FILE
    try:
        held = json.loads(path.read_bytes())
        keys = {int(number): bytes.fromhex(key) for number, key in held["keys"].items()}
        index, form = bytes.fromhex(held["index"]), held["form"]
    except FileNotFoundError:
        raise StateError(f"There is no key ring in {home}; put your backup there.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StateError(f"The key ring {path} is damaged. Put your backup in its place.") from None
    if form != _FORM or not keys or any(len(key) != 32 for key in (*keys.values(), index)):
        raise StateError(f"The key ring {path} is damaged. Put your backup in its place.")
    return HeldRing(keys, index)


def rotate(home: Path) -> HeldRing:
    """Add a key that encrypts from now on; the others still decrypt. Running servers see the new ring by themselves."""
    with _alone(home):
        held = load_or_make(home)
        durable.replace(home / FILE, _written({**held.keys, max(held.keys) + 1: secrets.token_bytes(32)}, held.index))
        return load(home)


def retire(home: Path) -> HeldRing:
    """Drop every key but the newest. Only after each field was written anew: older texts could not be read again."""
    with _alone(home):
        held = load(home)
        newest = max(held.keys)
        durable.replace(home / FILE, _written({newest: held.keys[newest]}, held.index))
        return load(home)


def stamp(home: Path) -> tuple[int, int, int]:
    """What changes whenever the ring is written: its file's number, length and time. Raises StateError without one."""
    try:
        found = (home / FILE).stat()
    except OSError:
        raise StateError(f"There is no key ring in {home}; put your backup there.") from None
    return found.st_ino, found.st_size, found.st_mtime_ns


def seconds_since_change(home: Path, *, now: float) -> float:
    """How long ago the ring was written. now: seconds since 1970."""
    return now - stamp(home)[2] / 1e9


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One writer at a time: of two rotations at once, the second must see the first one's key."""
    folder.ready(home)
    descriptor = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _written(keys: Mapping[int, bytes], index: bytes) -> bytes:
    held = {
        "about": "Secret keys of encrypted fields. Without them nobody can read the database. Keep a copy apart.",
        "form": _FORM,
        "index": index.hex(),
        "keys": {str(number): key.hex() for number, key in keys.items()},
    }
    return (json.dumps(held, indent=1) + "\n").encode()
