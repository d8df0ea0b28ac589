"""The order of values, by what they say and not by where they stand: under 5, 5 to 17, 18 to 24 ... unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable

LAST = ("other", "unknown", "not", "data not", "missing", "refused", "declined", "doesn't", "does not", "n/a", "none")
_UNDER = re.compile(r"(?:under|less than|below|up to|<)\s*", re.IGNORECASE)
_OVER = re.compile(r"(?:over|more than|above|>)\s*", re.IGNORECASE)
_PARTS = re.compile(r"(\d+)")

Key = tuple[bool, str, float, tuple[tuple[int, str], ...], str]


def ordered(values: Iterable[str]) -> tuple[str, ...]:
    """Different values in reading order; the order they come in changes nothing."""
    return tuple(sorted(set(values), key=_key))


def _key(value: str) -> Key:
    text = value.casefold()
    last = text.startswith(LAST)
    for pattern, shift in ((_UNDER, -0.5), (_OVER, 0.5)):
        matched = pattern.match(text)
        number = _PARTS.match(text, matched.end()) if matched else None
        if number:
            return last, "", int(number[1]) + shift, (), value
    before, number_text, rest = ([*_PARTS.split(text, maxsplit=1), "", ""])[:3]
    parts = tuple((int(part), "") if part.isdecimal() else (-1, part) for part in _PARTS.split(rest))
    return last, before, float(number_text) if number_text.isdecimal() else -1.0, parts, value
