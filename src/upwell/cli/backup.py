"""`upwell backup` and `upwell restore`: everything in one sealed file, and back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click

from upwell.cli import web


@click.command(short_help="Copy everything into one file that only a passphrase opens.")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy everything into FILE, which must not be there yet, while people go on working.

    It holds the database as of one moment (SQLite or PostgreSQL), the keys and the ledgers, sealed with a passphrase
    that is asked for or taken from UPWELL_BACKUP_PASSPHRASE. Without the passphrase nobody can open it: not you either.

    \b
    Example:  ./upwell backup /media/safe/upwell-2026-11-22.backup
    """
    web.manage("backup_make", str(file))


@click.command(short_help="Put a backup back, into a new state folder.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", required=True, type=click.Path(path_type=Path), help="New or empty state folder.")
def restore(file: Path, into: Path) -> None:
    """Put the backup FILE back into a new or empty state folder. It never writes over anything.

    A backup of PostgreSQL goes into the empty database that DATABASE_URL names. What was released after the backup was
    made is not in its ledgers: put newer ledgers in place, where there are any, before anything is released again.

    \b
    Example:  ./upwell restore /media/safe/upwell-2026-11-22.backup --into ~/upwell-restored
              UPWELL_HOME=~/upwell-restored ./upwell serve
    """
    words = web.python("-m", "upwell.web.backup.restore", str(file), str(into))
    if code := subprocess.run(words, check=False).returncode:
        raise click.exceptions.Exit(abs(code))
