"""Clusters in space and time: neighbouring places where, for some months, events are more frequent than elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.spacetime import cylinders
from upwell.evidence.scan.spacetime.neighbours import Near, from_text, globe, planar
from upwell.library import given
from upwell.library.given import Array, Source
from upwell.library.patterns.answers import months_of
from upwell.library.patterns.options import Progress
from upwell.library.patterns.people import Calendar

Month = str | int
Spots = Mapping[str, Sequence[float]]
Borders = str | Path | Sequence[tuple[str, str]]
Floats = NDArray[np.float64]

ALPHA = 0.05
MOST_CELLS = 5_000_000  # places times months


@dataclass(frozen=True, repr=False)
class Cluster:
    """Places and months with more events than expected. Exact numbers, for the case team alone.

    places: from the centre outwards. expected: events, had all places and months the same level. p: corrected for every
    window that was compared. score: nats.
    """

    places: tuple[str, ...]
    first: Month
    last: Month
    events: int
    expected: float
    p: float
    score: float

    @property
    def ratio(self) -> float:
        """Events over those expected."""
        return self.events / self.expected

    def sentence(self) -> str:
        """The cluster in plain words, with its counts: not for outside."""
        where = self.places[0] if len(self.places) == 1 else f"{len(self.places)} places around {self.places[0]}"
        when = f"in {self.first}" if self.first == self.last else f"from {self.first} to {self.last}"
        return (
            f"In {where}, {when}: {self.events:,} events where {self.expected:,.0f} would be expected at the level of "
            f"all ({self.ratio:.1f} times; p = {self.p:.2g})."
        )

    def to_dict(self) -> dict[str, object]:
        """The cluster as standard values."""
        return {
            "places": list(self.places),
            "first": self.first,
            "last": self.last,
            "events": self.events,
            "expected": self.expected,
            "ratio": self.ratio,
            "p": self.p,
            "score": self.score,
        }

    def __repr__(self) -> str:
        """That it may not be shown outside; no count."""
        return "Cluster(NOT PROTECTED: exact counts, for the case team alone)"


@dataclass(frozen=True, repr=False)
class Clusters:
    """What a search for clusters came upon. clusters: those with p at most 0.05, no place in two of them, best first.

    weaker: the next ones, which chance explains. windows: how many were compared. law: "poisson" or "bernoulli".
    said: what was done on the way.
    """

    clusters: tuple[Cluster, ...]
    weaker: tuple[Cluster, ...]
    windows: int
    worlds: int
    law: str
    said: tuple[str, ...] = ()
    note: str = ""

    def sentence(self) -> str:
        """The clusters in plain words, with their counts: not for outside."""
        if self.clusters:
            return " ".join(each.sentence() for each in self.clusters)
        return self.note or "No places and months stand out beyond chance."

    def to_dict(self) -> dict[str, object]:
        """All of it as standard values."""
        return {
            "clusters": [each.to_dict() for each in self.clusters],
            "weaker": [each.to_dict() for each in self.weaker],
            "windows": self.windows,
            "worlds": self.worlds,
            "law": self.law,
            "said": list(self.said),
            "note": self.note,
        }

    def __repr__(self) -> str:
        """How many, and that nothing in it may be shown outside."""
        return f"Clusters(NOT PROTECTED: exact counts, for the case team alone; {len(self.clusters)} clusters)"


def find_clusters(
    source: Source,
    *,
    place: str = "place",
    month: str = "month",
    events: str = "events",
    population: str | None = None,
    expected: str | None = None,
    latlon: Spots | None = None,
    xy: Spots | None = None,
    neighbours: Borders | None = None,
    share: float = cylinders.HALF,
    longest: int | None = None,
    alive: bool = False,
    worlds: int = 999,
    most: int = 5,
    seed: int = 1,
    progress: Progress | None = None,
) -> Clusters:
    """Circles of neighbouring places, and months, with more events than the level of all lets expect, after Kulldorff.

    source: one row for each place and month, as `find_patterns` takes it. place, month, events, population, expected:
    names of its columns; population: persons at risk; expected: events expected, where something is adjusted for: one
    of the two. Rows of the same place and month are added up; where there is none, nobody was at risk.
    latlon: place -> (latitude, longitude); xy: place -> coordinates on a plane; neighbours: pairs of places that touch,
    their text, or a file of lines `place,neighbour`: one of the three.
    share: of those at risk that a circle may hold. longest: months. alive: only what reaches the last month.
    Where more than one person in ten has the event, the Bernoulli law is used, else Poisson's.
    Raises EvidenceError, with what to do, for what cannot be read or placed.
    """
    risk = population if expected is None else expected
    if risk is None or (population is not None and expected is not None):
        raise EvidenceError("Give population= (persons at risk) or expected= (events), by the name of its column.")
    cells = _cells(source, (place, month, events, risk))
    near = _near(cells.places, latlon, xy, neighbours)
    people = population is not None and cells.events.sum() > cylinders.COMMON * cells.risk.sum()
    wish = cylinders.Wish(_share(share), _months(longest), alive, people, max(worlds, 1), max(most, 1))
    came = cylinders.search(cells.events, cells.risk, near, wish, seed=seed, progress=progress)
    told = tuple(_told(each, cells) for each in came.clusters)
    return Clusters(
        clusters=tuple(each for each in told if each.p <= ALPHA),
        weaker=tuple(each for each in told if each.p > ALPHA),
        windows=came.windows,
        worlds=came.worlds,
        law="bernoulli" if people else "poisson",
        said=(*cells.said, *near.said),
        note=came.note,
    )


def _told(found: cylinders.Cluster, cells: _Cells) -> Cluster:
    return Cluster(
        tuple(cells.places[at] for at in found.places),
        cells.calendar.told(found.first),
        cells.calendar.told(found.last),
        found.events,
        found.expected,
        found.p,
        found.score,
    )


def _share(share: float) -> float:
    if not 0 < share <= 1:
        raise EvidenceError("`share` is the share of those at risk that a circle may hold: above 0, at most 1.")
    return float(share)


def _months(longest: int | None) -> int | None:
    if longest is not None and longest < 1:
        raise EvidenceError("`longest` is the most months that a cluster may last: 1 or more.")
    return None if longest is None else int(longest)


@dataclass(frozen=True)
class _Cells:
    """events, risk: shape (places, months), places in the order of `places`."""

    places: tuple[str, ...]
    events: NDArray[np.int64]
    risk: Floats
    calendar: Calendar
    said: tuple[str, ...]


def _cells(source: Source, names: tuple[str, str, str, str]) -> _Cells:
    opened = given.opened(source)
    for name in names:
        given.check_held(name, given.names_of(opened))
    held = given.values_of(opened, names)
    at, places = given.coded(held[names[0]])
    months = months_of(held[names[1]])
    seen, risk = _numbers(held[names[2]], names[2]), _numbers(held[names[3]], names[3])
    kept = (at >= 0) & (months.number >= 0)
    if not kept.any():
        raise EvidenceError("There are no rows with a place and a month.")
    if (np.mod(seen, 1) != 0).any():
        raise EvidenceError(f"The column {names[2]!r} holds events: whole numbers of 0 or more.")
    first = int(months.number[kept].min())
    width = int(months.number[kept].max()) - first + 1
    if len(places) * width > MOST_CELLS:
        raise EvidenceError("There are too many places and months to compare: use larger places or fewer months.")
    cell = at[kept] * width + months.number[kept] - first
    shape = (len(places), width)
    return _Cells(
        places,
        np.bincount(cell, weights=seen[kept], minlength=len(places) * width).reshape(shape).astype(np.int64),
        np.bincount(cell, weights=risk[kept], minlength=len(places) * width).reshape(shape).astype(np.float64),
        Calendar(first + months.start, months.dated),
        () if kept.all() else ("Rows without a place or a month were left out.",),
    )


def _numbers(values: Array, name: str) -> Floats:
    try:
        numbers = np.array([float(given.word(each) or "nan") for each in values], dtype=np.float64)
    except ValueError:
        raise EvidenceError(f"The column {name!r} holds something that is no number.") from None
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise EvidenceError(f"The column {name!r} holds numbers of 0 or more, one in every row; write 0 for none.")
    return numbers


def _near(places: tuple[str, ...], latlon: Spots | None, xy: Spots | None, borders: Borders | None) -> Near:
    if sum(each is not None for each in (latlon, xy, borders)) != 1:
        raise EvidenceError("Say where the places lie: by one of latlon=, xy= and neighbours=.")
    if latlon is not None:
        return globe(_spots(places, latlon))
    if xy is not None:
        return planar(_spots(places, xy))
    return from_text(_text(borders), places)


def _spots(places: tuple[str, ...], spots: Spots) -> Floats:
    named = {given.word(place): spot for place, spot in spots.items()}
    lacking = [place for place in places if place not in named]
    if lacking:
        raise EvidenceError(f"There are no coordinates for {lacking[0]!r}: give them, or leave the place out.")
    try:
        return np.array([[float(each) for each in named[place]] for place in places], dtype=np.float64)
    except (TypeError, ValueError):
        raise EvidenceError("Each place has two coordinates, both numbers.") from None


def _text(borders: Borders | None) -> str:
    if isinstance(borders, Path) or (isinstance(borders, str) and "\n" not in borders and "," not in borders):
        path = Path(borders)
        if not path.is_file():
            raise EvidenceError(f"There is no file of neighbours at {path}.")
        return path.read_text(encoding="utf-8-sig")
    if isinstance(borders, str):
        return borders
    pairs = [tuple(given.word(each) for each in pair) for pair in borders or ()]
    both = {pair: None for one in pairs for pair in (one, one[::-1])}  # a pair tells of both ways
    return "\n".join(",".join(pair) for pair in both)
