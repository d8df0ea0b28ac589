"""Answers by chance: logistic main effects, plants on top, and the same person answering alike over stays."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any  # parsed TOML, which stays in this file

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.county import Places
from upwell.records.cases.synthetic.plant import Plant
from upwell.records.cases.synthetic.planting import inside
from upwell.records.cases.synthetic.vocabulary import VALUES

Table = dict[str, NDArray[np.int32]]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]
_ALIKE = 0.6  # share of a person's stays that draw the person's own number again: answers repeat within a person


class Chances:
    """Draws answers; one per county. Each answer alone is an exact Bernoulli draw from its logistic main effects.

    A person keeps one number per family of questions and uses it again in 6 of 10 stays, so stays of a person are alike
    while the answer at any one stay, and so at the index stay, stays independent between persons.
    """

    def __init__(self, *, people: int, plants: tuple[Plant, ...], places: Places, rng: np.random.Generator) -> None:
        self._people, self._plants, self._places, self._rng = people, plants, places, rng
        self._own: dict[str, NDArray[np.float32]] = {}

    def share(self, question: str, stays: Table) -> NDArray[np.float32]:
        """Probability of "yes" at each stay, plants included; float32, shape (stays,)."""
        log_odds = np.full(len(stays["person"]), _logit(_effects()[question]["share"]), np.float32)
        for column, effects in _effects()[question].items():
            if column != "share":
                added = np.array([effects.get(value, 0.0) for value in VALUES[column]], np.float32)
                log_odds += added[stays[column]]
        for plant in self._plants:
            if plant.question == question:
                held = inside(plant, stays, self._places)
                log_odds[held] += np.float32(np.log(plant.odds))
        return np.asarray(1 / (1 + np.exp(-log_odds)), np.float32)

    def numbers(self, family: str, person: NDArray[np.int32]) -> NDArray[np.float32]:
        """Uniform numbers in [0, 1), one a stay, often the person's own; float32."""
        if family not in self._own:
            self._own[family] = self._rng.random(self._people, dtype=np.float32)
        fresh = self._rng.random(len(person), dtype=np.float32)
        again = self._rng.random(len(person), dtype=np.float32) < _ALIKE
        return np.where(again, self._own[family][person], fresh)

    def yes(self, question: str, stays: Table) -> Flags:
        """The answer of every stay to a question, whether or not it is asked there."""
        return self.numbers(question, stays["person"]) < self.share(question, stays)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


@cache
def _effects() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("effects.toml").read_text("utf-8"))
