"""A worker that is killed in the middle of an import: nothing is half there, and the next worker finishes it once."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = 1500
BEGIN = f"""
import django; django.setup()
import sys; sys.path.insert(0, "tests")
from factories.caseload import export, previewed
from factories.five import five
from upwell.practice.micro.actions import caseload as actions
world = five()
batch = previewed(world.ben, export({PEOPLE}))
actions.caseload_apply(batch=batch, by=world.ben, team=world.team, workers={{"Shelter": world.ana}})
"""
MANAGE = (sys.executable, "-m", "upwell.web.manage")


def counts(home: Path) -> tuple[int, ...]:
    """People, cases, assignments of the import."""
    connection = sqlite3.connect(home / "upwell.sqlite3", timeout=20)
    tables = ("person_person WHERE source_sha <> ''", "micro_case WHERE source_sha <> ''", "micro_caseloadrow")
    try:
        return tuple(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
    finally:
        connection.close()


def test_killed_at_any_moment_it_is_all_there_or_nothing_and_comes_in_once(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPWELL_", "DATABASE_"))}
    home, chance = tmp_path / "home", random.Random()
    surroundings = {**kept, "UPWELL_HOME": str(home), "DJANGO_SETTINGS_MODULE": "upwell.web.settings"}
    subprocess.run([*MANAGE, "migrate", "-v", "0"], env=surroundings, check=True)
    subprocess.run([sys.executable, "-c", BEGIN], env=surroundings, check=True, cwd=ROOT)
    seen = set()
    for _ in range(6):
        worker = subprocess.Popen([*MANAGE, "work", "--once"], env=surroundings, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(1.0, 5.0))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        seen.add(counts(home))

    subprocess.run([*MANAGE, "work", "--once"], env=surroundings, check=True, timeout=300)

    assert seen <= {(0, 0, 0), (PEOPLE,) * 3}
    assert counts(home) == (PEOPLE,) * 3
