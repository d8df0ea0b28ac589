"""Restored from a backup that was made while a job lay half done: everything is there, and the job is done once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from faults.conftest import run, surroundings

COMMAND = ("-c", "from upwell.cli.main import main; main()")
PHRASE = {"UPWELL_BACKUP_PASSPHRASE": "a phrase that is long enough"}
AMID = ("upwell.practice.micro.crossing.deliver:_deliver_one", "4", "before", "only")


def worked(home: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(surroundings(home), "-m", "faults.acts", "--do", "work").splitlines()[-1])
    return told


def test_a_half_done_job_is_finished_once_after_a_restore(sqlite_world: Path, tmp_path: Path) -> None:
    home, back = tmp_path / "home", tmp_path / "back"
    shutil.copytree(sqlite_world, home)
    around = surroundings(home)
    left = json.loads(run(around, "-m", "faults.acts", "work", *AMID).splitlines()[-1])
    assert left["killed"] and 0 < left["between"]["words"] < 10

    run({**around, **PHRASE}, *COMMAND, "backup", str(tmp_path / "one"))
    run({**around, **PHRASE}, *COMMAND, "restore", str(tmp_path / "one"), "--into", str(back))
    restored, again = worked(back), worked(back)

    assert restored == worked(home), "the restored house works differently from the one it was made of"
    assert again == restored
    assert restored["doubled"] == 0 and restored["undone"] == 0 and restored["errors"] == []
    assert restored["words"] == restored["replies"] * (restored["joined"] + restored["telling"])
    assert restored["imports"] == ["applied"]
