"""The period that counts are of, as people write it: 2025, 2025-Q3, 2025-07 or 2025-01-01..2025-12-31."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from upwell.cli.errors import DoorError

_YEAR = re.compile(r"(\d{4})")
_HALF = re.compile(r"(\d{4})-?[Hh]([12])")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Days = tuple[date, date]


def period(text: str) -> Days:
    """First and last day. Raises DoorError for anything else, and for an end before its beginning."""
    first, between, last = text.partition("..")
    try:
        begins, ends = _days(first.strip())[0], _days((last if between else first).strip())[1]
    except ValueError:
        raise DoorError(
            f"{text!r} is no period. Write --period 2025, 2025-Q3, 2025-07 or 2025-01-01..2025-12-31."
        ) from None
    if ends < begins:
        raise DoorError(f"The period {text!r} ends before it begins.")
    return begins, ends


def _days(text: str) -> Days:
    if _DAY.fullmatch(text):
        day = date.fromisoformat(text)
        return day, day
    for pattern, months in ((_YEAR, 12), (_HALF, 6), (_QUARTER, 3), (_MONTH, 1)):
        matched = pattern.fullmatch(text)
        if matched:
            return _months(int(matched[1]), (int(matched[2]) if matched.lastindex == 2 else 1) - 1, months)
    raise ValueError(text)


def _months(year: int, which: int, months: int) -> Days:
    last = which * months + months
    begins = date(year, which * months + 1, 1)
    return begins, date(year, last, monthrange(year, last)[1])
