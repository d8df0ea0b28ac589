"""Where the agency's state lies: one private folder, the same for the command line and, later, the web."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from upwell.state.errors import StateError


def where(environment: Mapping[str, str]) -> Path:
    """The state folder by name: UPWELL_HOME, else the XDG data folder. It need not exist yet."""
    if named := environment.get("UPWELL_HOME"):
        return Path(named).expanduser().absolute()
    data = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data).expanduser().absolute() / "upwell"


def ready(folder: Path) -> Path:
    """The folder, there and open to its owner alone (0700). Raises StateError when it cannot be so."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.getuid():
            raise StateError(f"The state folder {folder} belongs to another user. Name your own with UPWELL_HOME.")
        folder.chmod(0o700)
    except OSError as error:
        raise StateError(
            f"The state folder {folder} cannot be used ({error.strerror}). Name another with UPWELL_HOME."
        ) from error
    return folder
