"""Invented records for the search, with the truth beside them: eleven attributes, known chances, a planted trouble.

Persons belong to hidden classes that make attributes hang together and answers differ; both stand in the expectation,
so that only what is planted is beyond it. The same seed gives the same rows, in pieces of any number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import log

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.rows_plant import Drawn, Part, Shape, draw_plant
from upwell.records.errors import RecordsError

Floats = NDArray[np.float64]

PIECE = 1 << 17
"""Persons drawn together; part of what a seed means."""
CLASSES, GRAIN, MONTHS = 4, 1 << 16, 36
COUNTY = 5  # tracts that follow one another make a county


@dataclass(frozen=True)
class Attribute:
    """name; values: how many; ordered: they have an order."""

    name: str
    values: int
    ordered: bool = False


ATTRIBUTES = (
    Attribute("sex", 2),
    Attribute("veteran", 2),
    Attribute("disability", 3),
    Attribute("income", 4),
    Attribute("household", 5),
    Attribute("stay", 6, ordered=True),
    Attribute("race", 7),
    Attribute("age", 9, ordered=True),
    Attribute("quarter", 12, ordered=True),
    Attribute("programme", 24),
    Attribute("tract", 60),
)
NAMES = tuple(each.name for each in ATTRIBUTES)


@dataclass(frozen=True)
class Recipe:
    """What is invented. persons: how many; each has `repeats` rows, alike but for the quarter, with one fate for all.

    shape: of what is planted, or "none". planted: rows inside, about. odds: of a yes there, times so much.
    rate: share of yes, about. effects: sd of the main effects, log odds. spread: sd of the programmes' own log odds,
    which no expectation knows. since: first month with the trouble, 0..35; 0 always.
    Raises RecordsError where it cannot be made.
    """

    persons: int
    seed: int
    shape: Shape = "none"
    planted: int = 1_100
    odds: float = 2.5
    repeats: int = 1
    rate: float = 0.15
    effects: float = 0.3
    spread: float = 0.0
    since: int = 0

    def __post_init__(self) -> None:
        if min(self.persons, self.repeats, self.planted) < 1:
            raise RecordsError("Persons, repeats and planted rows must each be at least 1.")
        if not (0 < self.rate < 1 and self.odds > 0 and self.effects >= 0 and self.spread >= 0):
            raise RecordsError("The rate lies between 0 and 1, the odds above 0, effects and spread are not negative.")
        if not 0 <= self.since < MONTHS:
            raise RecordsError(f"The first month with the trouble lies between 0 and {MONTHS - 1}.")

    @property
    def rows(self) -> int:
        """How many records."""
        return self.persons * self.repeats


@dataclass(frozen=True)
class Rows:
    """Records. codes: uint8, shape (attributes, rows), in the order of ATTRIBUTES. yes: the answers.

    expected: float32, the chance of a yes were nothing planted and no programme different. inside: bool, the planted
    ones. person: int64. month: int16, 0..35.
    """

    codes: NDArray[np.uint8]
    yes: NDArray[np.bool_]
    expected: NDArray[np.float32]
    inside: NDArray[np.bool_]
    person: NDArray[np.int64]
    month: NDArray[np.int16]


@dataclass(frozen=True)
class World:
    """What a recipe draws before any person.

    weights: share of each class. shares: of each attribute, shape (classes, values). base: log odds of each class.
    effects: of each attribute, log odds by value. own: of each programme, unknown to the expectation.
    plant: attribute and values of each restriction; () nothing.
    """

    recipe: Recipe
    weights: Floats
    shares: tuple[Floats, ...]
    base: Floats
    effects: tuple[Floats, ...]
    own: Floats
    plant: tuple[Part, ...]


def world(recipe: Recipe) -> World:
    """The classes, effects and plant of a recipe. Raises RecordsError where nothing of that size and shape exists."""
    rng = np.random.default_rng([recipe.seed, 0])
    weights = rng.dirichlet(np.full(CLASSES, 4.0))
    shares = tuple(_shares(rng, each) for each in ATTRIBUTES)
    effects = tuple(_effects(rng, each, recipe.effects) for each in ATTRIBUTES)
    base = log(recipe.rate / (1 - recipe.rate)) + rng.normal(0, recipe.effects, CLASSES)
    own = np.random.default_rng([recipe.seed, 1]).normal(0, recipe.spread, ATTRIBUTES[NAMES.index("programme")].values)
    wanted = recipe.planted / recipe.rows * MONTHS / (MONTHS - recipe.since)
    drawn = Drawn(NAMES, tuple(each.ordered for each in ATTRIBUTES), weights, shares, COUNTY)
    plant = draw_plant(drawn, recipe.shape, wanted, seed=recipe.seed) if recipe.shape != "none" else ()
    return World(recipe, weights, shares, base, effects, own, plant)


def pieces(made: World) -> Iterator[Rows]:
    """The records, some hundred thousand at a time, in order."""
    for number, first in enumerate(range(0, made.recipe.persons, PIECE)):
        yield _piece(made, number, first, min(PIECE, made.recipe.persons - first))


def rows(recipe: Recipe) -> Rows:
    """All records at once."""
    parts = list(pieces(world(recipe)))
    joined = {each.name: [getattr(part, each.name) for part in parts] for each in fields(Rows)}
    return Rows(**{name: np.concatenate(arrays, axis=-1) for name, arrays in joined.items()})


def _shares(rng: np.random.Generator, attribute: Attribute) -> Floats:
    """Skewed shares of the values, a little different in each class; time alone is even."""
    if attribute.name == "quarter":
        return np.full((CLASSES, attribute.values), 1 / attribute.values)
    usual = 1 / (2.0 + np.arange(attribute.values))
    if not attribute.ordered:
        usual = rng.permutation(usual)
    tilted = usual * np.exp(rng.normal(0, 0.5, (CLASSES, attribute.values)))
    even: Floats = tilted / tilted.sum(axis=1, keepdims=True)
    return even


def _effects(rng: np.random.Generator, attribute: Attribute, spread: float) -> Floats:
    """Centred, so that many attributes do not move the rate; smooth where the values have an order."""
    drawn = rng.normal(0, spread, attribute.values)
    effects: Floats = drawn - drawn.mean()
    return np.sort(effects) if attribute.ordered else effects


def _piece(made: World, number: int, first: int, persons: int) -> Rows:
    recipe = made.recipe
    rng = np.random.default_rng([recipe.seed, 2, number])
    drawn = _drawn(rng, made)  # always a whole piece, so that fewer persons are the first of more
    fate = rng.random(PIECE, dtype=np.float32)[:persons]
    codes = np.repeat(drawn[:, :persons], recipe.repeats, axis=1)
    month = (
        np.random.default_rng([recipe.seed, 3, number]).integers(0, MONTHS, persons * recipe.repeats).astype(np.int16)
    )
    codes[NAMES.index("quarter")] = month // 3
    odds, hidden = _log_odds(made, codes, np.repeat(drawn[-1, :persons], recipe.repeats))
    inside = np.full(codes.shape[1], bool(made.plant))
    for name, values in made.plant:
        inside &= np.isin(codes[NAMES.index(name)], np.array(values, dtype=np.uint8))
    inside &= month >= recipe.since
    expected = _chance(odds)
    truth = _chance(odds + hidden + np.float32(log(recipe.odds)) * inside.astype(np.float32))
    person = np.repeat(np.arange(first, first + persons), recipe.repeats)
    return Rows(codes[:-1], np.repeat(fate, recipe.repeats) < truth, expected, inside, person, month)


def _drawn(rng: np.random.Generator, made: World) -> NDArray[np.uint8]:
    """Codes of a piece's persons, shape (attributes + 1, persons); the class comes last."""
    codes = np.empty((len(ATTRIBUTES) + 1, PIECE), dtype=np.uint8)
    codes[-1] = _lookup(made.weights[None, :])[0][rng.integers(0, GRAIN, PIECE, dtype=np.uint16)]
    begin = codes[-1].astype(np.uint32) << 16
    for j, shares in enumerate(made.shares):
        codes[j] = _lookup(shares).ravel()[begin + rng.integers(0, GRAIN, PIECE, dtype=np.uint16)]
    return codes


def _lookup(shares: Floats) -> NDArray[np.uint8]:
    """The value of each of 65,536 equal chances, shape (classes, 65536)."""
    at = (np.arange(GRAIN) + 0.5) / GRAIN
    ends = np.cumsum(shares, axis=1)[:, :-1]
    return np.stack([np.searchsorted(each, at, side="right") for each in ends]).astype(np.uint8)


def _log_odds(
    made: World, codes: NDArray[np.uint8], classes: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What is expected, and what the programmes add to it unseen: their mean chance stays as expected."""
    odds: NDArray[np.float32] = made.base.astype(np.float32)[classes]
    for j, effects in enumerate(made.effects):
        odds += effects.astype(np.float32)[codes[j]]
    own = made.own.astype(np.float32)[codes[NAMES.index("programme")]]
    if made.recipe.spread:
        own = own - (1 - 2 * _chance(odds)) * np.float32(made.recipe.spread**2 / 2)
    return odds, own


def _chance(odds: NDArray[np.float32]) -> NDArray[np.float32]:
    chance: NDArray[np.float32] = np.float32(1) / (np.float32(1) + np.exp(-odds))
    return chance
