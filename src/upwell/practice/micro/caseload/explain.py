"""Why rows were set aside, in words with file and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from upwell.records.cases.rules import RULES


@dataclass(frozen=True)
class Explained:
    """One rule in one file. lines: the first few, "" for the file as a whole. more: whether there are others."""

    file: str
    reason: str
    rows: int
    lines: str
    more: bool


def explained(set_aside: Sequence[dict[str, Any]]) -> list[Explained]:  # Any: JSON of records' SetAside
    """Each with its reason as the reader gives it."""
    found = []
    for each in set_aside:
        lines = [line for line in each["lines"] if line]
        reason = RULES[each["rule"]].reason if each["rule"] in RULES else each["rule"]
        more = bool(lines) and each["rows"] > len(lines)
        found.append(Explained(each["file"], reason, each["rows"], ", ".join(map(str, lines)), more))
    return found
