"""A full disk: whoever writes keeps every word and is told so; the night's work is done when there is room.

That a backup and a restore say so, too, is with them: tests/web/backup.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from faults.conftest import run, surroundings


@pytest.fixture(scope="module")
def told(sqlite_world: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What happened on a full disk."""
    home = tmp_path_factory.mktemp("full") / "home"
    shutil.copytree(sqlite_world, home)
    found: dict[str, dict[str, object]] = json.loads(run(surroundings(home), "-m", "faults.full").splitlines()[-1])
    return found


def test_a_note_comes_back_with_every_word(told: dict[str, dict[str, object]]) -> None:
    assert told["note"]["status"] == [503, 503, 302]
    assert told["note"]["holds"] == [True, True]
    assert told["note"]["says"] == [True, True]


def test_the_draft_that_was_there_stays_until_the_note_is_signed(told: dict[str, dict[str, object]]) -> None:
    assert told["note"]["left"] == [0, 1]
    assert told["note"]["after"] == [1, 0]


def test_a_gathering_is_done_when_there_is_room(told: dict[str, dict[str, object]]) -> None:
    night = told["night"]

    assert night["left"] == 1, "half a candidate was stored"
    assert (night["after"], night["waiting"]) == (2, 1)
