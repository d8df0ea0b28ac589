"""Columns that are no attributes: answers, expectations, keys and months, each read or refused in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.library.given import Array, coded

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

YES, NO = ("yes", "true", "1", "y", "t"), ("no", "false", "0", "n", "f")
NEAR = 1e-6
"""An expectation of exactly 0 or 1 is moved in by so much: one contrary answer would otherwise be infinitely odd."""
MOST_MONTHS = 2_400
YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Months:
    """number: int64, shape (rows,), -1 unknown. start: what number 0 is; dated: in months since January 1970."""

    number: Numbers
    start: int
    dated: bool


def yes_of(values: Array) -> tuple[Bools, Bools]:
    """The answers, and which rows have one; both bool, shape (rows,)."""
    if values.dtype == np.bool_ and not isinstance(values, np.ma.MaskedArray):
        return values, np.ones(len(values), dtype=np.bool_)
    codes, words = coded(values)
    folded = [each.casefold() for each in words]
    if any(each not in YES + NO for each in folded):
        raise EvidenceError(
            "The answers hold something other than yes and no (True and False, 1 and 0). Give one row a person and a "
            "yes or no, not counts, amounts or words; compare first, e.g. frame['outcome'] == 'returned'."
        )
    said = np.append(np.array([each in YES for each in folded], dtype=np.bool_), False)
    return said[codes], codes >= 0


def expected_of(values: Array) -> Floats:
    """Shares expected, strictly inside 0..1. Raises EvidenceError for anything that is no share."""
    try:
        masked = isinstance(values, np.ma.MaskedArray)
        shares = np.ma.filled(values.astype(np.float64), np.nan) if masked else np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as told:
        raise EvidenceError("The expectation holds something that is no number. Give a share from 0 to 1.") from told
    _refuse(np.isnan(shares), "is missing (or not a number)")
    _refuse(shares < 0, "is below 0")
    _refuse(shares > 1, "is above 1")
    return shares_within(shares)


def shares_within(shares: Floats | NDArray[np.float32]) -> Floats:
    """Shares strictly inside 0..1."""
    within: Floats = np.clip(shares.astype(np.float64, copy=False), NEAR, 1 - NEAR)
    return within


def _refuse(wrong: Bools, what: str) -> None:
    if wrong.any():
        raise EvidenceError(
            f"What was expected {what} in some rows, first in row {int(wrong.argmax()) + 1:,}. It is the share, "
            "from 0 to 1, with which a yes was expected of each person: correct or leave out these rows."
        )


def keys_of(values: Array) -> Numbers:
    """A number for each different value, -1 for none; int64, shape (rows,)."""
    if values.dtype.kind in "iub" and not isinstance(values, np.ma.MaskedArray):
        return np.unique(values, return_inverse=True)[1].astype(np.int64)
    return coded(values)[0]


def months_of(values: Array) -> Months:
    """Months of rows. values: dates, "2025-03" (also with a day), 202503, or plain numbers of months."""
    codes, words = coded(values)
    if not words:
        return Months(np.full(len(codes), -1, dtype=np.int64), 0, False)
    number, dated = _plain_months(words)
    start = int(number.min())
    if int(number.max()) - start > MOST_MONTHS:
        raise EvidenceError("The months span more than 200 years: leave out the rows whose date cannot be.")
    return Months(np.append(number - start, -1)[codes], start, dated)


def _plain_months(words: tuple[str, ...]) -> tuple[Numbers, bool]:
    if all(each.lstrip("-").isdigit() and len(each) < 7 for each in words):
        whole = np.array([int(each) for each in words], dtype=np.int64)
        years, months = np.divmod(whole, 100)
        if np.isin(years, YEARS).all() and ((months >= 1) & (months <= 12)).all():
            return (years - 1970) * 12 + months - 1, True
        return whole, False
    try:
        return np.array([each[:7] for each in words], dtype="datetime64[M]").astype(np.int64), True
    except ValueError as told:
        raise EvidenceError("A month is a date, '2025-03', 202503 or a plain number of months.") from told
