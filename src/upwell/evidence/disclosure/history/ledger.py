"""The ledger: what was ever released of a source, one line a release, each chained to the line before by its hash.

Pure functions on bytes; the state folder appends them to a file. The ledger lies on the case side: it names the cells
that were hidden, though never their counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from upwell.evidence.errors import LedgerError

RELEASE, WITHDRAWAL = "release", "withdrawal"
"""Kinds of entry."""

SUPPRESSION = "suppression"
"""The one method there is so far; cell keys and noise will stand beside it, never upon it."""

BEGINNING = "0" * 64
"""Head of a ledger without entries."""


@dataclass(frozen=True)
class LedgerEntry:
    """One release, as later releases must reckon with it.

    period: ISO dates. shown: Cell.id -> persons; public since. hidden: Cell.id, never shown. protected: those of the
    hidden that were hidden for their own sake, small or little changed; later releases must not give them away.
    crowds: crowd name -> digest of who is in it. cells: Cell.id -> the cell as codes (past.written), which mean the
    same in two releases of one snapshot where the crowd's digest agrees.
    witnesses: SHA-256 of the witness tables. request: digest of what was asked. previous: hash of the line before.
    kind: "release", or "withdrawal" of the release named in `about`: what was public stays public, so a withdrawn
    release still binds every later one. about: a release id, also of the release that this one corrects.
    because: why, in words. values: column -> names of its values, so that codes can be told again in a later snapshot.
    bands: what else was printed of cells, shares rounded and classes: ((Cell.id, weight) ..., least, most), and the sum
    of weight x count lies from least to most; system.UNBOUNDED is no bound.
    settings: what the method stood on, as text: the p-table of a cell key, the epsilon of added noise.
    seal: what only the agency's key can make, so that nobody finds the line by trying counts until its hash agrees.
    """

    release_id: str
    source_id: str
    snapshot: str
    period: tuple[str, str]
    protection: str
    method: str
    seed: int
    software: str
    solver: str
    shown: Mapping[str, int]
    hidden: tuple[str, ...]
    protected: tuple[str, ...]
    crowds: Mapping[str, str]
    cells: Mapping[str, str]
    witnesses: str
    request: str
    made_on: str
    basis: str
    new_ledger: str
    previous: str
    kind: str = "release"
    about: str = ""
    because: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bands: tuple[tuple[tuple[tuple[str, int], ...], int, int], ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    seal: str = ""


LATER: Mapping[str, object] = {
    "kind": RELEASE, "about": "", "because": "", "values": {}, "bands": (), "settings": {}, "seal": ""
}  # fmt: skip
"""Fields that ledgers of version 0.1.0 do not have, and what they mean there."""


def append(data: bytes, entry: LedgerEntry) -> bytes:
    """The line to add to a ledger, newline included.

    Raises LedgerError when the ledger is broken, belongs to another source, or went on since the entry was made.
    """
    entries = read(data)
    if entries and entries[-1].source_id != entry.source_id:
        raise LedgerError("This ledger belongs to another source. Use the state folder of the agency that exported.")
    if entry.previous != head(data):
        raise LedgerError("Another release was made meanwhile. Run the same command again.")
    return _line(entry)


def head(data: bytes) -> str:
    """Hash of the last line, 64 hexadecimal digits; BEGINNING for an empty ledger."""
    lines = data.splitlines()
    return hashlib.sha256(lines[-1]).hexdigest() if lines else BEGINNING


def read(data: bytes) -> tuple[LedgerEntry, ...]:
    """Every entry, oldest first. Raises LedgerError when anything was changed."""
    return verify(data)


def verify(data: bytes, *, expected_head: str = "", source_id: str = "") -> tuple[LedgerEntry, ...]:
    """Every entry, oldest first, after checking every line and the chain.

    expected_head: a head noted elsewhere (run.json); the ledger must hold it, or its end was cut off.
    source_id: whose ledger it must be; "" is anybody's.
    Raises LedgerError, a sentence with the line number and what to do.
    """
    if data and not data.endswith(b"\n"):
        raise LedgerError(f"Line {len(data.splitlines())} of the ledger is cut off. Restore the ledger from a backup.")
    entries: list[LedgerEntry] = []
    heads = [BEGINNING]
    for number, line in enumerate(data.splitlines(), 1):
        entry = _entry(line, number)
        if entry.previous != heads[-1]:
            raise LedgerError(
                f"Line {number} of the ledger does not follow the line before it: a line was changed, removed or "
                "moved. Restore the ledger from a backup."
            )
        if entries and entry.source_id != entries[0].source_id:
            raise LedgerError(f"Line {number} of the ledger is of another source. Restore the ledger from a backup.")
        heads.append(hashlib.sha256(line).hexdigest())
        entries.append(entry)
    if entries and source_id and entries[0].source_id != source_id:
        raise LedgerError("This ledger is another source's. Use the state folder of the agency that exported.")
    if expected_head and expected_head not in heads:
        raise LedgerError(
            f"The ledger ends at line {len(entries)} and lacks a release that was made later. Restore it from a backup."
        )
    return tuple(entries)


def withdrawal(data: bytes, release_id: str, *, because: str, made_on: str, software: str) -> LedgerEntry:
    """The entry that takes a release back: what it showed stays public and binds every later release.

    because: why, in words. made_on: ISO date. software: who writes, as in other entries.
    Raises LedgerError when the ledger lists no such release, or it was withdrawn before, or no reason is given.
    """
    entries = read(data)
    found = next((each for each in entries if each.release_id == release_id and each.kind == RELEASE), None)
    if found is None:
        raise LedgerError(f"The ledger lists no release {release_id}. `./upwell ledger show` lists those that it has.")
    if release_id in withdrawn(entries):
        raise LedgerError(f"The release {release_id} was withdrawn before.")
    if not because.strip():
        raise LedgerError("Say why the release is withdrawn: --because WORDS.")
    before = head(data)
    return replace(
        found,
        release_id=hashlib.sha256(f"{WITHDRAWAL}|{release_id}|{before}".encode()).hexdigest()[:16],
        kind=WITHDRAWAL,
        about=release_id,
        because=" ".join(because.split()),
        made_on=made_on,
        software=software,
        previous=before,
        # nothing of the release is told again: its own line goes on standing
        **NOTHING_TOLD,
    )


NOTHING_TOLD: Mapping[str, Any] = {  # Any: fields of several types, by name
    **dict.fromkeys(("snapshot", "request", "new_ledger", "solver", "witnesses", "seal"), ""),
    **dict.fromkeys(("hidden", "protected", "bands"), ()),
    **{name: {} for name in ("shown", "crowds", "cells", "values", "settings")},
    "seed": 0,
}


def withdrawn(entries: Sequence[LedgerEntry]) -> Mapping[str, str]:
    """Releases that were taken back, and why."""
    return {entry.about: entry.because for entry in entries if entry.kind == WITHDRAWAL}


def _line(entry: LedgerEntry) -> bytes:
    whole = asdict(entry)
    # Fields that came later are written only where they say something: ledgers made before them stay as they are.
    content = _canonical({name: value for name, value in whole.items() if name not in LATER or value != LATER[name]})
    check = hashlib.sha256(content).hexdigest()
    return b'{"check":"' + check.encode() + b'","entry":' + content + b"}\n"


def entry_from(content: Mapping[str, Any]) -> LedgerEntry:  # Any: JSON values, typed here
    """The entry that these fields were written from, of this version or an earlier one.

    Raises ValueError, KeyError or TypeError when they are no entry.
    """
    return LedgerEntry(
        **{each.name: content[each.name] for each in fields(LedgerEntry) if each.name not in LATER}
        | {name: content.get(name, default) for name, default in LATER.items()}
        | {name: tuple(content[name]) for name in ("period", "hidden", "protected")}
        | {"values": {name: tuple(each) for name, each in content.get("values", {}).items()}}
        | {"bands": tuple(_band(each) for each in content.get("bands", ()))}
    )


def _entry(line: bytes, number: int) -> LedgerEntry:
    try:
        whole = json.loads(line)
        content, check = whole["entry"], whole["check"]
        entry = entry_from(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(f"Line {number} of the ledger cannot be read. Restore the ledger from a backup.") from error
    if _line(entry) == line + b"\n":
        return entry
    later = content.keys() - {each.name for each in fields(LedgerEntry)}
    if later and hashlib.sha256(_canonical(content)).hexdigest() == check:
        raise LedgerError(
            f"Line {number} of the ledger was written by a newer version of Upwell. Install that version: this one "
            "would not know all that is public."
        )
    raise LedgerError(f"Line {number} of the ledger was changed. Restore the ledger from a backup.")


def _band(written: list[Any]) -> tuple[tuple[tuple[str, int], ...], int, int]:  # Any: a JSON value, typed here
    weights, least, most = written
    return tuple((str(name), int(weight)) for name, weight in weights), int(least), int(most)


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
