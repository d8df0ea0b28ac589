"""The page on watching is true: every block of it runs, in its order."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/watch-for-what-is-new.md"


def test_every_block_runs_in_its_order(capsys) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    held: dict[str, object] = {}

    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), held)  # our own page

    said = capsys.readouterr().out
    assert len(blocks) == 3 and said.count("NOT PROTECTED") == 2
    assert "place: north" in said and "tract 00" in said
