"""Cells of an earlier release, told in the codes of a later one: by the names of values, because codes move.

A value that nobody has any more is left away where others stand beside it: today's people of the group are those of
the rest. A cell whose column is gone, or none of whose values are known any more, cannot be told. It may overlap any
cell of today, and is held against all of them (past.changed_by_few).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from upwell.evidence.disclosure.draft import Cell, Crowd
from upwell.evidence.disclosure.history.ledger import LedgerEntry

OUTCOME = ""
"""The column of outcome classes, as Crowd.names calls it."""

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Retold:
    """An earlier release's cells of a crowd. cells: name then -> the cell of today. untold: names of the others."""

    cells: Mapping[str, Cell] = field(default_factory=dict)
    untold: tuple[str, ...] = ()


def names_of(crowds: Sequence[Crowd]) -> dict[str, tuple[str, ...]]:
    """What the ledger keeps of value names: "crowd|column" -> the name of each code, where names are known."""
    return {f"{crowd.name}|{column}": tuple(names) for crowd in crowds for column, names in sorted(crowd.names.items())}


def retold(entry: LedgerEntry, crowd: Crowd, cells: Mapping[str, Cell]) -> Retold:
    """An entry's cells of a crowd in today's codes. cells: their names in the ledger -> the cell as it was written."""
    then = {name.removeprefix(f"{crowd.name}|"): each for name, each in entry.values.items() if _is_of(name, crowd)}
    found: dict[str, Cell] = {}
    untold: list[str] = []
    for name, cell in cells.items():
        told = _told(cell, crowd, then)
        if told is None:
            untold.append(name)
        else:
            found[name] = told
    return Retold(found, tuple(untold))


def _is_of(name: str, crowd: Crowd) -> bool:
    return name.startswith(f"{crowd.name}|")


def _told(cell: Cell, crowd: Crowd, then: Names) -> Cell | None:
    where: dict[str, tuple[int, ...]] = {}
    for column, codes in cell.where:
        if column not in crowd.sizes or column in crowd.loose:
            return None
        found = _codes(codes, then.get(column), crowd.names.get(column), crowd.sizes[column])
        axis, finer = _finer(column, found, crowd)
        where[axis] = tuple(code for code in finer if code in where.get(axis, finer))
        if not where[axis]:
            return None
    outcomes = _codes(cell.outcomes, then.get(OUTCOME), crowd.names.get(OUTCOME), crowd.outcomes)
    if len(outcomes) != len(set(cell.outcomes)):  # another set of answers: none of them may be left away
        return None
    return Cell(cell.crowd, tuple(sorted(where.items())), outcomes, cell.outside, cell.known_as)


def _finer(column: str, codes: tuple[int, ...], crowd: Crowd) -> tuple[str, tuple[int, ...]]:
    """Values of a column as values of the finer one in which this crowd tells it; as they are where there is none."""
    axis, within = crowd.wider.get(column, ("", ()))
    return (axis, tuple(at for at, code in enumerate(within) if code in codes)) if axis else (column, codes)


def _codes(codes: Sequence[int], then: Sequence[str] | None, now: Sequence[str] | None, size: int) -> tuple[int, ...]:
    """Today's codes of values. Where neither release names its values, the codes are their names."""
    if then is None and now is None:
        return tuple(sorted(code for code in codes if code < size))
    if then is None or now is None:
        return ()
    place = {name: code for code, name in enumerate(now)}
    return tuple(sorted(place[name] for name in _named(codes, then) if name in place))


def _named(codes: Sequence[int], then: Sequence[str]) -> Iterator[str]:
    return (then[code] for code in codes if code < len(then))
