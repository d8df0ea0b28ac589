"""The tutorial does what it says: every block of it is run, and prints what stands below it."""

from __future__ import annotations

import re
from pathlib import Path

from docs.tutorials import notebook

PICTURE = notebook.HERE / "find-patterns.svg"


def _words(picture: Path) -> list[str]:
    return re.findall(r">([^<]+)</(?:text|tspan)>", picture.read_text(encoding="utf-8"))


def test_every_block_prints_what_the_page_says_and_draws_its_picture(tmp_path: Path) -> None:
    blocks = list(notebook.run("find-patterns", tmp_path))

    assert [block.said for block in blocks] == [block.printed for block in blocks], (
        ".venv/bin/python -m docs.tutorials.notebook find-patterns writes them anew: read what has changed"
    )
    assert len(blocks) >= 9 and sum(bool(block.printed) for block in blocks) >= 8
    assert _words(tmp_path / PICTURE.name) == _words(PICTURE) and "Not protected" in PICTURE.read_text()
