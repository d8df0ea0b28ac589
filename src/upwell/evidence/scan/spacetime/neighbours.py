"""Neighbourhoods of places: who lies near whom, by coordinates or by a list of neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.records.cases.table import Column, Group

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_PLACES = 4_000
"""Distances of all pairs are held in memory."""
TIE = 1e-9  # relative difference of distances that are one
ROUND_SIZES = (2, 3, 4, 6, 8, 12, 16, 24, 32)
NAMED = 3  # places that a sentence names


@dataclass(frozen=True)
class Near:
    """Every place's neighbours, nearest first, itself at the front.

    order: int64, shape (places, places), -1 behind the last that can be reached. far: float64, the same shape: how far
    (unit of the coordinates, kilometres on the globe, or steps), infinite where order is -1.
    said: sentences about what was put right or stands alone.
    """

    order: NDArray[np.int64]
    far: Floats
    said: tuple[str, ...] = ()

    @property
    def places(self) -> int:
        """How many places there are."""
        return len(self.order)

    def ends(self) -> Bools:
        """Where a circle may end: never between places that are equally far from its centre."""
        reached = np.isfinite(self.far)
        here, further = np.where(reached, self.far, 0.0), np.full_like(self.far, np.inf)
        further[:, :-1] = self.far[:, 1:]
        ends: Bools = reached & (further > here * (1 + TIE) + TIE * _unit(self.far))
        return ends


def _unit(far: Floats) -> float:
    """The smallest distance above 0: what a tie is measured by."""
    apart = far[np.isfinite(far) & (far > 0)]
    return float(apart.min()) if len(apart) else 1.0


def planar(coordinates: Floats) -> Near:
    """Neighbours by straight lines; coordinates: shape (places, 2), any unit.

    Raises EvidenceError for coordinates that are missing or not numbers.
    """
    points = _points(coordinates)
    return _ranked(np.stack([np.hypot(*(points - point).T) for point in points]))


EARTH_KM = 6371.0088
"""Mean radius."""


def globe(coordinates: Floats) -> Near:
    """Neighbours by great circles, in kilometres; coordinates: degrees, shape (places, 2), latitude first.

    Raises EvidenceError for coordinates that are missing or no latitude and longitude.
    """
    points = _points(coordinates)
    if (np.abs(points[:, 0]) > 90).any() or (np.abs(points[:, 1]) > 360).any():
        raise EvidenceError("Latitudes lie between -90 and 90 and longitudes between -180 and 180: is the order right?")
    north, east = np.radians(points).T
    half = (
        np.sin((north[:, None] - north) / 2) ** 2
        + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    )
    return _ranked(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _points(coordinates: Floats) -> Floats:
    points = np.asarray(coordinates, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise EvidenceError("Give two coordinates for each place.")
    if len(points) > MOST_PLACES:
        raise EvidenceError(f"At most {MOST_PLACES} places can be searched together: use larger places.")
    if not np.isfinite(points).all():
        raise EvidenceError("A place has no coordinates: give them, or leave the place out.")
    return points


def _ranked(far: Floats) -> Near:
    np.fill_diagonal(far, -1.0)  # a place comes first among its own neighbours, others at the same spot after it
    order = np.argsort(far, axis=1, kind="stable").astype(np.int64)
    np.fill_diagonal(far, 0.0)
    far = np.take_along_axis(far, order, axis=1)
    return Near(np.where(np.isfinite(far), order, -1), far)


def by_steps(pairs: Sequence[tuple[int, int]], places: int, *, said: tuple[str, ...] = ()) -> Near:
    """Neighbours by the fewest borders to cross; pairs: places that touch, in either order."""
    if places > MOST_PLACES:
        raise EvidenceError(f"At most {MOST_PLACES} places can be searched together: use larger places.")
    touching: list[set[int]] = [set() for _ in range(places)]
    for one, other in pairs:
        touching[one].add(other)
        touching[other].add(one)
    far = np.full((places, places), np.inf)
    for centre in range(places):
        ring, steps = [centre], 0
        while ring:
            far[centre, ring] = steps
            steps += 1
            ring = sorted({new for at in ring for new in touching[at] if far[centre, new] == np.inf})
    ranked = _ranked(far)
    return Near(ranked.order, ranked.far, said)


def from_text(text: str, places: Sequence[str]) -> Near:
    """Neighbours from lines `place,neighbour`, both ways; a first line of headings is allowed.

    places: all there are. A border given one way only is taken both ways, and said; so are places without neighbours.
    Raises EvidenceError for a line that is no pair and for a place that is not among them.
    """
    number = {place: at for at, place in enumerate(places)}
    pairs: dict[tuple[int, int], None] = {}
    for at, line in enumerate(text.splitlines(), start=1):
        words = [word.strip().strip('"') for word in line.split(",")]
        if not line.strip() or (at == 1 and [word.lower() for word in words] == ["place", "neighbour"]):
            continue
        if len(words) != 2:
            raise EvidenceError(f"Line {at} of the neighbours is not `place,neighbour`.")
        unknown = [word for word in words if word not in number]
        if unknown:
            raise EvidenceError(
                f"Line {at} of the neighbours names {unknown[0]!r}, which is no place of these records."
            )
        if words[0] != words[1]:
            pairs[number[words[0]], number[words[1]]] = None
    return by_steps(list(pairs), len(places), said=_said(pairs, places))


def _said(pairs: dict[tuple[int, int], None], places: Sequence[str]) -> tuple[str, ...]:
    one_sided = [places[one] for one, other in pairs if (other, one) not in pairs]
    touched = {place for pair in pairs for place in pair}
    islands = [place for at, place in enumerate(places) if at not in touched]
    said = []
    if one_sided:
        said.append(f"Some borders are given one way only and were taken both ways: those of {_named(one_sided)}.")
    if islands:
        said.append(f"Without a neighbour, so never part of a larger area: {_named(islands)}.")
    return tuple(said)


def _named(places: Sequence[str]) -> str:
    different = list(dict.fromkeys(places))
    more = len(different) - NAMED
    return ", ".join(different[:NAMED]) + (f" and {more} more" if more > 0 else "")


def around(
    column: Column, codes: Sequence[int], near: Near, *, sizes: Sequence[int] = ROUND_SIZES
) -> tuple[Group, ...]:
    """Neighbourhoods of a column's values as groups that a search may choose: each set once, none of every place.

    codes: of the column's values, one for each place of `near`. sizes: about how many places; half of them at most.
    """
    if len(codes) != near.places:
        raise EvidenceError("Every place needs its value in the column: one code a place.")
    groups: dict[tuple[int, ...], Group] = {}
    for centre, may_end in enumerate(near.ends()):
        stops = np.flatnonzero(may_end) + 1
        for size in sizes:
            held = int(stops[np.searchsorted(stops, size).clip(max=len(stops) - 1)])
            if not 1 < held <= max(near.places // 2, 2) or held == near.places:
                continue
            members = tuple(sorted(codes[place] for place in near.order[centre, :held]))
            words = f"around {column.values[codes[centre]].words} ({held} places)"
            groups.setdefault(members, Group(words, members))
    return tuple(groups.values())
