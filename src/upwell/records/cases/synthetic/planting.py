"""Where a plant holds: checked against the county, and laid over its stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.county import Places
from upwell.records.cases.synthetic.lines import FIRST_DAY
from upwell.records.cases.synthetic.plant import Plant
from upwell.records.cases.synthetic.vocabulary import DATED_BY_EXIT, GIVEAWAYS, QUESTIONS, VALUES, slug
from upwell.records.errors import RecordsError

Stays = Mapping[str, NDArray[np.int32]]


def check_plants(plants: tuple[Plant, ...], places: Places) -> None:
    """Nothing when every plant can be planted in this county; else raises RecordsError naming what it does not have."""
    values = values_of(places)
    for plant in plants:
        if plant.question not in QUESTIONS:
            raise RecordsError(f"No question {plant.question!r} can be planted; choose one of {', '.join(QUESTIONS)}.")
        if not plant.odds > 0:
            raise RecordsError("A plant's odds must be a number above 0.")
        _check_where(plant, values)
        for text in filter(None, (plant.since, plant.until)):
            _day(text)


def _check_where(plant: Plant, values: Mapping[str, tuple[str, ...]]) -> None:
    for column, keys in plant.where.items():
        if column not in values:
            raise RecordsError(
                f"A plant cannot restrict {column!r}; choose from {', '.join(values)}, or since and until."
            )
        if column in GIVEAWAYS.get(plant.question, ()):
            raise RecordsError(f"{column} stands too near to the answer of {plant.question}; restrict another column.")
        missing = [key for key in keys if key not in values[column]]
        if missing or not keys:
            raise RecordsError(f"{column} has no {', '.join(missing)}; its values are {', '.join(values[column])}.")


def values_of(places: Places) -> Mapping[str, tuple[str, ...]]:
    """Column -> value keys that `where` may name in this county."""
    return {
        **VALUES,
        "project": tuple(slug(project.name) for project in places.projects),
        "agency": tuple(slug(name) for name in places.agencies),
        "place": tuple(slug(town.name) for town in places.towns),
    }


def inside(plant: Plant, stays: Stays, places: Places) -> NDArray[np.bool_]:
    """Which stays the plant holds for; with a date only stays that the question can place in time."""
    values = values_of(places)
    held = np.ones(len(stays["person"]), bool)
    for column, keys in plant.where.items():
        held &= np.isin(stays[column], [values[column].index(key) for key in keys])
    when = days_of(plant.question, stays)
    if plant.since:
        held &= when >= _day(plant.since)
    if plant.until:
        held &= (when <= _day(plant.until)) & (when >= 0)
    return held


def days_of(question: str, stays: Stays) -> NDArray[np.int32]:
    """The day that places each stay in time for a question; -1 not yet."""
    if question == "benefit_lost":
        return stays["later_day"]
    return stays["exit" if question in DATED_BY_EXIT else "entry"]


def _day(text: str) -> int:
    try:
        return (date.fromisoformat(text) - FIRST_DAY).days
    except ValueError as wrong:
        raise RecordsError(f"{text!r} is not a date like 2024-03-01.") from wrong
