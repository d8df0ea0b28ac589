"""Whose people an agency's own tables count: a name, given once and remembered, and the ledger that belongs to it.

The same people counted again next month belong into the same ledger, or two releases could be played against each
other. So the name decides the ledger, whatever the file is called.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from upwell.state import durable
from upwell.state.errors import StateError

_FILE = "population.json"


def source_id_of(name: str, *, public: bytes) -> str:
    """The ledger's id for a population. public: the agency's public key.

    Capitals and spaces make no other population.
    """
    plain = " ".join(name.casefold().split())
    return hashlib.sha256(b"upwell population 1\0" + public + b"\0" + plain.encode()).hexdigest()[:32]


def remembered(home: Path) -> tuple[str, ...]:
    """Every population that was ever named, sorted."""
    found = {_name(path) for path in (home / "sources").glob(f"*/{_FILE}")}
    return tuple(sorted(found))


def remember(home: Path, source_id: str, name: str) -> None:
    """Keep the name of a population beside its ledger; the first way of writing it stays."""
    folder = home / "sources" / source_id
    if not (folder / _FILE).exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        durable.replace(folder / _FILE, json.dumps({"name": name}, ensure_ascii=False).encode() + b"\n")


def name_of(home: Path, source_id: str) -> str:
    """The name of the population behind a ledger; "" where none was given, as for an HMIS export."""
    path = home / "sources" / source_id / _FILE
    return _name(path) if path.exists() else ""


def _name(path: Path) -> str:
    try:
        return str(json.loads(path.read_bytes())["name"])
    except (ValueError, KeyError, TypeError):
        raise StateError(f"The file {path} is damaged; delete it and you will be asked again.") from None
