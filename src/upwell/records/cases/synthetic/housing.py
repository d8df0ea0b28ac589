"""Move-in dates and coordinated entry: what happens on the way from asking to a home."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.chances import Chances, Table
from upwell.records.cases.synthetic.county import Places
from upwell.records.cases.synthetic.people import HEAD
from upwell.records.cases.synthetic.vocabulary import HOUSING_TYPES, VALUES

Numbers = NDArray[np.int32]

COORDINATED_ENTRY = 14
_SHARE_ASSESSED = 0.30  # of households at their first stay in a setting of homelessness


def move_ins(stays: Table, *, chances: Chances, rng: np.random.Generator, last_day: int) -> Table:
    """MoveInDate (-1 blank) of housing stays: a household moves together, so all share the head's date and answer."""
    many = len(stays["person"])
    housing = np.isin(stays["type"], HOUSING_TYPES)
    late = chances.yes("no_move_in_120", stays)
    until = np.where(stays["exit"] >= 0, stays["exit"], last_day)
    soon = stays["entry"] + (rng.random(many) ** 2 * (np.minimum(until - stays["entry"], 110) + 1)).astype(np.int64)
    after = stays["entry"] + 125 + rng.integers(0, 180, many)
    after = np.where((after <= until) & (rng.random(many) < 0.5), after, -1)
    moved = _of_head(stays, np.where(late, after, soon))
    too_late = _of_head(stays, late.astype(np.int64))
    asked = housing & (stays["entry"] + 120 <= last_day)
    return {
        "moved_in": np.where(housing, moved, -1).astype(np.int32),
        "yes.no_move_in_120": np.where(asked, too_late, -1).astype(np.int32),
    }


def _of_head(stays: Table, answer: NDArray[np.int64]) -> NDArray[np.int64]:
    heads = stays["relation"] == HEAD
    of_household = np.zeros(int(stays["household"].max(initial=-1)) + 1, answer.dtype)
    of_household[stays["household"][heads]] = answer[heads]
    return of_household[stays["household"]]


def coordinated_entry(stays: Table, *, places: Places, rng: np.random.Generator, last_day: int) -> Table:
    """A second enrollment, in coordinated entry, for some households at their first stay; same columns as `stays`.

    It begins a few days after the stay and ends with it; destination, money and health are never recorded there, so
    that only the questions about referrals find their index stay in it.
    """
    homes = int(stays["household"].max(initial=-1)) + 1
    chosen = rng.random(homes) < _SHARE_ASSESSED
    wait, own = rng.integers(1, 10, homes), np.flatnonzero(places.types == COORDINATED_ENTRY)
    share = np.array([places.projects[index].share for index in own])
    project_of = rng.choice(own, homes, p=share / share.sum())
    entry = stays["entry"] + wait[stays["household"]]
    inside = (entry <= last_day) & ((stays["exit"] < 0) | (entry <= stays["exit"]))
    rows = chosen[stays["household"]] & inside & (stays["step"] == 0) & np.isin(stays["type"], (0, 1, 4))
    copy = {name: values[rows].copy() for name, values in stays.items()}
    project = project_of[copy["household"]].astype(np.int32)
    many = len(project)
    copy |= {
        "entry": entry[rows].astype(np.int32),
        "type": np.full(many, COORDINATED_ENTRY, np.int32),
        "project_type": np.full(many, VALUES["project_type"].index("coordinated-entry"), np.int32),
        "project": project,
        "agency": places.agency_of[project],
        "place": places.town_of[project],
        "household": _numbered(copy["household"]) + homes,
        "destination": np.where(copy["exit"] >= 0, 30, -1).astype(np.int32),
        "income": np.full(many, 2, np.int32),
        "insurance": np.full(many, 2, np.int32),
    }
    not_asked = (
        "subsidy_after",
        "return_class",
        "survivor",
        "employed_entry",
        *(n for n in copy if n.startswith("yes.")),
    )
    return copy | {name: np.full(many, -1, np.int32) for name in not_asked}


def _numbered(household: Numbers) -> Numbers:
    return np.unique(household, return_inverse=True)[1].astype(np.int32)


def referrals(stays: Table, *, chances: Chances, rng: np.random.Generator, last_day: int) -> Table:
    """Referrals of heads in coordinated entry, one or two each.

    stay: row of `stays`. day, answer_day: day numbers. event, result: HUD 4.20; -1 not answered when the export ends.
    """
    heads = np.flatnonzero((stays["type"] == COORDINATED_ENTRY) & (stays["relation"] == HEAD))
    heads = heads[rng.random(len(heads)) < 0.85]
    again = heads[rng.random(len(heads)) < 0.3]
    stay = np.concatenate([heads, again])
    rows = {name: values[stay] for name, values in stays.items()}
    day = rows["entry"] + np.where(np.arange(len(stay)) < len(heads), 0, rng.integers(10, 60, len(stay)))
    fits = (day <= last_day) & ((rows["exit"] < 0) | (day <= rows["exit"]))
    rows = {name: values[fits] for name, values in rows.items()}
    stay, day, many = stay[fits], day[fits], int(fits.sum())
    unanswered = chances.yes("referral_unanswered", rows)
    refused = chances.yes("referral_refused", rows)
    result = np.where(refused, 3, np.where(rng.random(many) < 0.2, 2, 1))
    answer_day = day + rng.integers(1, 28, many)
    too_early = answer_day > last_day
    result = np.where(unanswered | too_early, -1, result)
    events = {
        "stay": stay,
        "day": day,
        "event": rng.choice((10, 11, 12, 13, 14, 15), many, p=(0.2, 0.12, 0.05, 0.38, 0.2, 0.05)),
        "result": result,
        "answer_day": np.where(result >= 0, answer_day, -1),
        "yes.referral_unanswered": np.where(day + 30 <= last_day, unanswered, -1),
        "yes.referral_refused": np.where(result >= 0, result == 3, -1),
    }
    return {name: values.astype(np.int32) for name, values in events.items()}


def violence(stays: Table, *, chances: Chances, rng: np.random.Generator, last_day: int) -> Table:
    """HUD 4.11 at entry for adults and heads, not in coordinated entry; -1 not asked."""
    del last_day  # asked at entry, which always lies inside the export
    many = len(stays["person"])
    asked = (stays["income_said"] >= 0) & (stays["type"] != COORDINATED_ENTRY)
    survivor = chances.yes("violence", stays)
    unknown = rng.random(many) < 0.08
    said = np.where(asked, np.where(unknown, rng.choice((8, 9, 99), many), survivor), -1)
    return {
        "survivor": said.astype(np.int32),
        "violence_when": np.where(
            said == 1, rng.choice((1, 2, 3, 4, 8), many, p=(0.3, 0.15, 0.15, 0.37, 0.03)), -1
        ).astype(np.int32),
        "fleeing": np.where(said == 1, rng.choice((0, 1, 99), many, p=(0.62, 0.33, 0.05)), -1).astype(np.int32),
        "yes.violence": np.where(said <= 1, said, -1).astype(np.int32),
    }
