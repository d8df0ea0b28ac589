"""Planted issues: sub-populations in which a trouble is made likelier, so that a search has something true to find."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any  # parsed TOML, which stays in this file

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.county import Places
from upwell.records.cases.synthetic.lines import FIRST_DAY
from upwell.records.cases.synthetic.vocabulary import DATED_BY_EXIT, GIVEAWAYS, QUESTIONS, VALUES, slug
from upwell.records.errors import RecordsError

Codes = Mapping[str, NDArray[np.int32]]


@dataclass(frozen=True)
class Plant:
    """The odds of a question's "yes" multiplied for stays inside `where`, from `since` to `until`.

    where: column -> value keys, all of which must hold (vocabulary.VALUES; project, agency, place by name).
    odds: factor above 0. since, until: ISO dates, inclusive, of the date that places the question in time; "" open.
    words: one sentence for people who are told what was planted.
    """

    question: str
    where: Mapping[str, tuple[str, ...]]
    odds: float
    since: str = ""
    until: str = ""
    words: str = ""


def read_plants(path: Path) -> tuple[Plant, ...]:
    """The plants of a TOML file (docs/reference/plants.md); raises RecordsError with what to change."""
    try:
        stated = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise RecordsError(f"{path.name} cannot be read as TOML: {wrong}.") from wrong
    return tuple(_plant(number, entry, path.name) for number, entry in enumerate(stated.get("plant", ()), start=1))


def _plant(number: int, entry: Mapping[str, Any], file: str) -> Plant:
    unknown = set(entry) - {"question", "where", "odds", "since", "until", "words"}
    if unknown or not {"question", "where", "odds"} <= set(entry):
        raise RecordsError(
            f"Plant {number} of {file} needs question, where and odds; it may have since, until and words."
        )
    where = {
        column: tuple([keys] if isinstance(keys, str) else map(str, keys)) for column, keys in entry["where"].items()
    }
    dates = {name: str(entry.get(name, "")) for name in ("since", "until")}
    return Plant(entry["question"], where, float(entry["odds"]), dates["since"], dates["until"], entry.get("words", ""))


def check_plants(plants: tuple[Plant, ...], places: Places) -> None:
    """Nothing when every plant can be planted in this county; else raises RecordsError naming what it does not have."""
    values = values_of(places)
    for plant in plants:
        if plant.question not in QUESTIONS:
            raise RecordsError(f"No question {plant.question!r} can be planted; choose one of {', '.join(QUESTIONS)}.")
        if not plant.odds > 0:
            raise RecordsError("A plant's odds must be a number above 0.")
        for column, keys in plant.where.items():
            if column not in values:
                raise RecordsError(
                    f"A plant cannot restrict {column!r}; choose from {', '.join(values)}, or since and until."
                )
            if column in GIVEAWAYS.get(plant.question, ()):
                raise RecordsError(
                    f"{column} stands too near to the answer of {plant.question}; restrict another column."
                )
            missing = [key for key in keys if key not in values[column]]
            if missing or not keys:
                raise RecordsError(f"{column} has no {', '.join(missing)}; its values are {', '.join(values[column])}.")
        for text in (plant.since, plant.until):
            if text:
                _day(text)


def values_of(places: Places) -> Mapping[str, tuple[str, ...]]:
    """Column -> value keys that `where` may name in this county."""
    return {
        **VALUES,
        "project": tuple(slug(project.name) for project in places.projects),
        "agency": tuple(slug(name) for name in places.agencies),
        "place": tuple(slug(town.name) for town in places.towns),
    }


def inside(
    plant: Plant, codes: Codes, entry: NDArray[np.int32], exit_: NDArray[np.int32], places: Places
) -> NDArray[np.bool_]:
    """Which stays the plant holds for. entry, exit_: day numbers; with exit -1, open, no plant dated by exit holds."""
    values = values_of(places)
    held = np.ones(len(entry), bool)
    for column, keys in plant.where.items():
        held &= np.isin(codes[column], [values[column].index(key) for key in keys])
    when = exit_ if plant.question in DATED_BY_EXIT else entry
    if plant.since:
        held &= when >= _day(plant.since)
    if plant.until:
        held &= (when <= _day(plant.until)) & (when >= 0)
    return held


def _day(text: str) -> int:
    try:
        return (date.fromisoformat(text) - FIRST_DAY).days
    except ValueError as wrong:
        raise RecordsError(f"{text!r} is not a date like 2024-03-01.") from wrong
