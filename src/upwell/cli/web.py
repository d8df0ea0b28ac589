"""How the commands reach the web application: as processes of their own. The command line knows no web framework."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping

import click

_MANAGE = ("-m", "upwell.web.manage")
_END_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux's prctl."""


def manage(*words: str, more: Mapping[str, str] | None = None) -> None:
    """Run one of the application's own commands to its end; leaves with its exit code when that is not 0.

    It has this terminal: it may ask. more: environment beyond ours.
    """
    if code := subprocess.run(python(*_MANAGE, *words), env={**os.environ, **(more or {})}, check=False).returncode:
        raise click.exceptions.Exit(abs(code))


def begin(*words: str) -> subprocess.Popen[bytes]:
    """Start a process that runs beside us. It hears no Ctrl-C: who started it stops it, and it ends when we do."""
    return subprocess.Popen(
        python(*words),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_ends_with_us if sys.platform == "linux" else None,
    )


def begin_worker() -> subprocess.Popen[bytes]:
    """Start the job worker."""
    return begin(*_MANAGE, "work")


def python(*words: str) -> list[str]:
    """Our own interpreter; the folder in which somebody happens to stand is not searched for modules."""
    return [sys.executable, "-P", *words]


def _ends_with_us() -> None:
    """In the child: ask the system for a SIGTERM when the parent ends, however it ends (kill -9 too)."""
    ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGTERM)
