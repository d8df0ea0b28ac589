"""Asking for the passphrase of a backup: at the terminal, or from UPWELL_BACKUP_PASSPHRASE."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from getpass import getpass

from upwell.web.backup.errors import BackupError

SHORTEST = 12
NAME = "UPWELL_BACKUP_PASSPHRASE"


def asked(environment: Mapping[str, str], *, new: bool) -> str:
    """The passphrase. new: of a backup that is about to be made; it is asked for twice and must be long enough.

    Raises BackupError when there is nobody to ask, or when it cannot be used.
    """
    given = environment.get(NAME, "")
    if not given and not sys.stdin.isatty():
        raise BackupError(f"A backup has a passphrase. Run this at a terminal, or set {NAME}.")
    phrase = given or getpass("Passphrase of the backup: ")
    if new and len(phrase) < SHORTEST:
        raise BackupError(f"Whoever has the file can try passphrases: use {SHORTEST} characters or more.")
    if new and not given and getpass("The same again: ") != phrase:
        raise BackupError("The two differ. Nothing was written; run it again.")
    return phrase
