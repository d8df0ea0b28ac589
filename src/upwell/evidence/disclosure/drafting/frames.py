"""Who could be counted: the people a question looks at, those it asks, and those it leaves out, by reason.

Several questions look at the same people (everybody who left, say), as everybody may read in how they are asked. Then
those asked and those left out add up to the same number in each, and one table gives away what another withholds. So
all questions that look at equally many people stand in one crowd, together with the people served whom they do not
look at. Whoever is left out because of impossible dates is so in each of them, where they leave out equally many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from upwell.evidence.disclosure.draft import Cell, Crowd
from upwell.records.cases.table import Asked

IMPOSSIBLE = "dates impossible"
OWN, SHARED, OUTSIDE = 0, 1, 2
"""Outcomes: asked or left out for a reason of the question's own, left out in every question alike, not looked at."""


@dataclass(frozen=True)
class Frame:
    """One crowd of people looked at. cells: question name -> reason -> the count of those left out for it."""

    crowd: Crowd
    cells: Mapping[str, Mapping[str, Cell]]


def frames(answers: Sequence[Asked], served: int) -> tuple[Frame, ...]:
    """The frames of these questions, widest first. served: persons served, as printed.

    Ask for all questions of an export, so that two releases of one snapshot can be held against each other.
    """
    families: dict[int, list[Asked]] = {}
    for asked in answers:
        families.setdefault(_looked_at(asked), []).append(asked)
    return tuple(_frame(families[persons], persons, served) for persons in sorted(families, reverse=True))


def _looked_at(asked: Asked) -> int:
    return asked.persons + sum(asked.left_out.values())


def _frame(family: Sequence[Asked], persons: int, served: int) -> Frame:
    name = f"frame-{min(asked.question.name for asked in family)}"
    told_as = {_same_people(asked): asked for asked in reversed(family)}
    own, family = {asked.question.name: told_as[_same_people(asked)] for asked in family}, tuple(told_as.values())
    alike, shared = _alike(family) or 0, _alike(family) is not None
    outside = max(served - persons, 0)
    presumed = [cell for asked in family for cell in _presumed(name, asked, shared=shared)]
    if served >= persons:
        presumed.append(Cell(name, (), (OWN, SHARED, OUTSIDE), known_as=f"{name}||served"))
    watched = [cell for asked in family for cell in _watched(name, asked)]
    watched.append(Cell(name, (), (OWN, SHARED), known_as=f"{name}||looked at"))
    watched.append(Cell(name, (), (OUTSIDE,), known_as=f"{name}||not looked at"))
    crowd = Crowd(
        name=name,
        outcome=np.repeat(np.array([OWN, SHARED, OUTSIDE], np.uint8), [persons - alike, alike, outside]),
        outcomes=3,
        codes={asked.question.name: _codes(asked, alike, outside) for asked in family},
        sizes={asked.question.name: 1 + len(asked.left_out) for asked in family},
        full=any(asked.question.protection == "full" for asked in family),
        presumed=tuple(presumed),
        watched=tuple(watched),
    )
    return Frame(crowd, {each: _reasons(name, asked, shared=shared) for each, asked in own.items()})


def _same_people(asked: Asked) -> tuple[object, ...]:
    """The same for questions of one population that leave out the same people: they are told once."""
    return asked.question.population, asked.persons, tuple(asked.left_out.items())


def _alike(family: Sequence[Asked]) -> int | None:
    """Persons left out of every question for impossible dates; None where questions leave out different numbers."""
    numbers = {asked.left_out.get(IMPOSSIBLE) for asked in family}
    return numbers.pop() if len(numbers) == 1 else None


def _codes(asked: Asked, alike: int, outside: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """0 asked or not looked at, else the number of a reason. Which reasons meet in a person is not told, nor needed."""
    reasons = list(asked.left_out)
    own = [persons - (alike if reason == IMPOSSIBLE else 0) for reason, persons in asked.left_out.items()]
    shared = reasons.index(IMPOSSIBLE) + 1 if alike else 0
    codes = np.array([*range(len(own) + 1), shared, 0], dtype=np.uint8)
    return np.repeat(codes, [asked.persons, *own, alike, outside])


def _reasons(crowd: str, asked: Asked, *, shared: bool) -> dict[str, Cell]:
    name = asked.question.name
    return {
        reason: Cell(crowd, (), (SHARED,), known_as=f"{crowd}||{reason}")
        if shared and reason == IMPOSSIBLE
        else Cell(crowd, ((name, (at,)),), (OWN,), known_as=f"left-out-{name}||{reason}")
        for at, reason in enumerate(asked.left_out, 1)
    }


def _presumed(crowd: str, asked: Asked, *, shared: bool) -> tuple[Cell, ...]:
    """Those asked; that none of them has impossible dates; and, where these are shared, that nobody has them apart."""
    name = asked.question.name
    cells = (
        Cell(crowd, ((name, (0,)),), (OWN,), known_as=f"left-out-{name}||asked"),
        Cell(crowd, ((name, (0,)),), (SHARED,), known_as=f"left-out-{name}||asked with impossible dates"),
    )
    if not shared:
        return cells
    at = list(asked.left_out).index(IMPOSSIBLE) + 1
    return (*cells, Cell(crowd, ((name, (at,)),), (OWN,), known_as=f"left-out-{name}||impossible dates apart"))


def _watched(crowd: str, asked: Asked) -> tuple[Cell, Cell]:
    """All who are left out: for the question's own reasons, and with those of impossible dates."""
    name = asked.question.name
    some = tuple(range(1, len(asked.left_out) + 1))
    return (
        Cell(crowd, ((name, some),), (OWN,), known_as=f"left-out-{name}||own reasons"),
        Cell(crowd, ((name, some),), (OWN, SHARED), known_as=f"left-out-{name}||any reason"),
    )
