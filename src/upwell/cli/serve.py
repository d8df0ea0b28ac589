"""`upwell serve`: the whole application at one command: tables, first administrator, web server and job worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress

import click

from upwell.cli import web
from upwell.cli.errors import DoorError

WORKERS = 2
THREADS_A_WORKER = 3
PATIENCE = 8.0
"""Seconds that the server and the worker have to finish what they are doing, after they were asked to stop."""
STARTING = 60.0
"""Seconds within which the server must answer; a busy machine is slow."""
_PAUSE = 0.2

Children = dict[str, subprocess.Popen[bytes]]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(*, host: str, port: int) -> None:
    """Start the web application: tables, first administrator, server and job worker. Ctrl-C stops it all.

    Data lie in the state folder (UPWELL_HOME): SQLite, or PostgreSQL when DATABASE_URL names one. The first time, it
    asks who the administrator is. To let others in from outside this machine, put a web server with HTTPS before it
    and name its address in UPWELL_HOSTS.

    \b
    Example:  ./upwell serve
              ./upwell serve --port 8080
    """
    check_free(host, port)
    web.manage("prepare")
    run(host, port)


def run(host: str, port: int, *, page: str = "", look_only: bool = False) -> None:
    """Serve what is prepared, until a stop signal. page: where people should begin, without its first slash.

    look_only: stop again as soon as that page was answered; for where nobody sits at the terminal.
    """
    children: Children = {}
    try:
        children["web server"] = web.begin(*_server(host, port))
        children["job worker"] = web.begin_worker()
        _await(children, host, port)
        if look_only:
            _look(f"{_address(host, port)}{page}")
            return
        click.echo(f"Upwell is at {_address(host, port)}{page}  Stop it with Ctrl-C.")
        _watch(children)
    except KeyboardInterrupt:
        click.echo("Stopping ...", err=True)
    finally:
        _stop(children)
    click.echo("Upwell has stopped; everything saved is kept.", err=True)


def _look(address: str) -> None:
    """Raises DoorError when a page does not answer as it should."""
    try:
        with urllib.request.urlopen(address, timeout=STARTING) as answer:
            answer.read()
    except OSError as error:
        raise DoorError(f"The server runs, but its page {address} does not answer ({error}).") from None


def _server(host: str, port: int) -> tuple[str, ...]:
    return (
        *("-m", "granian", "upwell.web.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--http", "1"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS_A_WORKER)),
        *("--no-access-log", "--log-level", "error", "--respawn-failed-workers", "--workers-kill-timeout", "5"),
    )


def check_free(host: str, port: int) -> None:
    """Raises DoorError when nobody can listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except socket.gaierror:
        raise DoorError(f"{host} is no address of this machine. Leave --host out, or name one that is.") from None
    except OSError as error:
        raise DoorError(
            f"Port {port} on {host} cannot be used ({error.strerror}). Perhaps Upwell already runs there; if another "
            f"program does, name another port: ./upwell serve --port {port % 65535 + 1}"
        ) from None


def _await(children: Children, host: str, port: int) -> None:
    """Until the server answers. Raises DoorError when a child ends before, or when it takes too long."""
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        _check_alive(children)
        with suppress(OSError), socket.create_connection((_reached_at(host), port), timeout=1):
            return
        time.sleep(_PAUSE)
    raise DoorError(f"The web server did not answer within {STARTING:.0f} seconds. Look at the lines above.")


def _watch(children: Children) -> None:
    while True:
        _check_alive(children)
        time.sleep(_PAUSE)


def _check_alive(children: Children) -> None:
    """Raises DoorError, a sentence, when one of them has ended by itself."""
    for name, child in children.items():
        if (code := child.poll()) is not None:
            raise DoorError(
                f"The {name} ended by itself (exit code {code}), so everything was stopped; what was saved is kept. "
                "Look at the lines above, then start again: ./upwell serve"
            )


def _stop(children: Children) -> None:
    """End every child: asked first, and after some seconds made to. Further stop signals are not heard meanwhile."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for child in children.values():
        child.terminate()
    end = time.monotonic() + PATIENCE
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, end - time.monotonic()))
        # the child and whatever it had started; a job that is cut off is done again from its start next time
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _reached_at(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)


def _address(host: str, port: int) -> str:
    reached = _reached_at(host)
    return f"http://{f'[{reached}]' if ':' in reached else reached}:{port}/"
