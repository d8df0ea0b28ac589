"""Every test of the web uses a real database, rolled back afterwards."""

import pytest


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """A transaction around each test."""
