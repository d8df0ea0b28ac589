"""Which stays have which records, and on which days: the rows of the repeated files before they are written."""

from __future__ import annotations

import numpy as np

from upwell.records.cases.synthetic.chances import Flags, Numbers, Table
from upwell.records.cases.synthetic.means import MOST_ANNIVERSARIES, YEAR
from upwell.records.cases.synthetic.people import HEAD

_NIGHTS = 5  # most bed nights written a stay: enough to be read, few enough to keep a county small
_DISABILITIES = (9, 10, 5, 7, 6, 8)  # HUD 1.3
_DISABILITY_SHARES = (0.36, 0.22, 0.18, 0.17, 0.05, 0.02)


def rows_where(flags: Flags) -> Numbers:
    """Row numbers of stays."""
    return np.flatnonzero(flags).astype(np.int32)


def money_records(stays: Table, last_day: int) -> Table:
    """Income and benefits: at entry, at each anniversary inside the stay, at exit; ordered by stay and day."""
    asked = (stays["income_said"] >= 0) & (stays["type"] != 14)
    end = np.where(stays["exit"] >= 0, stays["exit"], last_day)
    parts = [(rows_where(asked), stays["entry"], 1)]
    for year in range(1, MOST_ANNIVERSARIES + 1):
        anniversary = stays["entry"] + year * YEAR
        parts.append((rows_where(asked & (anniversary < end)), anniversary, 5))
    parts.append((rows_where(asked & (stays["exit"] >= 0)), stays["exit"], 3))
    return _in_order([(stay, days[stay], np.full(len(stay), stage, np.int32)) for stay, days, stage in parts])


def work_records(stays: Table) -> Table:
    """Employment: at entry and at exit."""
    asked = stays["employed_entry"] >= 0
    entered, left = rows_where(asked), rows_where(asked & (stays["exit"] >= 0))
    ones, threes = np.full(len(entered), 1, np.int32), np.full(len(left), 3, np.int32)
    return _in_order([(entered, stays["entry"][entered], ones), (left, stays["exit"][left], threes)])


def _in_order(parts: list[tuple[Numbers, Numbers, Numbers]]) -> Table:
    stay, day, stage = (np.concatenate([part[place] for part in parts]).astype(np.int32) for place in range(3))
    order = np.argsort(stay, kind="stable")
    return {"stay": stay[order], "day": day[order], "stage": stage[order]}


def disability_records(stays: Table, rng: np.random.Generator) -> Table:
    """One or two kinds for each stay of somebody with a disabling condition; HUD 4.10.2 for substance use."""
    stay = rows_where((stays["disabling"] == 1) & (stays["type"] != 14))
    first = rng.choice(len(_DISABILITIES), len(stay), p=_DISABILITY_SHARES)
    second = (first + rng.integers(1, len(_DISABILITIES), len(stay))) % len(_DISABILITIES)
    more = rng.random(len(stay)) < 0.35
    stays_of = np.concatenate([stay, stay[more]])
    kind = np.array(_DISABILITIES)[np.concatenate([first, second[more]])]
    response = np.where(kind == 10, rng.integers(1, 4, len(kind)), 1)
    order = np.argsort(stays_of, kind="stable")
    return {"stay": stays_of[order], "kind": kind[order].astype(np.int32), "response": response[order].astype(np.int32)}


def service_records(stays: Table, funder: Numbers, last_day: int, rng: np.random.Generator) -> Table:
    """Bed nights of night shelters; case management and rent paid for veterans' prevention (funder 33)."""
    end = np.where(stays["exit"] >= 0, stays["exit"], last_day + 1)
    parts: list[tuple[Numbers, Numbers, int]] = []
    for night in range(_NIGHTS):
        stay = rows_where((stays["type"] == 1) & (stays["entry"] + night < end))
        parts.append((stay, stays["entry"][stay] + night, 200))
    veterans = rows_where((funder[stays["project"]] == 33) & (stays["relation"] == HEAD))
    parts.append((veterans, stays["entry"][veterans], 144))
    parts.append((veterans, stays["entry"][veterans], 152))
    stay, day = (np.concatenate([part[place] for part in parts]).astype(np.int32) for place in (0, 1))
    kind = np.concatenate([np.full(len(part[0]), part[2], np.int32) for part in parts])
    provided = np.select([kind == 200, kind == 144], [200, 2], 1).astype(np.int32)
    dollars = np.where(kind == 152, rng.integers(200, 1800, len(kind)), -1).astype(np.int32)
    order = np.lexsort((day, stay))
    table = {"stay": stay, "day": day, "kind": kind, "provided": provided, "dollars": dollars}
    return {name: values[order] for name, values in table.items()}


def contact_records(stays: Table, last_day: int, rng: np.random.Generator) -> Table:
    """Where people stayed at contacts with street outreach (up to three, a month apart) and coordinated entry (one)."""
    end = np.where(stays["exit"] >= 0, stays["exit"], last_day)
    adult = stays["income_said"] >= 0
    parts = [(stay := rows_where(adult & np.isin(stays["type"], (4, 14))), stays["entry"][stay])]
    for contact in (1, 2):
        day = stays["entry"] + contact * 30
        stay = rows_where(adult & (stays["type"] == 4) & (day <= end))
        parts.append((stay, day[stay]))
    stay, day = (np.concatenate([part[place] for part in parts]).astype(np.int32) for place in (0, 1))
    living = rng.choice((116, 101, 314, 336, 99), len(stay), p=(0.66, 0.16, 0.05, 0.08, 0.05)).astype(np.int32)
    order = np.lexsort((day, stay))
    return {"stay": stay[order], "day": day[order], "living": living[order]}
