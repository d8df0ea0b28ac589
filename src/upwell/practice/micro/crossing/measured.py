"""Who is measured: the people of the groups compared, each in one of the two times."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import numpy as np

from upwell.practice.accounts.models import Agency
from upwell.practice.bridge.models import MeasureRequest
from upwell.practice.micro.crossing.table import People, coded_columns, people_of
from upwell.records.cases.table import Column, Value

Days = tuple[date, date]

TOO_FEW = "We cannot tell: too few people have agreed to be counted in these times and groups."
"""Said alike of nobody, of few, and of a few more or fewer than were told before: which it is would tell of them."""


class CannotTellError(Exception):
    """Why a measure cannot be computed, as a sentence without a count."""


def windows(request: MeasureRequest) -> tuple[Days, Days]:
    """The two times, equally long: the last days before, the first days after."""
    days = min(request.before_to - request.before_from, request.after_to - request.after_from)
    return (request.before_to - days, request.before_to), (request.after_from, request.after_from + days)


def cells_of(request: MeasureRequest, agency: Agency, times: tuple[Days, Days], today: date) -> dict[UUID, int]:
    """Person -> row of the one table; only people of the groups compared."""
    found: dict[UUID, set[int]] = {}
    for when, days in enumerate(times):
        people = people_of(agency, days, today)
        groups = _groups(request, people, days[0])
        for person, at in people.number.items():
            if groups[at] >= 0:
                found.setdefault(person, set()).add(when + 2 * int(groups[at]))
    return {person: _drawn(request, person, sorted(rows)) for person, rows in found.items()}


def _drawn(request: MeasureRequest, person: UUID, rows: Sequence[int]) -> int:
    """One of a person's rows, by a digest that knows nothing of the answer."""
    return rows[hashlib.sha256(request.pk.bytes + person.bytes).digest()[0] % len(rows)]


def _groups(request: MeasureRequest, people: People, start: date) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """0 in the group, 1 in the one it is compared with, -1 in neither; int8, shape (persons,)."""
    if not request.column:
        return np.zeros(len(people.index), np.int8)
    coded = next((each for each in coded_columns(people, start) if is_column(each.column, request.column)), None)
    if coded is None:
        raise CannotTellError(TOO_FEW)
    groups = np.full(len(people.index), -1, np.int8)
    for number, called in enumerate((request.group, request.reference)):
        for at, value in enumerate(coded.column.values):
            if is_called(value, called):
                groups[coded.codes == at] = number
    if not (groups == 0).any() or (request.reference and not (groups == 1).any()):
        raise CannotTellError(TOO_FEW)
    return groups


def is_column(column: Column, called: str) -> bool:
    """Whether a measure means this column: by its name or its words."""
    return called in (column.name, column.words)


def is_called(value: Value, called: str) -> bool:
    """Whether a measure means this value of a column: by its words or its key."""
    return bool(called) and value.known and called.casefold() in (value.words.casefold(), value.key)
