"""The invented people: who lives with whom, and what each is like. Nobody here was ever born."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.ages import ages_on, middle_of_year
from upwell.records.cases.synthetic.vocabulary import RACES

Numbers = NDArray[np.int32]

HEAD, CHILD, PARTNER = 1, 2, 3  # HUD 3.15.1
ALONE, COUPLE, ONE_PARENT, TWO_PARENTS, YOUTH = range(5)
_KINDS = (0.70, 0.05, 0.14, 0.06, 0.05)
_ADULT_AGES = ((18, 25, 0.15), (25, 35, 0.22), (35, 45, 0.22), (45, 55, 0.19), (55, 65, 0.15), (65, 85, 0.07))
_PARENT_AGES = ((18, 25, 0.25), (25, 35, 0.42), (35, 50, 0.33))
_RACE_SHARES = (0.03, 0.02, 0.30, 0.14, 0.01, 0.01, 0.41, 0.06, 0.02)


@dataclass(frozen=True)
class People:
    """One entry a person, ordered by household, head first; all int32, shape (people,).

    household: 0.., kind: of household (ALONE ..), relation: HUD 3.15.1 when they first come, pattern: 0 once, 1 now and
    then, 2 again and again (a latent class: it moves disability, times homeless and coming again, never an answer).
    age: years at first_day, fraction dropped; birth: day number. first_day: of the household's first stay.
    dob_quality, veteran, disabling: HUD codes; gender, race: codes of vocabulary.VALUES.
    unit_later: who comes again together: the household, but partners alone.
    """

    household: Numbers
    kind: Numbers
    relation: Numbers
    pattern: Numbers
    birth: Numbers
    dob_quality: Numbers
    gender: Numbers
    race: Numbers
    veteran: Numbers
    disabling: Numbers
    first_day: Numbers
    unit_later: Numbers

    def __len__(self) -> int:
        return len(self.household)

    @property
    def households(self) -> int:
        """Households at the first stay."""
        return int(self.household[-1]) + 1


def invent(people: int, *, period: tuple[int, int], rng: np.random.Generator) -> People:
    """So many people in households, their first stay beginning in the period (8 of 100 already inside when it begins).

    period: first and last day, as day numbers. people: at least 1.
    """
    kind_of, relation, household = _households(people, rng)
    kind = kind_of[household]
    households = len(kind_of)
    start = rng.integers(period[0], period[1] + 1, households)
    early = rng.random(households) < 0.08
    first_day = np.where(early, period[0] - rng.integers(1, 300, households), start)[household]
    pattern_of = rng.choice(3, households, p=(0.6, 0.28, 0.12))
    age = _ages(kind, relation, rng)
    birth = first_day - ((age + rng.uniform(0.01, 0.99, people)) * 365.2425).astype(np.int32)
    birth, quality = _recorded(birth.astype(np.int32), first_day.astype(np.int32), rng)
    adult = age >= 18
    pattern = pattern_of[household]
    sex = _sexes(kind, relation, rng)
    disabled = rng.random(people) < np.where(adult, np.array([0.33, 0.48, 0.62])[pattern], 0.10)
    veteran = rng.random(people) < np.where(sex == 1, 0.10, 0.03) * np.where(age > 44, 1.4, 0.7)
    partner = relation == PARTNER
    later = np.where(partner, households + np.cumsum(partner) - 1, household)
    parts = {
        "household": household,
        "kind": kind,
        "relation": relation,
        "pattern": pattern,
        "birth": birth,
        "dob_quality": quality,
        "gender": sex,
        "race": rng.choice(RACES, people, p=_RACE_SHARES),
        "veteran": np.where(adult, _said(veteran, rng, 0.03), 99),
        "disabling": _said(disabled, rng, 0.05),
        "first_day": first_day,
        "unit_later": later,
    }
    return People(**{name: np.asarray(values, np.int32) for name, values in parts.items()})


def _recorded(birth: Numbers, first_day: Numbers, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Birth dates and their quality (HUD 3.03.2). A partial date is real in its year alone: mid-year stands.

    Partial only where that does not make a child of an adult, or an adult of a child.
    """
    quality = rng.choice((1, 2, 8, 9, 99), len(birth), p=(0.972, 0.008, 0.005, 0.005, 0.01))
    middle = middle_of_year(birth)
    grown = [ages_on(first_day, day) >= 18 for day in (birth, middle)]
    partial = (quality == 2) & (grown[0] == grown[1]) & (middle <= first_day)
    return np.where(partial, middle, birth), np.where((quality == 2) & ~partial, 1, quality)


def _households(people: int, rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    """Kind of each household; relation and household of each person, head, partner, children; cut at so many people."""
    kind = rng.choice(5, people, p=_KINDS)
    children = np.minimum(1 + rng.geometric(0.52, people) - 1, 5) * np.isin(kind, (ONE_PARENT, TWO_PARENTS))
    partners = np.isin(kind, (COUPLE, TWO_PARENTS)).astype(np.int64)
    sizes = 1 + partners + children
    households = int(np.searchsorted(np.cumsum(sizes), people)) + 1
    household = np.repeat(np.arange(households), sizes[:households])
    place = np.arange(len(household)) - np.repeat(
        np.cumsum(sizes[:households]) - sizes[:households], sizes[:households]
    )
    relation = np.where(place == 0, HEAD, np.where(place <= partners[household], PARTNER, CHILD))
    cut = slice(0, people)
    return kind[:households].astype(np.int32), relation[cut].astype(np.int32), household[cut].astype(np.int32)


def _ages(kind: Numbers, relation: Numbers, rng: np.random.Generator) -> Numbers:
    parent = np.isin(kind, (ONE_PARENT, TWO_PARENTS))
    age = np.where(parent, _between(_PARENT_AGES, len(kind), rng), _between(_ADULT_AGES, len(kind), rng))
    age = np.where(kind == YOUTH, rng.integers(15, 18, len(kind)), age)
    heads = np.flatnonzero(relation == HEAD)
    parents = np.repeat(age[heads], np.diff(np.append(heads, len(kind))))
    oldest = np.minimum(parents - 15, 17)
    return np.where(relation == CHILD, (rng.random(len(kind)) * oldest).astype(np.int32), age).astype(np.int32)


def _between(bands: tuple[tuple[int, int, float], ...], many: int, rng: np.random.Generator) -> Numbers:
    band = rng.choice(len(bands), many, p=[share for _, _, share in bands])
    low, high = (np.array([edges[side] for edges in bands]) for side in (0, 1))
    ages: Numbers = (low[band] + rng.integers(0, 1_000_000, many) % (high - low)[band]).astype(np.int32)
    return ages


def _sexes(kind: Numbers, relation: Numbers, rng: np.random.Generator) -> Numbers:
    many = len(kind)
    men = np.select([(kind == ONE_PARENT) & (relation == HEAD), kind == ALONE], [0.13, 0.66], 0.5)
    sex = (rng.random(many) < men).astype(np.int32)
    rare = rng.random(many)
    return np.where(rare < 0.012, 2, np.where(rare < 0.022, 3, sex)).astype(np.int32)


def _said(yes: NDArray[np.bool_], rng: np.random.Generator, unknown: float) -> Numbers:
    """HUD codes 0 and 1; a share of unknown as 8, 9 and 99, blind to the answer."""
    missing = rng.random(len(yes)) < unknown
    return np.where(missing, rng.choice((8, 9, 99), len(yes)), yes).astype(np.int32)
