"""Which rows hold the planted trouble: value sets, an interval of something ordered, a county; of a wanted size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.records.errors import RecordsError

Shape = Literal["none", "sets", "interval", "county", "mixed"]
"""sets: values of two to four unordered attributes. interval: of one ordered attribute, and one or two sets.
county: the tracts of one county, and one or two sets. mixed: one of these, half of the time sets."""
Part = tuple[str, tuple[int, ...]]

TRIES, NEAR = 20_000, 0.1
MOST_VALUES = 5
LARGEST = 0.7  # share of rows that a restriction may leave: a looser one would hardly be part of the trouble
SMALLEST = 0.05  # share that each value has of its set: a rarer one nobody could tell


@dataclass(frozen=True)
class Drawn:
    """What decides how many rows a plant holds. shares: of each attribute, (classes, values). county: tracts in one."""

    names: tuple[str, ...]
    ordered: tuple[bool, ...]
    weights: NDArray[np.float64]
    shares: tuple[NDArray[np.float64], ...]
    county: int

    def share(self, plant: tuple[Part, ...]) -> float:
        """Share of rows inside: attributes are independent within a class."""
        inside = self.weights.copy()
        for name, values in plant:
            inside *= self.shares[self.names.index(name)][:, list(values)].sum(axis=1)
        return float(inside.sum())


def draw_plant(drawn: Drawn, shape: Shape, wanted: float, *, seed: int) -> tuple[Part, ...]:
    """Restrictions that leave a share of the rows within a tenth of what is wanted. Raises RecordsError."""
    rng = np.random.default_rng([seed, 4])
    kinds: tuple[Shape, ...] = ("sets", "sets", "interval", "county") if shape == "mixed" else (shape,)
    for _ in range(TRIES):
        plant = _tried(rng, drawn, kinds[int(rng.integers(len(kinds)))], wanted)
        if plant and abs(drawn.share(plant) / wanted - 1) <= NEAR:
            return tuple(sorted(plant))
    raise RecordsError("No such plant has that size among so many rows. Ask for another shape, size or seed.")


def _tried(rng: np.random.Generator, drawn: Drawn, shape: Shape, wanted: float) -> tuple[Part, ...]:
    """One attempt; () where a set comes out too loose or too ragged."""
    unordered = [name for name, ordered in zip(drawn.names, drawn.ordered, strict=True) if not ordered]
    first: list[Part] = []
    if shape == "interval":
        first = [_interval(rng, drawn)]
    if shape == "county":
        begin = int(rng.integers(len(_marginal(drawn, "tract")) // drawn.county)) * drawn.county
        first = [("tract", tuple(range(begin, begin + drawn.county)))]
    free = [name for name in unordered if name not in dict(first)]
    more = int(rng.integers(2, 5)) if shape == "sets" else int(rng.integers(1, 3))
    chosen = rng.choice(free, more, replace=False)
    left = wanted / drawn.share(tuple(first))
    if left >= LARGEST:
        return ()
    sizes = np.array([len(_marginal(drawn, str(name))) for name in chosen])
    split = rng.dirichlet(3 * np.log(sizes))  # an attribute of many values can leave fewer rows
    parts = [_set(rng, drawn, str(name), left ** float(part)) for name, part in zip(chosen, split, strict=True)]
    return () if any(not values for _, values in parts) else (*first, *parts)


def _interval(rng: np.random.Generator, drawn: Drawn) -> Part:
    name = str(rng.choice([each for each, ordered in zip(drawn.names, drawn.ordered, strict=True) if ordered]))
    values = len(_marginal(drawn, name))
    wide = int(rng.integers(2, max(values // 2, 2) + 1))
    begin = int(rng.integers(0, values - wide + 1))
    return name, tuple(range(begin, begin + wide))


def _set(rng: np.random.Generator, drawn: Drawn, name: str, wanted: float) -> Part:
    """Values drawn in any order until they have about the share wanted; none where that fails."""
    marginal = _marginal(drawn, name)
    most = min(int(rng.integers(1, MOST_VALUES + 1)), len(marginal) - 1)
    values = rng.permutation(len(marginal))[:most]
    share = float(marginal[values].sum())
    near = 0.5 * wanted <= share <= min(2 * wanted, LARGEST)
    return name, tuple(sorted(int(v) for v in values)) if near and marginal[values].min() >= SMALLEST * share else ()


def _marginal(drawn: Drawn, name: str) -> NDArray[np.float64]:
    marginal: NDArray[np.float64] = drawn.weights @ drawn.shares[drawn.names.index(name)]
    return marginal
