"""What is known of people who are counted, as columns of small codes (see records.cases.table.Column). No database."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.table import Column, Kind, Value

MOST_VALUES = 64
PERSONS_A_STEP = 100
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AGES = (
    (18, "under-18", "under 18"),
    (25, "18-24", "aged 18 to 24"),
    (35, "25-34", "aged 25 to 34"),
    (45, "35-44", "aged 35 to 44"),
    (55, "45-54", "aged 45 to 54"),
    (65, "55-64", "aged 55 to 64"),
    (131, "65-up", "aged 65 or over"),
)


@dataclass(frozen=True)
class Coded:
    """A column and each person's code. codes: uint8, shape (persons,)."""

    column: Column
    codes: NDArray[np.uint8]

    @property
    def tells(self) -> bool:
        """Whether at least two known values occur: judged by who is counted, never by what happened to them."""
        there = set(np.unique(self.codes).tolist())
        return sum(at in there for at, value in enumerate(self.column.values) if value.known) > 1


@dataclass(frozen=True)
class Named:
    """A column whose values the records name themselves."""

    name: str
    words: str
    unknown: str
    other: str
    kind: Kind = "nominal"
    service: bool = False
    programme: bool = False
    phrase: str = "{}"


PLACE = Named("place", "town", "town not known", "other towns", kind="place", service=True, phrase="in {}")
PROGRAMME = Named(
    "programme", "programme", "programme not named", "other programmes", service=True, programme=True, phrase="in {}"
)
LANGUAGE = Named("language", "language", "language not known", "other languages", phrase="who speak {}")


def named(rule: Named, held: Sequence[Hashable | None], words: Mapping[Hashable, str]) -> Coded:
    """Codes by how many people have a value, then by its words; what comes after 62 values is one called "other".

    held: each person's value, None unknown. words: value -> what a reader sees; a value without words is unknown.
    """
    persons = Counter(each for each in held if each is not None and each in words)
    order = sorted(persons, key=lambda each: (-persons[each], words[each], str(each)))
    shown = order if len(order) < MOST_VALUES else order[: MOST_VALUES - 2]
    folded = len(order) > len(shown)
    place = {each: at for at, each in enumerate(shown)}
    place |= dict.fromkeys(order[len(shown) :], len(shown))
    unknown = len(shown) + folded
    values = [Value(_key(each), words[each]) for each in shown]
    values += [Value("other", rule.other)] if folded else []
    column = Column(
        name=rule.name,
        words=rule.words,
        kind=rule.kind,
        values=(*values, Value("unknown", rule.unknown, known=False)),
        composition=not rule.service,
        programme=rule.programme,
        service=rule.service,
        phrase=rule.phrase,
    )
    return Coded(column, np.fromiter((place.get(each, unknown) for each in held), np.uint8, len(held)))


def ages(birth_dates: Sequence[str], on: Sequence[date]) -> Coded:
    """Age bands at the index date. birth_dates: ISO text; what is no date, or lies after it, is unknown."""
    bands = (*(Value(key, words) for _, key, words in AGES), Value("unknown", "age not known", known=False))
    codes = np.fromiter((_band(*each) for each in zip(birth_dates, on, strict=True)), np.uint8, len(on))
    return Coded(Column("age", "age", "ordinal", bands), codes)


def months(start: date, until: date, month: NDArray[np.int16]) -> Coded:
    """Time, in months where there are people enough to tell months apart, else in quarters.

    month: each person's index month, from the period's first. Chosen by how many people there are, and nothing else.
    """
    count = months_between(start, until) + 1
    width = 1 if len(month) >= PERSONS_A_STEP * count else 3
    first = start.year * 12 + start.month - 1
    values = tuple(_step(first + at, min(at + width, count) - at) for at in range(0, count, width))
    column = Column("period", "time", "ordinal", values, composition=False, tabled=False)
    return Coded(column, (month // width).astype(np.uint8))


def months_between(start: date, on: date) -> int:
    """Whole calendar months from one day's month to another's."""
    return (on.year - start.year) * 12 + on.month - start.month


def _step(first: int, width: int) -> Value:
    words = f"{MONTHS[first % 12]} {first // 12}"
    last = first + width - 1
    words = words if width == 1 else f"{words} to {MONTHS[last % 12]} {last // 12}"
    return Value(f"{first // 12:04d}-{first % 12 + 1:02d}", words)


def _band(birth_date: str, on: date) -> int:
    try:
        born = date.fromisoformat(birth_date)
    except ValueError:
        return len(AGES)
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next((at for at, (below, _, _) in enumerate(AGES) if 0 <= years < below), len(AGES))


def _key(held: Hashable) -> str:
    """A key that stays the same over releases and can stand in a cell's name: letters and digits alone."""
    text = str(held)
    return (
        text
        if text.isalnum() and text.isascii() and len(text) <= 12
        else hashlib.sha256(text.encode()).hexdigest()[:10]
    )
