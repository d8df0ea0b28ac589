"""The reference of settings cannot rot: what the program asks its environment for, the page names."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text()


def test_every_name_that_the_program_reads_from_its_environment_has_a_row() -> None:
    source = [
        path.read_text() for room in ("web", "cli", "state") for path in (ROOT / "src/upwell" / room).rglob("*.py")
    ]
    asked = {
        name
        for text in source
        for name in re.findall(r"""environ(?:ment)?(?:\.get\(|\[)\s*["']((?:UPWELL|DATABASE)_[A-Z_]+)["']""", text)
    }

    assert len(asked) > 10 and sorted(name for name in asked if f"`{name}`" not in PAGE) == []


def test_every_name_on_the_page_is_one_the_program_knows() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src/upwell").rglob("*.py"))

    assert [name for name in re.findall(r"`((?:UPWELL|DATABASE)_[A-Z_]+)`", PAGE) if name not in source] == []
