"""A CountTable: how many persons stand in each combination of values, read and checked. Case-side, unprotected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

MOST_VALUES = 255
"""Different values of one column: more are names or numbers, no groups of people."""


@dataclass(frozen=True)
class Layout:
    """How somebody says that a sheet is to be read.

    by: columns, "county,age", "county>tract" (the second lies within the first), "county*age" (they cross freely).
    count: the column of counts, "" to find it. records: one row a person (or, with amount, one row a payment).
    yes: how many of the counted said yes; with records, a column of yes and no.
    amount: with records, what is added up instead of persons. person: with records, who a row belongs to.
    total: the word that marks totals; None for the usual ones. add_up: rows of one combination are added up.
    """

    by: tuple[str, ...] = ()
    count: str = ""
    records: bool = False
    yes: str = ""
    amount: str = ""
    person: str = ""
    total: str | None = None
    add_up: bool = False


@dataclass(frozen=True)
class Dimension:
    """One column that is counted by. axis: the code column it is told in.

    within: for each value of the axis, which value of this column it belongs to.
    wider: columns that contain this one, in the order given.
    """

    name: str
    values: tuple[str, ...]
    axis: str
    within: tuple[int, ...]
    wider: tuple[str, ...] = ()


@dataclass(frozen=True)
class CountTable:
    """One row a combination of values that somebody has (with amounts: one row a payment), in canonical order.

    unit: what is added up, "persons" or the amount's column. dimensions: the columns asked for, in the order given.
    codes: axis or further column of the sheet -> uint8, shape (rows,); names: what each of their codes stands for.
    persons: int64, shape (rows,); with amounts all 1. yes: of those, how many said yes; None when nobody was asked.
    amounts: int64 or None. people: int64, who a row belongs to, or None. yes_name: the column's name.
    wider: column -> the axis of one of the dimensions that it is told in, whether or not it is asked for, and for each
    value of the axis which of its own it belongs to. loose: columns that lie within several that are told apart.
    snapshot: digest of the sheet, whatever the order of its rows. said: what was taken for granted, as sentences.
    """

    name: str
    unit: str
    dimensions: tuple[Dimension, ...]
    codes: Mapping[str, NDArray[np.uint8]]
    names: Mapping[str, tuple[str, ...]]
    persons: NDArray[np.int64]
    snapshot: str
    yes: NDArray[np.int64] | None = None
    yes_name: str = ""
    amounts: NDArray[np.int64] | None = None
    people: NDArray[np.int64] | None = None
    said: tuple[str, ...] = ()
    wider: Mapping[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    loose: tuple[str, ...] = ()

    @property
    def sizes(self) -> dict[str, int]:
        """How many values each code column has."""
        return {name: len(each) for name, each in self.names.items()}

    def dimension(self, name: str) -> Dimension:
        """The column of a name."""
        return next(each for each in self.dimensions if each.name == name)
