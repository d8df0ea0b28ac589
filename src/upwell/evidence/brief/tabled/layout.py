"""How the table was laid out that a release was made from, so that the protected one can look the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from upwell.evidence.disclosure.release import Row

MORE = -1
"""Upper end of the last class: so many or more."""


@dataclass(frozen=True)
class Printed:
    """columns: in the order of the file. count: heading of what is added up. yes: heading of those who said yes, or "".

    total: the word that marks totals. decimals: of a percentage, None for none. classes: breaks of a map.
    """

    columns: tuple[str, ...]
    count: str
    yes: str = ""
    total: str = "Total"
    decimals: int | None = None
    classes: tuple[int, ...] = ()


def percent(row: Row, decimals: int) -> str:
    """The share of yes in a row as printed, "" where it may not be told or there is nobody. Halves are rounded up."""
    if row.yes is None or row.persons is None:
        return row.percent
    if not row.persons:
        return ""
    share = Decimal(100 * row.yes) / Decimal(row.persons)
    return str(share.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def class_of(row: Row, classes: tuple[int, ...]) -> tuple[int, int] | None:
    """The class that a row lies in, [from, to); None where it may not be told."""
    if row.persons is None:
        return row.between
    ends = (*classes[1:], MORE)
    return next((low, high) for low, high in zip(classes, ends, strict=True) if row.persons < high or high == MORE)


def class_words(between: tuple[int, int]) -> str:
    """A class as a reader knows it: "11-49", "100+"."""
    low, high = between
    if high == MORE:
        return f"{low}+"
    return str(low) if high - low == 1 else f"{low}-{high - 1}"
