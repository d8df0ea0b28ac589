"""The key ring of encrypted fields on disk: one private file, whole or not at all."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from upwell.state import durable
from upwell.state.errors import StateError

FILE = "ring.json"
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
    """Add a key that encrypts from now on; the others still decrypt. Restart the server for it to take effect."""
    held = load_or_make(home)
    durable.replace(home / FILE, _written({**held.keys, max(held.keys) + 1: secrets.token_bytes(32)}, held.index))
    return load(home)


def retire(home: Path) -> HeldRing:
    """Drop every key but the newest. Only after each field was written anew: older texts could not be read again."""
    held = load(home)
    newest = max(held.keys)
    durable.replace(home / FILE, _written({newest: held.keys[newest]}, held.index))
    return load(home)


def _written(keys: Mapping[int, bytes], index: bytes) -> bytes:
    held = {
        "about": "Secret keys of encrypted fields. Without them nobody can read the database. Keep a copy apart.",
        "form": _FORM,
        "index": index.hex(),
        "keys": {str(number): key.hex() for number, key in keys.items()},
    }
    return (json.dumps(held, indent=1) + "\n").encode()
