"""The page of the library is true: every block of it runs, in its order, and every name it leads to is there."""

import re
from pathlib import Path

from upwell import library

PAGE = Path(__file__).parents[1] / "docs/reference/library.md"


def test_every_block_runs_in_its_order(capsys) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    held: dict[str, object] = {}

    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), held)  # our own page

    said = capsys.readouterr().out
    assert len(blocks) >= 6
    assert "Alder, 55 and over is 7: 150 (all of Alder) less 31" in said and "NOT PROTECTED" in said


def test_the_page_names_everything_that_the_library_offers() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert [name for name in library.__all__ if name not in page and name != "Table"] == []
