"""What an analyst's program holds, as columns of text: a mapping, or anything with named columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from upwell.evidence.errors import EvidenceError


@runtime_checkable
class Relation(Protocol):
    """A DuckDB relation, as far as it is needed here."""

    def fetchnumpy(self) -> Mapping[str, Iterable[object]]:
        """Column name -> its values."""


@runtime_checkable
class Frame(Protocol):
    """A data frame of pandas or polars, as far as it is needed here."""

    @property
    def columns(self) -> Iterable[object]:
        """The names of the columns."""

    def __getitem__(self, name: object, /) -> Iterable[object]:
        """One column's values."""


Given = Mapping[str, Iterable[object]] | Relation | Frame


def columns_of(given: Given) -> dict[str, list[str]]:
    """Column name -> its values as words, "" where there is none."""
    if isinstance(given, Mapping):
        named: Iterable[tuple[object, Iterable[object]]] = given.items()
    elif isinstance(given, Relation):
        named = given.fetchnumpy().items()
    elif isinstance(given, Frame):
        named = ((name, given[name]) for name in given.columns)
    else:
        raise EvidenceError("Give a mapping of column names to values, or an object with named columns.")
    return {str(name): [_word(value) for value in values] for name, values in named}


def _word(value: object) -> str:
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    missing = value is None or value != value or type(value).__name__ in ("MaskedConstant", "NAType", "NaTType")
    return "" if missing else str(value).strip()
