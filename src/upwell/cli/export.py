"""The argument EXPORT of `brief` and `check`: something there and readable, or a sentence that says what to do."""

from __future__ import annotations

import os
from pathlib import Path

import click

from upwell.cli.errors import DoorError


def readable(_ctx: click.Context, _param: click.Parameter, path: Path) -> Path:
    """The path as given. Raises DoorError when nothing is there, or when this user may not read it."""
    if not path.exists():
        raise DoorError(f"There is nothing at {path}. Name the zip or the folder that your HMIS wrote.")
    wanted = os.R_OK | os.X_OK if path.is_dir() else os.R_OK
    if not os.access(path, wanted):
        raise DoorError(f"You may not read {path}. Ask whoever keeps it for the right, or for a copy of your own.")
    return path


argument = click.argument("export", type=click.Path(path_type=Path), callback=readable)
