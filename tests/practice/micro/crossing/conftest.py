"""A folder of its own for keys and ledgers, so that no test meets the releases of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """The state folder of this test, with a key ring of its own."""
    settings.UPWELL_HOME = tmp_path
    return tmp_path
