"""What can go wrong with a backup: sentences that say what to do next."""

from __future__ import annotations


class BackupError(Exception):
    """A backup cannot be made or read as asked. Nothing half-written is left."""
