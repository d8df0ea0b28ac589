"""Small invented CaseTables, for tests of everything that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from upwell.records.cases.table import Asked, Column, Question, Served, Value

SEX = Column(
    "sex", "sex", "nominal", (Value("women", "women"), Value("men", "men"), Value("unknown", "not known", False))
)
AGE = Column(
    "age_band", "age", "ordinal", tuple(Value(k, k) for k in ("under 18", "18 to 24", "25 to 54", "55 and over"))
)
KIND = Column(
    "project_type", "kind of programme", "nominal", (Value("es", "shelter"), Value("so", "outreach")), service=True
)
TOWN = Column(
    "place", "town", "place", tuple(Value(k, k) for k in ("North", "South", "East")), composition=False, service=True
)
PROJECT = Column(
    "project",
    "programme",
    "nominal",
    tuple(Value(f"p{i}", f"Programme {i}") for i in range(5)),
    composition=False,
    programme=True,
    service=True,
)
PERIOD = Column(
    "period",
    "time",
    "ordinal",
    tuple(Value(f"{year}-{month:02d}", f"{month:02d}/{year}") for year in (2022, 2023) for month in (1, 4, 7, 10)),
    composition=False,
    tabled=False,
)
COLUMNS = (SEX, AGE, KIND, TOWN, PROJECT, PERIOD)
KIND_OF_PROJECT = np.array([0, 0, 0, 1, 1], np.uint8)
TOWN_OF_PROJECT = np.array([0, 1, 1, 0, 2], np.uint8)
REASONS = ("refused or unknown", "not asked")


def question(name: str, population: str = "entries", **more: object) -> Question:
    """A question with plain words; `more` replaces any field."""
    fields: dict[str, object] = {
        "name": name,
        "words": f"Came from {name}",
        "people": "people who entered shelter or outreach",
        "happened": f"came from {name}",
        "not_happened": f"did not come from {name}",
        "asked_of": "entries with a known answer",
        "barrier": "broken-between-systems",
        "levers": ("interagency agreement",),
        "deciders": ("county commissioners",),
        "population": population,
    }
    return Question(**{**fields, **more})  # type: ignore[arg-type]


def people(persons: int, seed: int) -> dict[str, np.ndarray]:
    """Random codes of every column; project decides kind and town."""
    random = np.random.default_rng(seed)
    project = random.integers(0, 5, persons).astype(np.uint8)
    return {
        "sex": random.choice(3, persons, p=[0.45, 0.5, 0.05]).astype(np.uint8),
        "age_band": random.choice(4, persons, p=[0.15, 0.2, 0.45, 0.2]).astype(np.uint8),
        "project_type": KIND_OF_PROJECT[project],
        "place": TOWN_OF_PROJECT[project],
        "project": project,
        "period": random.integers(0, 8, persons).astype(np.uint8),
    }


def asked(
    asking: Question, yes: np.ndarray, codes: Mapping[str, np.ndarray], *, person: np.ndarray | None = None
) -> Asked:
    """Answers to a question by people with these codes."""
    persons = len(yes)
    person = np.arange(persons, dtype=np.int64) if person is None else person
    zeros = np.zeros(persons, np.int32)
    month = (codes["period"].astype(np.int16) * 3) if "period" in codes else zeros.astype(np.int16)
    return Asked(
        asking,
        person,
        yes,
        codes,
        month,
        codes.get("project", zeros).astype(np.int32),
        person.astype(np.int32),
        {r: 17 for r in REASONS},
    )


@dataclass(frozen=True)
class Cases:
    """A CaseTable made by hand."""

    answers: Mapping[str, Asked]
    columns: tuple[Column, ...] = COLUMNS
    period: tuple[date, date] = (date(2022, 1, 1), date(2023, 12, 31))
    source: str = "An invented agency"
    source_id: str = "invented-1"
    snapshot: str = "snapshot-1"
    unanswerable: Mapping[str, str] = field(default_factory=dict)
    place_words: str = "where help was sought"

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the answers."""
        return tuple(answers.question for answers in self.answers.values())

    def words(self, name: str) -> str:
        """The words of a question."""
        return self.answers[name].question.words if name in self.answers else f"The words of {name}"

    def asked(self, name: str) -> Asked:
        """The answers of a question."""
        return self.answers[name]

    def served(self) -> Served:
        """Everybody who was asked anything."""
        widest = max(self.answers.values(), key=lambda answers: answers.persons)
        counts = (widest.persons, widest.persons, 0, 0, widest.persons, 0, 0, widest.persons)
        return Served(*counts, person=widest.person, codes={n: widest.codes[n] for n in ("sex", "age_band")})


def cases(persons: int = 1200, seed: int = 1, share: float = 0.2, planted: float = 0.0) -> Cases:
    """A jail and a foster question over the same people; `planted` adds to the jail share of men in the North."""
    codes = people(persons, seed)
    random = np.random.default_rng(seed + 1)
    chance = np.full(persons, share) + planted * ((codes["sex"] == 1) & (codes["place"] == 0))
    jail = random.random(persons) < chance
    foster = ~jail & (random.random(persons) < 0.1)
    exclusive = {"exclusive": True}
    return Cases(
        {
            "jail": asked(question("jail", **exclusive), jail, codes),
            "foster": asked(question("foster", **exclusive), foster, codes),
        }
    )
