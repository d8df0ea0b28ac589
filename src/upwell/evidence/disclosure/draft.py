"""A Draft: all tables a brief would like to print, as cells over people who share denominators. Case-side, unprotected.

The gate (protect.py) takes a Draft and gives a Release, or refuses. Two questions whose denominators overlap person by
person stand in one Crowd, so that their counts cannot be played against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.release import Pattern, QuestionText, Searched, TableKind
from upwell.evidence.question import Where


@dataclass(frozen=True)
class Crowd:
    """People who share denominators, each once.

    outcome: uint8, shape (persons,), one of `outcomes` classes that are logically possible (so an attacker reckons with
    each of them, whether or not anybody is in it). codes: column name -> uint8, shape (persons,);
    sizes: column name -> number of values. sensitive: columns in which 0 % or 100 % is itself a disclosure.
    full: True when every hidden count of this crowd must stay anything from 0 to threshold - 1 ("full protection").
    presumed: counts that a reader is taken to know, printed or not. watched: counts that nobody prints and that must
    not follow from what is printed where they are small.
    asks: 0, or how many questions stand side by side because their joint answers would be too many to tell: then every
    person has one row a question, outcome 2 i is "no" to question i and 2 i + 1 "yes", and each question is asked of
    the same people (system.build ties them).
    amounts: None where persons are counted; else int64 of each row, 0 or more (dollars, nights): cells are their sums,
    and dominance decides what is protected. people: who each row belongs to, where one has several; None: one row each.
    wider: column -> a finer one in which its cells are told, and for each code of that one the code of its own; so a
    former request that told them apart can be held against this one. loose: columns that tell of several finer ones at
    once: a cell of a former request that is told in them cannot be told here.
    names: column -> the stable name of each value, "" -> of each outcome class: the ledger finds cells again by them
    when codes have moved. A column without names is named by its codes.
    """

    name: str
    outcome: NDArray[np.uint8]
    outcomes: int
    codes: Mapping[str, NDArray[np.uint8]]
    sizes: Mapping[str, int]
    full: bool = False
    sensitive: tuple[str, ...] = ()
    presumed: tuple[Cell, ...] = ()
    watched: tuple[Cell, ...] = ()
    asks: int = 0
    amounts: NDArray[np.int64] | None = None
    people: NDArray[np.int64] | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wider: Mapping[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    loose: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Cell:
    """One count of persons: those of a crowd in `where` whose outcome class is one of `outcomes`.

    outside: the count of everyone in the crowd who is NOT in `where` instead (a finding's "everyone else").
    known_as: the cell's name in the ledger, made of stable keys ("entries|place=Burlington|jail:yes"), because codes
    move when a later export knows more places. Equal cells are one variable of the system wherever they stand.
    """

    crowd: str
    where: Where
    outcomes: tuple[int, ...]
    outside: bool = False
    known_as: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """A text that two cells share only when they count the same people by definition: the ledger's name."""
        if self.known_as:
            return self.known_as
        where = "&".join(f"{name}={','.join(map(str, values))}" for name, values in self.where)
        return f"{self.crowd}|{'not ' if self.outside else ''}{where}|{','.join(map(str, self.outcomes))}"


@dataclass(frozen=True)
class DraftRow:
    """One line of a draft table; its cells become the numbers of release.Row."""

    label: str
    persons: Cell
    yes: Cell | None = None
    no: Cell | None = None
    known: bool = True
    month: int | None = None
    values: tuple[str, ...] = ()  # tables of counts: one value a column, "" is the total


@dataclass(frozen=True)
class DraftTable:
    """A table the brief would like. `coarser` is tried when this one cannot be shown usefully; None: it is left out.

    priority: 0 is given up last (headline, findings), larger numbers earlier.
    decimals: where a row's counts may not all be shown, its share yes / persons is printed to so many decimals of a
    percent if that is safe (None: never). classes: breaks of a map; each row whose persons may not be shown is printed
    as its class, [classes[i], classes[i + 1]) persons, if that is safe.
    columns: tables of counts: words of each column, as DraftRow.values. unit: what is added up, as Table.unit.
    """

    id: str
    kind: TableKind
    title: str
    question: str
    column: str
    rows: tuple[DraftRow, ...]
    split: bool = True
    warning: str = ""
    steps: str = ""
    priority: int = 5
    coarser: DraftTable | None = None
    decimals: int | None = None
    classes: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    unit: str = "persons"


@dataclass(frozen=True)
class Draft:
    """All that a release would hold, before the gate. meta: the Release fields that are words, by field name."""

    crowds: tuple[Crowd, ...]
    tables: tuple[DraftTable, ...]
    patterns: tuple[Pattern, ...]  # released only when every cell of the finding's table may be shown
    questions: tuple[QuestionText, ...]
    searched: tuple[Searched, ...]  # persons is filled from the headline cell by the gate
    unanswerable: tuple[tuple[str, str], ...]
    meta: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    planted: tuple[str, ...] = ()
