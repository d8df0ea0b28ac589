"""Pages of the documentation as programs: what a reader would run when she copies every block of one in its order."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def words_of(page: str) -> str:
    """page: from docs/ on, e.g. reference/library.md."""
    return (DOCS / page).read_text(encoding="utf-8")


def blocks_run(page: str) -> int:
    """Run the Python blocks of a page in one name space; how many there are. What they print goes where prints go."""
    blocks, held = BLOCK.findall(words_of(page)), dict[str, object]()
    for block in blocks:
        exec(compile(block, str(DOCS / page), "exec"), held)  # our own page
    return len(blocks)
