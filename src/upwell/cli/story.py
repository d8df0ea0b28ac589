"""The demo's second half: the invented county in the web application, and five people to be.

It lies in a folder of its own beside the demo's output, with keys and a database of its own: no agency's is touched.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from upwell.cli import serve, web
from upwell.cli.errors import DoorError

HOST = "127.0.0.1"
PAGE = "start/"
MARK = "upwell-demo-web"
_WORDS = "An invented county in the web application, made by `upwell demo`. It may be deleted.\n"


def folder_of(output: Path) -> Path:
    """Where the web application of a demo lies."""
    return output.with_name(f"{output.name}-web")


def check(output: Path, port: int) -> None:
    """Raises DoorError while the port is taken, or the folder holds something that is not a demo's."""
    serve.check_free(HOST, port)
    folder = folder_of(output)
    if folder.exists() and not (folder / MARK).is_file():
        raise DoorError(f"{folder} is not a former demo's; it is left alone. Name another output folder with -o.")


def prepare(output: Path, export: Path, *, seed: int) -> None:
    """Make the database anew: tables, the caseload from the export, five people and what many have met."""
    folder = folder_of(output)
    if folder.exists():
        shutil.rmtree(folder)
    home = folder / "home"
    home.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    (folder / MARK).write_text(_WORDS, encoding="utf-8")
    _surround(home)
    web.manage("migrate", "--verbosity", "0")
    web.manage("collectstatic", "--noinput", "--verbosity", "0")
    web.manage("seed_demo", str(export.resolve()), "--seed", str(seed))


def live(output: Path, port: int) -> None:
    """Serve it. Where nobody sits at a terminal: look whether the start page answers, and say how to come back."""
    _surround(folder_of(output) / "home")
    sits = sys.stdin.isatty() and sys.stdout.isatty()
    serve.run(HOST, port, page=PAGE, look_only=not sits)
    if not sits:
        click.echo("The five people wait on the start page. In a terminal, `./upwell demo` ends in it.")


def _surround(home: Path) -> None:
    """The demo's own state folder for every process that is started from here on."""
    os.environ.update(UPWELL_HOME=str(home.resolve()), UPWELL_DEMO="1", UPWELL_LOG="WARNING")
    os.environ.pop("DATABASE_URL", None)
