"""`upwell key`: the agency's key, shown without its secret half, and copied to a safe place."""

from __future__ import annotations

from pathlib import Path

import click

from upwell.cli import state
from upwell.state import keys


@click.group()
def key() -> None:
    """Show or back up the agency's key.

    \b
    Example:  ./upwell key show
              ./upwell key backup /media/safe/upwell-key.json
    """


@key.command(short_help="Print the public key, and where the secret one lies.")
def show() -> None:
    """Print the public key, with which others check your releases, and where the secret one lies.

    \b
    Example:  ./upwell key show
    """
    held = state.agency_keys(state.home())
    click.echo(f"Public key (Ed25519): {held.public.hex()}")
    click.echo(f"Secret keys: {held.path} (never send this file)")


@key.command(short_help="Copy the secret keys to a file.")
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the secret keys to FILE, which must not be there yet and only you may read.

    To restore, put the copy back where `./upwell key show` says the keys lie.

    \b
    Example:  ./upwell key backup /media/safe/upwell-key.json
    """
    home = state.home()
    state.agency_keys(home)
    keys.backup(home, file)
    click.echo(f"Copied to {file}. Whoever holds this file can sign in your name: keep it locked away.")
