"""Options that several commands share: the same name, the same kind of value, the same words in their help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]  # Any: click takes whatever the function returns
Option = Callable[[Command], Command]


def output(default: str, words: str) -> Option:
    """Where a command writes. words: what will lie in the folder."""
    return click.option(
        "-o",
        "--output",
        default=default,
        show_default=True,
        type=click.Path(path_type=Path),
        help=f"Folder for {words}",
    )


def seed(words: str) -> Option:
    """words: what it decides."""
    return click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1), help=words)


def new_ledger(printed: str) -> Option:
    """printed: what prints the reason."""
    words = f"Begin a second ledger because the first is lost; the {printed} prints the reason."
    return click.option("--new-ledger", default="", metavar="REASON", help=words)


def corrects(why: str) -> Option:
    """The release that this one corrects, and why; two options. why: the help of the second."""

    def both(command: Command) -> Command:
        command = click.option("--because", default="", metavar="WORDS", help=why)(command)
        words = "Id of the former release that this one corrects."
        return click.option("--corrects", default="", metavar="RELEASE", help=words)(command)

    return both
