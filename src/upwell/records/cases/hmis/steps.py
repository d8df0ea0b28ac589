"""The column of time: when a person's index episode lies, in steps as fine as the number of entries bears."""

from __future__ import annotations

from datetime import date

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from upwell.records.cases.table import Column, Value

PERIOD = "period"
WIDTHS = (1, 3, 6, 12, 24, 60, 120)
MOST_STEPS = 64
PERSONS_A_STEP = 100
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def period_column(engine: DuckDBPyConnection, period: tuple[date, date]) -> tuple[Column, ...]:
    """The column `period`, its finest steps: months, quarters or half-years; () when the period is a single step.

    Chosen by denominators only: the finest of the widths with at most 64 steps and on average 100 persons who entered
    a step, at worst half-years. A value's key is the step's first month ("2024-03").
    """
    months = _months(period)
    entered = engine.execute(
        "SELECT count(DISTINCT person) FROM episode WHERE entry BETWEEN $since AND $until",
        {"since": period[0], "until": period[1]},
    ).fetchall()[0][0]
    width = next(
        width
        for width in WIDTHS
        if -(-months // width) <= MOST_STEPS and (width >= 6 or entered * width >= PERSONS_A_STEP * months)
    )
    if months <= width:
        return ()
    values = tuple(_step(period[0], first, min(first + width, months) - 1) for first in range(0, months, width))
    return (Column(PERIOD, "time", "ordinal", values, composition=False, tabled=False),)


def period_codes(column: Column, month: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Codes of `column` for months counted from the period's first; uint8, the same shape."""
    first, second = (_month_number(value.key) for value in column.values[:2])
    return np.clip(month // (second - first), 0, len(column.values) - 1).astype(np.uint8)


def _months(period: tuple[date, date]) -> int:
    since, until = period
    return (until.year - since.year) * 12 + until.month - since.month + 1


def _step(start: date, first: int, last: int) -> Value:
    at, end = start.year * 12 + start.month - 1 + first, start.year * 12 + start.month - 1 + last
    words = _words(at) if at == end else f"{_words(at)} to {_words(end)}"
    return Value(f"{at // 12:04d}-{at % 12 + 1:02d}", words)


def _words(number: int) -> str:
    return f"{MONTHS[number % 12]} {number // 12}"


def _month_number(key: str) -> int:
    year, _, month = key.partition("-")
    return int(year) * 12 + int(month)
