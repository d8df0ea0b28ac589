"""`upwell test`, `bench` and `lint`: for whoever works on Upwell, in a source checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from upwell.cli.errors import DoorError

_PASS_ON = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command(context_settings=_PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run the tests; anything more is passed on to pytest.

    \b
    Example:  ./upwell test -q
              ./upwell test tests/state
    """
    _become("-m", "pytest", *arguments)


@click.command(context_settings=_PASS_ON)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Run the benchmarks and print a table: all of them, or those that are named.

    Passed on: --people N (size of the large county), --seed N, --counties N, --nulls N, and --write, which puts
    the table into docs/reference/benchmarks.md. The large county takes minutes and gigabytes.

    \b
    Example:  ./upwell bench
              ./upwell bench line --people 100000
    """
    _become("-m", "bench", *arguments)


@click.command(context_settings={"help_option_names": ["--help"]})
def lint() -> None:
    """Check style, import contracts and types.

    \b
    Example:  ./upwell lint
    """
    os.chdir(_checkout())
    beside = Path(sys.executable).parent  # not resolved: the tools lie beside the environment's own python
    for words in (("ruff", "check", "."), ("lint-imports",), ("mypy",)):
        if code := subprocess.run([str(beside / words[0]), *words[1:]], check=False).returncode:
            raise click.exceptions.Exit(code)


def _become(*arguments: str) -> None:
    os.chdir(_checkout())
    os.execv(sys.executable, [sys.executable, *arguments])


def _checkout() -> Path:
    root = Path(__file__).resolve().parents[3]
    if not (root / "pyproject.toml").is_file():
        raise DoorError("This works in a source checkout of Upwell only, through its launcher: ./upwell test")
    return root
