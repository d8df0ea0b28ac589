"""Marks: what stands in a published table where a count was withheld, and what the mark itself promises of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

BARE = frozenset(
    ["*", "**", "***", "s", "(s)", "x", "(x)", "..", "...", "-", "--", "–", "—", "d", "(d)", "c", "q", "#", "^", "†",
     "n/a", "na", "ns", "np", "dns", "nr", "suppressed", "withheld", "masked", "redacted", "hidden", "not shown",
     "not reported", "confidential", "suprimido", "suprimida", "reservado", "confidencial", "n/d", "nd", ""]
)  # fmt: skip
"""Marks that promise nothing, in small letters. "" is a blank cell."""

DASHES = frozenset(["-", "--", "–", "—"])
"""Marks that some publishers print for nobody, and some for "withheld"."""

_LESS = re.compile(r"(?:<|fewer than|less than|under|menos de|menor de|menor que)\s*(\d+)", re.IGNORECASE)
_AT_MOST = re.compile(
    r"(?:<=|≤|at most|up to|hasta)\s*(\d+)|(\d+) (?:or|and) (?:fewer|less|under)|(\d+) o menos", re.IGNORECASE
)
_RANGE = re.compile(r"\(?(\d+)\s*(?:-|–|to|through|a)\s*(\d+)\)?", re.IGNORECASE)
_WORDS = re.compile(r"(?:withheld|suppressed|masked|redacted|suprimid[oa])\b.*", re.IGNORECASE | re.DOTALL)
_SEPARATORS = re.compile(r"[,' \u00a0\u202f]")
_NUMBER = re.compile(r"(\d{1,3}(?:[,' \u00a0\u202f]\d{3})+|\d+)(?:\.0+)?")
_DOTTED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
"""A count with points between its thousands, as in Spanish and German: a count is whole, so it can be nothing else."""
_FOOTNOTE = re.compile(r"\s*(?:[*†‡§¶¹²³⁴⁵]+|\(?[a-e]\)|(?<=\d)[a-e]|\[\w{1,2}\])$", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+)(?:\.(\d+))?\s*%?")


@dataclass(frozen=True)
class Printed:
    """What one cell says. persons: the count, -1 where withheld. least, most: what the mark promises, most -1: nothing.

    mark: the mark as printed, "" for a count. zero_open: the mark leaves open whether nobody is among what it hides.
    """

    persons: int
    least: int = 0
    most: int = -1
    mark: str = ""
    zero_open: bool = False


def printed(text: str, hidden: Sequence[str] = ()) -> Printed | None:
    """What a cell of a count column says; None when it is neither a count nor a mark. hidden: further marks."""
    text = text.strip()
    if text in hidden:
        return Printed(-1, mark=text)
    number = _count(text)
    if number is not None:
        return Printed(number)
    if found := _LESS.fullmatch(text):
        return Printed(-1, 0, int(found[1]) - 1, text, zero_open=True)
    if found := _AT_MOST.fullmatch(text):
        return Printed(-1, 0, int(found[1] or found[2] or found[3]), text, zero_open=True)
    if (found := _RANGE.fullmatch(text)) and int(found[1]) < int(found[2]):
        return Printed(-1, int(found[1]), int(found[2]), text)
    if text.casefold() in BARE or _WORDS.fullmatch(text):
        return Printed(-1, mark=text)
    return None


def _count(text: str) -> int | None:
    for each in (text, _FOOTNOTE.sub("", text)):
        if _DOTTED.fullmatch(each):
            return int(each.replace(".", ""))
        if found := _NUMBER.fullmatch(each):
            return int(_SEPARATORS.sub("", found[1]))
    return None


def percent(text: str) -> tuple[int, int] | None:
    """A percentage as (its digits as a whole number, decimals): "12.5" is (125, 1). None when it is none."""
    found = _PERCENT.fullmatch(_FOOTNOTE.sub("", text.strip()))
    if not found:
        return None
    decimals = found[2] or ""
    return int(found[1] + decimals), len(decimals)
