"""What could fool a search: columns that say the answer, codes given at random, changed code lists, late records.

A caution is for the case team: it can follow from few people, so it never leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import log, log1p, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.question import Where
from upwell.records.cases.evenness import is_even
from upwell.records.cases.table import Asked, Column

Floats = NDArray[np.float64]

Trap = Literal["says the answer", "spread evenly", "came into use", "went out of use", "still being entered"]

SAYS_THE_ANSWER = 0.6  # share of what there is to know of an answer
FEWEST_OF_A_VALUE = 20
SURELY = log(1e-6)  # chance that a value in steady use shows up nowhere in the months before, or after
FEWEST_A_MONTH = 20
USUAL_MONTHS, FEWEST_MONTHS = 12, 6
FAR_BELOW = 4.0  # robust standard deviations


@dataclass(frozen=True)
class Caution:
    """One reason to doubt. column: its name, "" for the time of the records. values: codes concerned, () all of it.

    month: of the period, where it began or ended; None where time has no part in it.
    """

    trap: Trap
    column: str
    values: tuple[int, ...] = ()
    month: int | None = None

    def bears_on(self, place: Where) -> bool:
        """Whether a sub-population described so rests on what is doubted."""
        told = dict(place)
        return self.column in told and (not self.values or bool(set(self.values) & set(told[self.column])))


def cautions(asked: Asked, columns: Sequence[Column]) -> tuple[Caution, ...]:
    """All that can be seen in the answers to one question, by column in the given order, time last."""
    found: list[Caution] = []
    for column in columns:
        if column.name in asked.codes:
            found += _of_column(asked, column, asked.codes[column.name])
    return (*found, *_still_entered(asked.month))


def trusted(columns: Sequence[Column], found: Sequence[Caution]) -> tuple[Column, ...]:
    """The columns without those that say the answer: a search among them would find the question itself."""
    telling = {each.column for each in found if each.trap == "says the answer"}
    return tuple(column for column in columns if column.name not in telling)


def _of_column(asked: Asked, column: Column, codes: NDArray[np.uint8]) -> Iterator[Caution]:
    known = np.flatnonzero([value.known for value in column.values])
    if column.service:  # a programme may well stand for an answer, be even, be opened and be closed
        return
    if told_by(codes, asked.yes, len(column.values)) > SAYS_THE_ANSWER:
        yield Caution("says the answer", column.name)
    if column.kind != "nominal":
        return
    if not column.warning and is_even(np.bincount(codes, minlength=256)[known]):
        yield Caution("spread evenly", column.name)
    yield from _changed(column.name, codes, asked.month, known)


def told_by(codes: NDArray[np.uint8], yes: NDArray[np.bool_], values: int) -> float:
    """Share 0..1 of the uncertainty about an answer that a column takes away (Theil's U, chance taken off)."""
    persons = np.bincount(codes, minlength=values).astype(np.float64)
    events = np.bincount(codes[yes], minlength=values).astype(np.float64)
    whole = _entropy(np.array([events.sum()]), np.array([persons.sum()]))
    if whole <= 0:
        return 0.0
    used = persons > 0
    by_chance = (float(used.sum()) - 1) / 2
    return max(0.0, 1 - (_entropy(events[used], persons[used]) + by_chance) / whole)


def _entropy(events: Floats, persons: Floats) -> float:
    """Nats of the answers of some groups, all persons together."""
    total = 0.0
    for part in (events, persons - events):
        some = part > 0
        total -= float((part[some] * np.log(part[some] / persons[some])).sum())
    return total


def _changed(
    name: str, codes: NDArray[np.uint8], month: NDArray[np.int16], known: NDArray[np.int64]
) -> Iterator[Caution]:
    """Values that nobody had before some month, or after one, though many have them in between."""
    if not len(month):
        return
    begins, ends = int(month.min()), int(month.max())
    for value in known.tolist():
        used = month[codes == value]
        if len(used) < FEWEST_OF_A_VALUE:
            continue
        first, last = int(used.min()), int(used.max())
        within = int(((month >= first) & (month <= last)).sum())
        if first > begins and _surely_new(len(used), within, int((month < first).sum())):
            yield Caution("came into use", name, (value,), first)
        if last < ends and _surely_new(len(used), within, int((month > last).sum())):
            yield Caution("went out of use", name, (value,), last)


def _surely_new(used: int, within: int, outside: int) -> bool:
    share = min(used / within, 1 - 1e-9)
    return outside * log1p(-share) < SURELY


def _still_entered(month: NDArray[np.int16]) -> Iterator[Caution]:
    """The last months, where they hold far fewer people than the year before them: their records may still come in."""
    if not len(month):
        return
    persons = np.bincount(month.astype(np.int64) - int(month.min()))
    short = 0
    while short < len(persons) and _far_below(persons, len(persons) - 1 - short):
        short += 1
    if short:
        yield Caution("still being entered", "", (), int(month.max()) - short + 1)


def _far_below(persons: NDArray[np.int64], at: int) -> bool:
    usual = persons[max(0, at - USUAL_MONTHS) : at]
    if len(usual) < FEWEST_MONTHS:
        return False
    middle = float(np.median(usual))
    spread = max(sqrt(middle), 1.4826 * float(np.median(np.abs(usual - middle))))
    return middle >= FEWEST_A_MONTH and persons[at] < middle - FAR_BELOW * spread


_WORDS: dict[Trap, str] = {
    "says the answer": "“{column}” says nearly the same as the answer itself, so it was left out of the search.",
    "spread evenly": "“{column}” is spread as evenly as random codes are: what rests on it may mean nothing.",
    "came into use": "“{value}” of “{column}” came into use in {month}: before, such people were recorded otherwise.",
    "went out of use": "“{value}” of “{column}” was last used in {month}: since then they are recorded otherwise.",
    "still being entered": "From {month} on far fewer people are recorded than in the year before: "
    "their records may still be coming in, so whether anything goes on cannot be told yet.",
}


def sentence(caution: Caution, columns: Sequence[Column], month_words: Callable[[int], str]) -> str:
    """A caution for the case team, without a number of people. month_words: how a month of the period is said."""
    column = next((each for each in columns if each.name == caution.column), None)
    return _WORDS[caution.trap].format(
        column="" if column is None else column.words,
        value="" if column is None or not caution.values else column.values[caution.values[0]].words,
        month="" if caution.month is None else month_words(caution.month),
    )
