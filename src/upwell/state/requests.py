"""Which request led to which release: so that the same request on the same records gives the same release again.

A row is written before the ledger line. After a crash between the two it names a line that never came, and is no
answer: a row counts only together with its line.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from upwell.state import durable
from upwell.state.errors import StateError

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Former:
    """A release that was made before. ledger_head: the ledger's head before it. made_on: the day printed on it."""

    release_id: str
    ledger_head: str
    made_on: date


def find(home: Path, source_id: str, request: str) -> Former | None:
    """What this request led to before, None when it is new. request: its digest, 64 hex digits."""
    path = _path(home, source_id, request)
    try:
        row = json.loads(path.read_bytes())
        return Former(str(row["release_id"]), str(row["ledger_head"]), date.fromisoformat(row["made_on"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise StateError(f"The file {path} is damaged; delete it and the release is made anew.") from None


def remember(home: Path, source_id: str, request: str, former: Former) -> None:
    """Keep what a request leads to, durable when this returns."""
    path = _path(home, source_id, request)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    row = {**asdict(former), "made_on": former.made_on.isoformat()}
    durable.replace(path, json.dumps(row, sort_keys=True).encode() + b"\n")


def _path(home: Path, source_id: str, request: str) -> Path:
    if not _DIGEST.fullmatch(request):
        raise StateError("A request is named by its digest.")
    return home / "sources" / source_id / "requests" / f"{request}.json"
