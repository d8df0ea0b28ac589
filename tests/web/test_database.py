"""Where the data lies: DATABASE_URL, and that the tests run on the database they say they do."""

import os
from pathlib import Path

import pytest
from django.db import connection

from upwell.web.database import DatabaseUrlError, database

HOME = Path("/srv/upwell")


def test_without_an_address_it_is_sqlite_in_the_state_folder() -> None:
    settings = database({}, HOME)

    assert settings["ENGINE"].endswith("sqlite3") and settings["NAME"] == str(HOME / "upwell.sqlite3")
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://ada:p%40ss@db.example.org:5433/upwell", ("db.example.org", "5433", "ada", "p@ss", "upwell")),
        ("postgresql://postgres:@/postgres?host=/tmp/some/data", ("/tmp/some/data", "", "postgres", "", "postgres")),
        ("postgres:///upwell?host=%2Fvar%2Frun%2Fpostgresql", ("/var/run/postgresql", "", "", "", "upwell")),
    ],
)
def test_an_address_of_postgresql_is_read_with_its_socket(url: str, expected: tuple[str, ...]) -> None:
    settings = database({"DATABASE_URL": url}, HOME)

    assert tuple(settings[each] for each in ("HOST", "PORT", "USER", "PASSWORD", "NAME")) == expected
    assert "host" not in settings["OPTIONS"]


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "http://example.org/db", "postgresql://x:port/y"])
def test_another_address_is_a_sentence(url: str) -> None:
    with pytest.raises(DatabaseUrlError, match=r"DATABASE_URL"):
        database({"DATABASE_URL": url}, HOME)


def test_the_database_of_this_run_is_the_one_it_says() -> None:
    assert connection.vendor == os.environ.get("UPWELL_TEST_VENDOR", "sqlite")
