"""Which privacy notice or agreement permits the analysis of a source: asked once, remembered, printed on the brief."""

from __future__ import annotations

import json
from pathlib import Path

from upwell.state import durable
from upwell.state.errors import StateError

_FILE = "basis.json"


def remembered(home: Path, source_id: str) -> str:
    """What was answered before for this source, "" when nothing was."""
    path = home / "sources" / source_id / _FILE
    try:
        return str(json.loads(path.read_bytes())["basis"])
    except FileNotFoundError:
        return ""
    except (ValueError, KeyError, TypeError):
        raise StateError(f"The file {path} is damaged; delete it and you will be asked again.") from None


def remember(home: Path, source_id: str, basis: str) -> None:
    """Keep the answer for this source, in the place of an earlier one."""
    folder = home / "sources" / source_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    durable.replace(folder / _FILE, json.dumps({"basis": basis}, ensure_ascii=False).encode() + b"\n")
