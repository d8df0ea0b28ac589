"""A folder of its own for keys and ledgers, so that no test meets the releases of another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from upwell.practice.person.ring import ring


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """The state folder of this test; the key ring of the whole run stays as it is."""
    ring()  # read, and kept, before the folder changes
    settings.UPWELL_HOME = tmp_path
    return tmp_path
