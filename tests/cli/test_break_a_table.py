"""The tutorial does what it says: every command of it is run, and its output holds every line that is printed there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "break-a-table.md"
BLOCKS = re.compile(r"^```(sh)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_table_breaks_in_front_of_the_reader_and_the_protected_one_holds(tmp_path: Path) -> None:
    (tmp_path / "upwell").symlink_to(Path(sys.executable).parent / "upwell")
    settings = os.environ | {"UPWELL_HOME": str(tmp_path / "home")}
    out, compared = "", 0

    for kind, words in BLOCKS.findall(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "sh":
            ran = subprocess.run(["bash", "-c", words], cwd=tmp_path, env=settings, capture_output=True, text=True)
            out = re.sub(r"\n  (?=\S)", " ", ran.stdout)  # sentences are wrapped for the terminal
            assert "Error" not in ran.stderr and ran.returncode in (0, 1), ran.stderr
            continue
        missing = [line for line in words.splitlines() if line.strip() and line not in out]
        assert not missing, f"{missing} is not in\n{out}"
        compared += len(words.splitlines())

    assert compared > 15
