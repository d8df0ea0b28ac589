"""Time steps for series: as fine as the denominators bear, and never chosen by looking at who said yes.

The column named `period` holds the finest steps, each value's key the first month ("2024-03"). Steps are runs of its
values, so that a month, its quarter and its half-year are one system of sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.question import Where
from upwell.records.cases.table import Column

PERIOD = "period"
FEWEST_POINTS = 6
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NAMES = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}


@dataclass(frozen=True)
class Step:
    """One point of a series: which values of the period column, its words, and its first month in the period.

    The first and the last step also hold the values before and behind, in which nobody was asked: so the steps are
    everybody in the sums of the gate, as they are for a reader.
    """

    where: Where
    label: str
    month: int


@dataclass(frozen=True)
class Steps:
    """A way to cut time. name: month, quarter, half-year, year or two periods."""

    name: str
    steps: tuple[Step, ...]


def choices(column: Column, codes: NDArray[np.uint8], start: date, *, fewest: int) -> tuple[Steps, ...]:
    """Ways to cut time, finest first, each step with at least `fewest` persons asked; at worst two periods, or none.

    codes: the period column of those asked, shape (persons,). start: first day of the CaseTable's period.
    """
    dated = [i for i, value in enumerate(column.values) if value.known and _is_month(value.key)]
    persons = np.bincount(codes, minlength=len(column.values))
    asked = [i for i in dated if persons[: i + 1].sum() and persons[i:].sum()]
    if len(asked) < 2:
        return ()
    first_months = [_months_after(start, column.values[i].key) for i in asked]
    width = min(np.diff(first_months), default=1)
    found = []
    for run in (1, 2, 3, 4, 6, 12):
        name = NAMES.get(int(width) * run)
        runs = [asked[at : at + run] for at in range(0, len(asked), run)]
        if name and len(runs) >= FEWEST_POINTS and _bears(runs, persons, fewest):
            found.append(_everybody(_steps(name, runs, column, start, int(width)), column))
    half = _middle(persons[asked])
    halves = [asked[:half], asked[half:]]
    if _bears(halves, persons, fewest):
        found.append(_everybody(_steps("two periods", halves, column, start, int(width)), column))
    return tuple(found)


def words(month: int, start: date) -> str:
    """A month of the period in words: month 0 of 2021-10-01 is "Oct 2021"."""
    at = start.year * 12 + start.month - 1 + month
    return f"{MONTHS[at % 12]} {at // 12}"


def span(column: Column, values: Sequence[int], start: date) -> tuple[str, str]:
    """First and last month, in words, of a run of values of the period column."""
    dated = [_months_after(start, value.key) for value in column.values if value.known and _is_month(value.key)]
    width = int(min(np.diff(dated), default=1))
    first, last = (_months_after(start, column.values[at].key) for at in (values[0], values[-1]))
    return words(first, start), words(last + width - 1, start)


def _bears(runs: Sequence[Sequence[int]], persons: NDArray[np.int64], fewest: int) -> bool:
    return all(persons[list(run)].sum() >= fewest for run in runs)


def _middle(persons: NDArray[np.int64]) -> int:
    """Where to part a run of steps so that about as many were asked before as after."""
    before = np.cumsum(persons)[:-1]
    return int(np.abs(2 * before - persons.sum()).argmin()) + 1


def _steps(name: str, runs: Sequence[Sequence[int]], column: Column, start: date, width: int) -> Steps:
    made = []
    for run in runs:
        first = _months_after(start, column.values[run[0]].key)
        last = _months_after(start, column.values[run[-1]].key) + width - 1
        label = words(first, start) if first == last else f"{words(first, start)} to {words(last, start)}"
        made.append(Step(((PERIOD, tuple(run)),), label, first))
    return Steps(name, tuple(made))


def _everybody(steps: Steps, column: Column) -> Steps:
    """The same steps, the first one from the column's first value on and the last one to its last."""
    values = [list(dict(step.where)[PERIOD]) for step in steps.steps]
    dated = [at for at, value in enumerate(column.values) if value.known and _is_month(value.key)]
    values[0] = [*(at for at in dated if at < values[0][0]), *values[0]]
    values[-1] = [*values[-1], *(at for at in dated if at > values[-1][-1])]
    widened = (replace(step, where=((PERIOD, tuple(each)),)) for step, each in zip(steps.steps, values, strict=True))
    return Steps(steps.name, tuple(widened))


def _is_month(key: str) -> bool:
    year, _, month = key.partition("-")
    return year.isdigit() and month.isdigit()


def _months_after(start: date, key: str) -> int:
    year, _, month = key.partition("-")
    return (int(year) - start.year) * 12 + int(month) - start.month
