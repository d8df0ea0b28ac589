"""What was planted, and on whom it fell: for tests and benchmarks, which may know what a reader may not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.chances import Table
from upwell.records.cases.synthetic.lines import Texts
from upwell.records.cases.synthetic.made import County
from upwell.records.cases.synthetic.plant import Plant
from upwell.records.cases.synthetic.planting import days_of, inside


def index_stays(county: County, question: str) -> Table:
    """One row a person asked: their first stay (or referral) in the period at which the question was answered.

    Columns of County.stays, and `yes` (0, 1); ordered by person.
    """
    stays = county.stays
    if question.startswith("referral"):
        events = county.events
        stays = {name: values[events["stay"]] for name, values in stays.items()}
        when, yes = events["day"], events[f"yes.{question}"]
    else:
        when = days_of(question, stays)
        yes = stays[f"yes.{question}"]
    first, last = county.period
    asked = np.flatnonzero((yes >= 0) & (when >= first) & (when <= last))
    order = asked[np.lexsort((asked, when[asked], stays["person"][asked]))]
    person = stays["person"][order]
    index = order[np.append(True, person[1:] != person[:-1])] if len(order) else order
    return {name: values[index] for name, values in stays.items()} | {"yes": yes[index]}


def planted_rows(county: County, plant: Plant) -> tuple[Table, NDArray[np.bool_]]:
    """The index stays of the plant's question, and which of them it holds for."""
    index = index_stays(county, plant.question)
    return index, inside(plant, index, county.places)


def planted_persons(county: County, plant: Plant) -> Texts:
    """PersonalIDs (S32) of the people whose index stay lies inside the plant, whatever their answer."""
    index, held = planted_rows(county, plant)
    return county.keys[index["person"][held]]


def truth(county: County) -> Mapping[str, object]:
    """Seed, size and, a plant, its words, where, and how many persons were asked, inside, and said yes there."""
    return {
        "invented": "Every person and place of this county is invented. These issues were planted in it on purpose.",
        "seed": county.seed,
        "people": len(county.people),
        "planted": [_told(county, plant) for plant in county.plants],
    }


def _told(county: County, plant: Plant) -> Mapping[str, object]:
    index, held = planted_rows(county, plant)
    return {
        "words": plant.words,
        "question": plant.question,
        "where": {column: list(keys) for column, keys in plant.where.items()},
        "odds": plant.odds,
        "since": plant.since,
        "until": plant.until,
        "persons_asked": len(held),
        "persons_inside": int(held.sum()),
        "yes_inside": int(index["yes"][held].sum()),
        "yes_outside": int(index["yes"][~held].sum()),
    }


def write_truth(county: County) -> Path:
    """Write planted.json beside the export (named after it, never inside), and return its path."""
    path = county.out.with_name(f"{county.out.stem}.planted.json")
    path.write_text(json.dumps(truth(county), indent=1) + "\n", "utf-8")
    return path
