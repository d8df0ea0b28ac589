"""The ledger as a file for others: whole for an auditor inside the agency, public without a name of what is hidden.

Whole: the lines themselves, so that anybody with the file can check the chain as we do.
Public: of each entry what everybody may see (what was shown, by which rules, when), and the head after it. The heads
cannot be worked out again from a public export, because the lines behind them name hidden cells; they can be held
against the agency's own ledger, and against the head that every data package carries.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import BEGINNING, LedgerEntry
from upwell.evidence.errors import LedgerError

WHOLE, PUBLIC = "upwell ledger 1", "upwell ledger 1, public"

OPEN = (
    "release_id", "kind", "about", "because", "made_on", "period", "protection", "method", "software", "seed", "shown",
    "bands", "basis", "new_ledger", "previous",
)  # fmt: skip
"""Fields of an entry that a public export tells."""

UNKNOWN = "This file is no export of a ledger. `./upwell ledger export -o FILE` makes one."


def export(data: bytes, *, public: bool, release_id: str = "") -> bytes:
    """A ledger as a file, JSON; the same ledger, the same bytes. release_id: up to this release; "" is all of it.

    Raises LedgerError when the ledger is broken, or does not list the release.
    """
    entries = _until(ledger.read(data), release_id)
    lines = data.splitlines()[: len(entries)]
    heads = [hashlib.sha256(line).hexdigest() for line in lines]
    content: dict[str, Any] = {"form": PUBLIC if public else WHOLE, "head": heads[-1] if heads else BEGINNING}
    if public:
        content["entries"] = [_open(entry, head) for entry, head in zip(entries, heads, strict=True)]
    else:
        content["lines"] = [line.decode("utf-8") for line in lines]
    return _signed_off(content)


def verify(file: bytes, data: bytes = b"") -> int:
    """How many entries an exported file lists, after checking all of it. data: the agency's own ledger, if at hand.

    Raises LedgerError when the file is none, was changed, or tells other than the ledger at hand.
    """
    content = _content(file)
    if content["form"] == WHOLE:
        lines = b"".join(line.encode("utf-8") + b"\n" for line in content["lines"])
        entries, heads = len(ledger.read(lines)), [ledger.head(lines)]
    else:
        heads = [each["head"] for each in content["entries"]]
        if [each["previous"] for each in content["entries"]] != [BEGINNING, *heads][: len(heads)]:
            raise LedgerError("An entry of this file does not follow the one before it. Ask the agency for a new one.")
        entries = len(heads)
    if content["head"] != (heads or [BEGINNING])[-1]:
        raise LedgerError("The end of this file was cut off. Ask the agency for a new one.")
    if data and export(data, public=content["form"] == PUBLIC, release_id=_last(data, content["head"])) != file:
        raise LedgerError("This file tells of other releases than the ledger here. Ask the agency for a new one.")
    return entries


def _until(entries: Sequence[LedgerEntry], release_id: str) -> tuple[LedgerEntry, ...]:
    if not release_id:
        return tuple(entries)
    at = next((at for at, entry in enumerate(entries) if entry.release_id == release_id), None)
    if at is None:
        raise LedgerError(f"The ledger lists no release {release_id}. `./upwell ledger show` lists those that it has.")
    return tuple(entries[: at + 1])


def _last(data: bytes, head: str) -> str:
    """The release after which a ledger had this head."""
    after = zip(data.splitlines(), ledger.read(data), strict=True)
    found = next((entry.release_id for line, entry in after if hashlib.sha256(line).hexdigest() == head), None)
    if found is None:
        raise LedgerError("The ledger here never had the head of this file: it is another's, or was cut off.")
    return found


def _open(entry: LedgerEntry, head: str) -> Mapping[str, object]:
    return {name: getattr(entry, name) for name in OPEN} | {"head": head}


def _signed_off(content: Mapping[str, Any]) -> bytes:
    check = hashlib.sha256(_canonical(content)).hexdigest()
    return _canonical({**content, "check": check}) + b"\n"


def _content(file: bytes) -> dict[str, Any]:
    try:
        content = json.loads(file)
        known = content["form"] in (WHOLE, PUBLIC)
        check = content.pop("check")
        filled = content["lines" if content["form"] == WHOLE else "entries"] is not None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LedgerError(UNKNOWN) from error
    if not (known and filled):
        raise LedgerError(UNKNOWN)
    if hashlib.sha256(_canonical(content)).hexdigest() != check or _signed_off(content) != file:
        raise LedgerError("This file was changed after it was made. Ask the agency for a new one.")
    return dict(content)


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
