"""Ages in whole years between day numbers, exact by the calendar."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.lines import FIRST_DAY

Numbers = NDArray[np.int32]


@cache
def _calendar() -> Numbers:
    """yyyymmdd of every day number from 1900 on; int32, shape (80000,)."""
    days = np.datetime64(FIRST_DAY) + np.arange(80_000)
    months = days.astype("datetime64[M]")
    month_number = months.astype(np.int64) + 1970 * 12
    day_of_month = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(month_number // 12 * 10_000 + (month_number % 12 + 1) * 100 + day_of_month, np.int32)


def ages_on(day: Numbers, birth: Numbers) -> Numbers:
    """Completed years of age on each day; birthdays count from the day itself."""
    calendar = _calendar()
    ages: Numbers = (calendar[day] - calendar[birth]) // 10_000
    return ages


def months_later(day: Numbers | np.int32, months: int) -> Numbers:
    """A number that orders dates: the day, so many months later, as months * 31 + day of the month."""
    ymd = _calendar()[day]
    return np.asarray((ymd // 10_000 * 12 + ymd // 100 % 100 + months) * 31 + ymd % 100, np.int32)


def middle_of_year(day: Numbers) -> Numbers:
    """1 July of the year that each day lies in."""
    year = (np.datetime64(FIRST_DAY) + day).astype("datetime64[Y]")
    july = year.astype("datetime64[M]") + np.timedelta64(6, "M")
    return np.asarray((july.astype("datetime64[D]") - np.datetime64(FIRST_DAY)).astype(np.int64), np.int32)
