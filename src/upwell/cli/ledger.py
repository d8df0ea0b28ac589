"""`upwell ledger`: what has been released, and whether the list of it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from upwell.cli import state
from upwell.cli.errors import DoorError
from upwell.evidence.disclosure import ledger as chain
from upwell.state import ledgers


@click.group()
def ledger() -> None:
    """Show or verify what has been released before.

    \b
    Example:  upwell ledger show
              upwell ledger verify
    """


@ledger.command()
def show() -> None:
    """List every release: day, id, source, protection, period of the records.

    \b
    Example:  upwell ledger show
    """
    listed = False
    for source, lines in _each(state.home()):
        for entry in chain.read(lines):
            listed = True
            period = " to ".join(entry.period)
            click.echo(f"{entry.made_on}  {entry.release_id}  {source[:12]}  {entry.protection}  records of {period}")
            if entry.new_ledger:
                click.echo(f"            second ledger begun here: {entry.new_ledger}")
    if not listed:
        click.echo("Nothing has been released yet.")


@ledger.command()
def verify() -> None:
    """Check that no line of any ledger was changed, moved or lost.

    \b
    Example:  upwell ledger verify
    """
    home = state.home()
    for source, lines in _each(home):
        entries = chain.verify(lines)
        if not ledgers.is_whole(home, source):
            raise DoorError(
                f"The ledger of source {source[:12]} is shorter or other than it was. Put the newest copy of "
                f"{home / 'sources' / source} back."
            )
        click.echo(f"{source[:12]}  whole: {len(entries)} releases, head {chain.head(lines)[:16]}")


def _each(home: Path) -> Iterator[tuple[str, bytes]]:
    for source in ledgers.sources(home):
        yield source, ledgers.peek(home, source)
