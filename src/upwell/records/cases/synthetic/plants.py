"""Plants to choose from: read from a file, fixed for the demo, or drawn at random for the hidden-plant bench."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any  # parsed TOML, which stays in this file

import numpy as np

from upwell.records.cases.synthetic.chances import Table
from upwell.records.cases.synthetic.county import places
from upwell.records.cases.synthetic.generate import in_memory
from upwell.records.cases.synthetic.made import County
from upwell.records.cases.synthetic.plant import Plant
from upwell.records.cases.synthetic.planting import inside, values_of
from upwell.records.cases.synthetic.truth import index_stays
from upwell.records.cases.synthetic.vocabulary import VALUES
from upwell.records.errors import RecordsError

__all__ = ["Plant", "demo_plants", "random_plants", "read_plants"]

_ASKABLE = (
    "jail",
    "hospital",
    "exit_homeless",
    "return_12",
    "no_income_exit",
    "looking_for_work_exit",
    "benefit_lost",
    "insurance_denied",
    "no_move_in_120",
    "referral_unanswered",
    "homeless_12_months",
)
_BY_HOUSEHOLD = ("no_move_in_120",)  # answered by the head for all: only what a household shares may be planted
_HALF_YEARS = ("2023-04-01", "2023-10-01", "2024-04-01", "2024-10-01", "2025-04-01")
_PEOPLE = 20_000  # the size at which a drawn plant must be findable
_LEAST_NATS = 25.0  # expected log likelihood ratio of a drawn plant: some 12 to describe it, the rest to stand out
_PROBE_PEOPLE, _PROBE_SEED, _TRIES = 8_000, 987_654_321, 1_000


def read_plants(path: Path) -> tuple[Plant, ...]:
    """The plants of a TOML file (docs/reference/plants.md); raises RecordsError with what to change."""
    try:
        stated = tomllib.loads(path.read_text("utf-8"))
    except OSError as wrong:
        raise RecordsError(f"{path.name} cannot be opened: {wrong.strerror}.") from wrong
    except UnicodeDecodeError as wrong:
        raise RecordsError(f"{path.name} is no text file. Write the plants as TOML in UTF-8.") from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise RecordsError(f"{path.name} is not TOML: {wrong}.") from wrong
    entries = stated.get("plant", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RecordsError(f"{path.name} needs a list of plants: begin each with a line [[plant]].")
    return tuple(_plant(number, entry, path.name) for number, entry in enumerate(entries, start=1))


def _plant(number: int, entry: Mapping[str, Any], file: str) -> Plant:
    unknown = set(entry) - {"question", "where", "odds", "since", "until", "words"}
    if unknown or not {"question", "where", "odds"} <= set(entry):
        raise RecordsError(
            f"Plant {number} of {file} needs question, where and odds; it may have since, until and words."
        )
    where, odds = entry["where"], entry["odds"]
    if not isinstance(where, dict) or not isinstance(odds, int | float):
        raise RecordsError(f"Plant {number} of {file}: where is a table of columns and values, odds a number.")
    keys = {column: (value,) if isinstance(value, str) else tuple(map(str, value)) for column, value in where.items()}
    dates = {name: str(entry.get(name, "")) for name in ("since", "until")}
    return Plant(str(entry["question"]), keys, float(odds), **dates, words=str(entry.get("words", "")))


def demo_plants(seed: int) -> tuple[Plant, ...]:
    """Three public issues for the demo, to be found among 6,000 people; the seed chooses where they lie."""
    town, key = (("Port Ember", "port-ember"), ("Marlow Bend", "marlow-bend"))[seed % 2]
    shelter, shelter_key = (
        ("Saltmere Family Shelter", "saltmere-family-shelter"),
        ("Fennhaven Family Shelter", "fennhaven-family-shelter"),
    )[seed // 2 % 2]
    return (
        Plant(
            question="jail",
            where={"place": (key,), "project_type": ("emergency-shelter",)},
            odds=7.0,
            since="2024-04-01",
            words=f"Since spring 2024 far more people come straight from jail or prison to the shelters of {town}.",
        ),
        Plant(
            question="benefit_lost",
            where={"household_type": ("with-children",), "project": (shelter_key,)},
            odds=7.0,
            words=f"Families at {shelter} lose a benefit far more often than others.",
        ),
        Plant(
            question="no_move_in_120",
            where={"place": ("fennhaven",), "project_type": ("rapid-rehousing",)},
            odds=8.0,  # strong: households move together, so people count for less than their number here
            words="Rapid re-housing in Fennhaven seldom leads to a home within 120 days.",
        ),
    )


def random_plants(seed: int) -> tuple[Plant, ...]:
    """One plant drawn from the seed: its question, its shape, where it lies, odds between 2.5 and 4.

    Drawn again until it holds for 1 to 30 of 100 people asked and could be found by whoever looked straight at it: an
    expected log likelihood ratio of 25 nats in a county of 20,000 people over three years.
    """
    rng = np.random.default_rng((seed, 77))
    for _ in range(_TRIES):
        plant = _drawn(rng)
        index = _probe(plant.question)
        held = inside(plant, index, places())
        if 0.01 <= held.mean() <= 0.30 and _nats(plant, index, held) >= _LEAST_NATS:
            return (plant,)
    raise RecordsError("No plant that could be found was drawn; choose another seed.")


def _drawn(rng: np.random.Generator) -> Plant:
    question = str(rng.choice(_ASKABLE))
    odds = round(float(rng.uniform(2.5, 4.0)), 2)
    shapes: tuple[str, ...] = ("value", "values", "place and period", "recent")
    if question not in _BY_HOUSEHOLD:
        shapes += ("interval", "project and group", "three")
    shape = str(rng.choice(shapes))
    since, until = "", ""
    if shape == "recent":
        since = str(rng.choice(_HALF_YEARS[1:]))
    if shape == "place and period":
        first = int(rng.integers(0, 3))
        since, until = _HALF_YEARS[first], _day_before(_HALF_YEARS[first + int(rng.integers(1, 3))])
    where = _where(shape, rng)
    return Plant(question, where, odds, since, until, words=f"Drawn at random: {shape}.")


def _where(shape: str, rng: np.random.Generator) -> Mapping[str, tuple[str, ...]]:
    site = str(rng.choice(("place", "project", "agency"), p=(0.5, 0.25, 0.25)))
    group = str(rng.choice(("gender", "race", "veteran")))
    if shape == "values":
        return _some("place" if site == "agency" else site, rng, int(rng.integers(2, 4)))
    if shape == "place and period":
        return _some("place", rng, int(rng.integers(1, 3)))
    if shape == "interval":
        return _some(site, rng, 1) | _ages(rng)
    if shape == "project and group":
        return _some("project", rng, int(rng.integers(1, 3))) | _some(group, rng, 1)
    if shape == "three":
        return _some("agency", rng, 1) | _some("gender", rng, 1) | _ages(rng)
    return _some(site, rng, 1)


def _some(column: str, rng: np.random.Generator, many: int) -> dict[str, tuple[str, ...]]:
    """Values of a column that can be searched: nobody's "unknown"."""
    keys = [key for key in values_of(places())[column] if key not in ("unknown", "child")]
    return {column: tuple(sorted(str(key) for key in rng.choice(keys, many, replace=False)))}


def _ages(rng: np.random.Generator) -> dict[str, tuple[str, ...]]:
    bands = VALUES["age"][1:-1]
    first, many = int(rng.integers(0, len(bands) - 1)), int(rng.integers(2, 4))
    return {"age": bands[first : first + many]}


def _day_before(iso: str) -> str:
    return str(np.datetime64(iso) - 1)


@cache
def _probe_county() -> County:
    return in_memory(people=_PROBE_PEOPLE, years=3, seed=_PROBE_SEED)


@cache
def _probe(question: str) -> Table:
    return index_stays(_probe_county(), question)


def _nats(plant: Plant, index: Table, held: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """Expected log likelihood ratio of the plant against its null, for somebody who knows where it lies."""
    share = min(max(float(index["yes"][held].mean()), 0.005), 0.995)
    raised = share * plant.odds / (1 - share + share * plant.odds)
    each = raised * np.log(raised / share) + (1 - raised) * np.log((1 - raised) / (1 - share))
    return float(each * held.sum() * _PEOPLE / _PROBE_PEOPLE)
