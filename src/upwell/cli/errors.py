"""What a person at the terminal can put right."""

from __future__ import annotations


class DoorError(Exception):
    """An argument, an output folder or a run record cannot be used as it is; exit code 2."""
