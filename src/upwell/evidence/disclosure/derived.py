"""Counts that are not printed but follow by one subtraction: all but one group, or one answer without another.

"98 of 100 are in shelters" prints two people elsewhere; "40 within a year, 37 within half a year" prints three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import permutations

from upwell.evidence.disclosure.draft import Cell, Crowd

Part = tuple[frozenset[int], Cell]


def differences(crowd: Crowd, cells: Sequence[Cell]) -> dict[Cell, tuple[Cell, Cell]]:
    """Cells that are one cell less another that lies within it, and that nobody asked for; with those two cells.

    Only pairs that differ in one column, or in the outcome, and nowhere else: the rest count no group with a name.
    """
    asked = set(cells)
    found: dict[Cell, tuple[Cell, Cell]] = {}
    for (column, _), parts in _families(crowd, cells).items():
        for (wider, whole), (narrower, part) in permutations(parts, 2):
            if narrower < wider:
                left = _with(column, tuple(sorted(wider - narrower)), whole)
                if left not in asked:
                    found.setdefault(left, (whole, part))
    return found


def _families(crowd: Crowd, cells: Sequence[Cell]) -> Mapping[tuple[str, object], list[Part]]:
    """Cells that agree in all but one column ("" is the outcome), with the values they allow there."""
    inside = {(cell.where, cell.outcomes): cell for cell in cells if not cell.outside}
    families: dict[tuple[str, object], list[Part]] = defaultdict(list)
    for (where, outcomes), cell in inside.items():
        families["", where].append((frozenset(outcomes), cell))
        for at, (column, values) in enumerate(where):
            rest = where[:at] + where[at + 1 :]
            family = families[column, (rest, outcomes)]
            whole = inside.get((rest, outcomes))
            if whole is not None and not family:
                family.append((frozenset(range(crowd.sizes[column])), whole))
            family.append((frozenset(values), cell))
    return families


def _with(column: str, values: tuple[int, ...], like: Cell) -> Cell:
    if not column:
        return Cell(like.crowd, like.where, values)
    where = dict(like.where) | {column: values}
    return Cell(like.crowd, tuple(sorted(where.items())), like.outcomes)
