"""Counts that are not printed but follow by one subtraction: all but one group, or one answer without another.

"98 of 100 are in shelters" prints two people elsewhere; "40 within a year, 37 within half a year" prints three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.draft import Cell, Crowd

Numbers = NDArray[np.int64]
Part = tuple[frozenset[int], int]
Nested = tuple[tuple[int, int, tuple[int, ...]], ...]


def differences(
    crowd: Crowd, cells: Sequence[Cell], matters: Callable[[Numbers, Numbers], NDArray[np.bool_]] | None = None
) -> dict[Cell, tuple[Cell, Cell]]:
    """Cells that are one cell less another that lies within it, and that nobody asked for; with those two cells.

    Only pairs that differ in one column, or in the outcome, and nowhere else: the rest count no group with a name.
    matters: of pairs, given as numbers into `cells` (the whole, the part), those to find; None: all. It is asked
    about many pairs at once, so that a lattice of 20,000 cells takes about a second.
    """
    asked = set(cells)
    families = _families(crowd, cells)
    pairs = list(_pairs(families))
    whole, part = (np.array([pair[at] for pair in pairs], dtype=np.int64) for at in (0, 1))
    kept = np.flatnonzero(matters(whole, part)) if matters is not None and pairs else range(len(pairs))
    found: dict[Cell, tuple[Cell, Cell]] = {}
    for at in kept:
        larger, smaller, column, values = pairs[at]
        left = _with(column, values, cells[larger])
        if left not in asked:
            found.setdefault(left, (cells[larger], cells[smaller]))
    return found


def _pairs(families: Mapping[tuple[str, object], list[Part]]) -> Iterator[tuple[int, int, str, tuple[int, ...]]]:
    """The whole, the part, the column in which they differ, and what the whole allows there beyond the part."""
    known: dict[tuple[frozenset[int], ...], Nested] = {}
    for (column, _), parts in families.items():
        allowed = tuple(each for each, _ in parts)
        if allowed not in known:  # thousands of families of one column cut it in the same way
            known[allowed] = _nested(allowed)
        for wider, narrower, values in known[allowed]:
            yield parts[wider][1], parts[narrower][1], column, values


def _nested(allowed: Sequence[frozenset[int]]) -> Nested:
    return tuple(
        (at, other, tuple(sorted(wider - narrower)))
        for at, wider in enumerate(allowed)
        for other, narrower in enumerate(allowed)
        if narrower < wider
    )


def _families(crowd: Crowd, cells: Sequence[Cell]) -> Mapping[tuple[str, object], list[Part]]:
    """Cells that agree in all but one column ("" is the outcome), with the values they allow there."""
    inside = {(cell.where, cell.outcomes): at for at, cell in enumerate(cells) if not cell.outside}
    sets: dict[tuple[int, ...], frozenset[int]] = {}
    families: dict[tuple[str, object], list[Part]] = defaultdict(list)
    for (where, outcomes), number in inside.items():
        families["", where].append((sets.setdefault(outcomes, frozenset(outcomes)), number))
        for at, (column, values) in enumerate(where):
            rest = where[:at] + where[at + 1 :]
            family = families[column, (rest, outcomes)]
            whole = inside.get((rest, outcomes))
            if whole is not None and not family:
                family.append((frozenset(range(crowd.sizes[column])), whole))
            family.append((sets.setdefault(values, frozenset(values)), number))
    return families


def _with(column: str, values: tuple[int, ...], like: Cell) -> Cell:
    if not column:
        return Cell(like.crowd, like.where, values)
    where = dict(like.where) | {column: values}
    return Cell(like.crowd, tuple(sorted(where.items())), like.outcomes)
