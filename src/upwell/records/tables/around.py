"""What people put around a table in a spreadsheet: a title above, notes below. It is set aside, and that is said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

DELIMITERS = (",", ";", "\t", "|")
_FIRST_LINES = 30
_LONG = 40
"""Letters from which a single cell under a table is a sentence, not a label."""
_NOTE = re.compile(
    r"[*†‡§¶¹²³^(\[].*|(?:notes?|sources?|data|suppress\w*|fuentes?|notas?)\b.*", re.IGNORECASE | re.DOTALL
)
_LINES_NAMED = 5

Rows = Sequence[tuple[int, Sequence[str]]]
"""Rows that are not blank, each with the line of the file where it ends."""


def delimiter(text: str) -> str:
    """What parts the cells. The first line decides, unless the second has it another number of times (a title)."""
    lines = [_plain(line) for line in text.splitlines() if line.strip()][:_FIRST_LINES]
    first = max(DELIMITERS, key=lines[0].count)
    if lines[0].count(first) and (len(lines) == 1 or lines[1].count(first) == lines[0].count(first)):
        return first
    return max(DELIMITERS, key=lambda each: _regular(each, lines))


def table_in(rows: Rows, name: str) -> tuple[Rows, tuple[str, ...]]:
    """The rows of the table itself, header first, and a sentence for what was set aside. name: of the file."""
    above = next((at for at, (_, row) in enumerate(rows) if _filled(row) > 1), 0)
    width = len(rows[above][1]) if rows else 0
    end = len(rows)
    while width > 1 and end > above + 2 and _is_note(rows[end - 1][1], width):
        end -= 1
    said = []
    if above:
        said.append(f"{name}: {_lines(rows[:above])} above the header {_are(above)} read as a title.")
    if end < len(rows):
        said.append(
            f"{name}: {_lines(rows[end:])} under the table {_are(len(rows) - end)} read as "
            f"{'a note' if len(rows) - end == 1 else 'notes'}."
        )
    return rows[above:end], tuple(said)


def _is_note(row: Sequence[str], width: int) -> bool:
    cells = [each.strip() for each in row]
    if not cells[0] or any(each[:1].isdigit() for each in cells[1:]):
        return False
    if _filled(row) > 1:
        return bool(_NOTE.fullmatch(cells[0])) and any(len(each) > 1 for each in cells[1:])
    return len(row) < width or len(cells[0]) > _LONG or bool(_NOTE.fullmatch(cells[0]))


def _filled(row: Sequence[str]) -> int:
    return sum(bool(each.strip()) for each in row)


def _plain(line: str) -> str:
    """A line without what stands in quotes."""
    return "".join(part for at, part in enumerate(line.split('"')) if at % 2 == 0)


def _regular(sign: str, lines: Sequence[str]) -> tuple[int, int]:
    """In how many lines a sign stands equally often, and how often."""
    many = Counter(line.count(sign) for line in lines if sign in line)
    return max(((times, each) for each, times in many.items()), default=(0, 0))


def _lines(rows: Rows) -> str:
    named = ", ".join(str(line) for line, _ in rows[:_LINES_NAMED])
    more = f" and {len(rows) - _LINES_NAMED} more" if len(rows) > _LINES_NAMED else ""
    return f"{'line' if len(rows) == 1 else 'lines'} {named}{more}"


def _are(many: int) -> str:
    return "is" if many == 1 else "are"
