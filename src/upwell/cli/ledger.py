"""`upwell ledger`: what has been released, and whether the list of it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from upwell.cli import state
from upwell.cli.errors import DoorError
from upwell.evidence.disclosure import ledger as chain
from upwell.evidence.errors import EvidenceError
from upwell.state import ledgers


@click.group()
def ledger() -> None:
    """Show or verify what has been released before.

    \b
    Example:  ./upwell ledger show
              ./upwell ledger verify
    """


@ledger.command()
def show() -> None:
    """List every release: day, id, source, protection, period of the records.

    \b
    Example:  ./upwell ledger show
    """
    home = state.home()
    for source, lines in _each(home):
        for entry in _read(home, source, lines):
            period = " to ".join(entry.period)
            click.echo(f"{entry.made_on}  {entry.release_id}  {source[:12]}  {entry.protection}  records of {period}")
            if entry.new_ledger:
                click.echo(f"            second ledger begun here: {entry.new_ledger}")
        _check_whole(home, source)


@ledger.command()
def verify() -> None:
    """Check that no line of any ledger was changed, moved or lost.

    \b
    Example:  ./upwell ledger verify
    """
    home = state.home()
    for source, lines in _each(home):
        entries = _read(home, source, lines)
        _check_whole(home, source)
        click.echo(f"{source[:12]}  whole: {len(entries)} releases, head {chain.head(lines)[:16]}")


def _each(home: Path) -> Iterator[tuple[str, bytes]]:
    sources = ledgers.sources(home)
    for source in sources:
        yield source, ledgers.peek(home, source)
    if not sources:
        click.echo("Nothing has been released yet.")


def _read(home: Path, source: str, lines: bytes) -> tuple[chain.LedgerEntry, ...]:
    try:
        return tuple(chain.verify(lines))
    except EvidenceError as error:
        raise DoorError(f"{error} It lies in {home / 'sources' / source}.") from error


def _check_whole(home: Path, source: str) -> None:
    """Raises DoorError when lines that once were there are gone: what is left of the list looks whole by itself."""
    if not ledgers.is_whole(home, source):
        raise DoorError(
            f"The ledger of source {source[:12]} is shorter or other than it was. Put the newest copy of "
            f"{home / 'sources' / source} back."
        )
