"""Asked people made up for tests of the search: main effects, a planted sub-population if wanted, seeded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upwell.records.cases.table import Asked, Column, Question, Value


def question(name: str = "made_up") -> Question:
    return Question(
        name=name,
        words="Did it happen?",
        people="people who were asked",
        happened="said yes",
        not_happened="said no",
        asked_of="Everybody made up.",
        barrier="too-slow",
        levers=("agreement",),
        deciders=("county commissioners",),
        population="made up",
    )


def column(name: str, values: int, *, unknown: int = 0, **marks) -> Column:
    """A column with some known values and, behind them, some unknown ones."""
    known = tuple(Value(f"{name}{i}", f"{name} {i}") for i in range(values))
    refused = tuple(Value(f"{name}?{i}", "unknown", known=False) for i in range(unknown))
    return Column(name, name, marks.pop("kind", "nominal"), known + refused, **marks)


COLUMNS = (
    column("age", 7, unknown=1, kind="ordinal"),
    column("agency", 3, composition=False),
    column("disability", 2, unknown=1),
    column("half", 6, kind="ordinal", composition=False),
    column("household", 3),
    column("income", 3, unknown=1),
    column("insurance", 2, unknown=1),
    column("place", 8, kind="place", composition=False),
    column("project", 16, programme=True, composition=False),
    column("race", 8, unknown=1),
    column("sex", 3, unknown=1),
    column("stay", 6, unknown=1, kind="ordinal"),
    column("veteran", 2, unknown=1),
)


@dataclass(frozen=True)
class Made:
    """asked: what a search gets. inside: the planted persons, bool. truth: each person's real probability."""

    asked: Asked
    inside: np.ndarray
    truth: np.ndarray


def people(
    persons: int,
    *,
    seed: int,
    rate: float = 0.2,
    effects: float = 0.3,
    plant: dict[str, tuple[int, ...]] | None = None,
    odds: float = 3.0,
    since: int = 0,
    households: int = 1,
    together: float = 0.0,
    projects: float = 0.0,
) -> Made:
    """People with main effects (sd `effects` log odds) of the composition columns.

    plant: column -> values whose odds of yes are multiplied, from month `since` of 36. households: persons in each;
    together: share of persons whose answer follows their household. projects: sd of the projects' own log odds.
    """
    rng = np.random.default_rng([seed, persons])
    household = np.arange(persons, dtype=np.int32) // households
    month = np.sort(rng.integers(0, 36, persons))[household * households].astype(np.int16)
    codes = {c.name: _codes(rng, c, persons) for c in COLUMNS}
    codes["half"] = (month // 6).astype(np.uint8)
    codes["agency"] = np.searchsorted([7, 12], codes["project"], side="right").astype(np.uint8)
    log_odds = np.full(persons, np.log(rate / (1 - rate)))
    for c in COLUMNS:
        if c.composition:
            log_odds += rng.normal(0, effects, len(c.values))[codes[c.name]]
    log_odds += rng.normal(0, projects, 16)[codes["project"]] if projects else 0
    inside = np.full(persons, bool(plant))
    for name, values in (plant or {}).items():
        inside &= np.isin(codes[name], values)
    inside &= month >= since
    truth = 1 / (1 + np.exp(-(log_odds + np.log(odds) * inside)))
    own, shared = rng.random(persons), rng.random(persons)[household]
    drawn = np.where(rng.random(persons) < together, shared, own)
    asked = Asked(
        question(),
        np.arange(persons, dtype=np.int64),
        drawn < truth,
        codes,
        month,
        codes["agency"].astype(np.int32),
        household,
        {},
    )
    return Made(asked, inside, truth)


def _codes(rng, c: Column, persons: int) -> np.ndarray:
    """Answers with uneven shares, the last value (often "unknown") rare."""
    shares = 1 / (1.5 + np.arange(len(c.values)))
    if not c.values[-1].known:
        shares[-1] = 0.05 * shares.sum()
    return rng.choice(len(c.values), persons, p=shares / shares.sum()).astype(np.uint8)
