"""The one place where DuckDB is opened: no network, no extensions, two threads, bounded memory, spilling to work."""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY_LIMIT = "1600MB"
THREADS = 2


def connect(work: Path) -> duckdb.DuckDBPyConnection:
    """An empty in-memory database that spills into work. Row order is kept, since a row's place is its line."""
    spill = work / "spill"
    spill.mkdir(mode=0o700, parents=True, exist_ok=True)
    return duckdb.connect(
        ":memory:",
        config={
            "threads": THREADS,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(spill),
            "preserve_insertion_order": True,
            # Nothing is kept, so tidying up between statements (a checkpoint) is a quarter of the time for nothing.
            "checkpoint_threshold": "1TB",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )


def lock(engine: duckdb.DuckDBPyConnection, work: Path) -> None:
    """From here on SQL can reach no file outside work and no setting can be changed back."""
    engine.execute("SET allowed_directories = [" + literal(str(work)) + "]")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET lock_configuration = true")


def literal(text: str) -> str:
    """Text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """Text as an SQL name."""
    return '"' + text.replace('"', '""') + '"'
