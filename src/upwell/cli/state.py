"""Where the commands find the agency's state folder and its keys."""

from __future__ import annotations

import os
from pathlib import Path

from upwell.cli.narrate import note
from upwell.state import folder, keys


def home() -> Path:
    """The state folder, ready for use."""
    return folder.ready(folder.where(os.environ))


def agency_keys(state: Path) -> keys.Keys:
    """The agency's keys; says so, once, when this run made them."""
    held = keys.load_or_make(state)
    if held.made:
        note(
            f"Made this agency's key in {held.path}. It signs your releases and keeps client ids secret. "
            "Keep a copy in a safe place: ./upwell key backup FILE"
        )
    return held
