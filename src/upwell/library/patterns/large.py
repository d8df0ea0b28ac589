"""Large Parquet files and relations: packed in a stream into a byte an attribute, never held as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine import packing
from upwell.evidence.engine.coding import quoted
from upwell.evidence.scan.surely import repeated
from upwell.library import given
from upwell.library.patterns import answers
from upwell.library.patterns.coding import KEPT, code
from upwell.library.patterns.options import Options, Progress
from upwell.library.patterns.people import (
    ROLES,
    Calendar,
    Held,
    People,
    attribute,
    question,
    searched_of,
)
from upwell.records.cases.table import Asked, Column

Numbers = NDArray[np.int64]

MANY_ROWS = 200_000
"""From here on a source is streamed, where nothing was given beside it."""
NUMBERS = ("TINYINT", "SMALLINT", "INT", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
DATES = ("DATE", "TIMESTAMP")


def packed(source: object, options: Options, told: Progress) -> People | None:
    """The people of a large source; None where it is not large, or holds what only the other way can read."""
    roles = {role: getattr(options, role) for role in ROLES}
    beside = any(held is not None and not isinstance(held, str) for held in roles.values())
    if beside or options.household is not None or isinstance(source, Mapping):
        return None
    relation: Any = given.opened(source)  # Any: DuckDB's own relation, which carries no types
    if not given.is_relation(relation) or relation.shape[0] < MANY_ROWS:
        return None
    named = {role: str(held) for role, held in roles.items() if held is not None}
    searched = searched_of(given.names_of(relation), named, options)
    kinds = {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}
    if not searched or ("month" in named and not kinds[named["month"]].startswith(DATES)):
        return None
    if _lacks(relation, [named[role] for role in ("yes", "person", "month") if role in named]):
        return None  # rows that are to be left out
    first = _first_month(relation, named["month"]) if "month" in named else None
    rows = packing.pack(source if isinstance(source, str | Path) else relation, _wanted(named, searched), told)
    if any(len(words) > KEPT and name in {**options.ordered, **options.groups} for name, words in _values(rows)):
        return None  # folded already, against its order or its groups
    return _people(rows, options, _Known(set(searched), kinds, first))


def _wanted(named: Mapping[str, str], searched: tuple[str, ...]) -> packing.Wanted:
    programme = named.get("programme")
    return packing.Wanted(
        attributes=searched if programme is None or programme in searched else (*searched, programme),
        yes=named["yes"],
        expected=named.get("expected"),
        person=named.get("person"),
        cluster=named.get("cluster"),
        month=named.get("month"),
    )


def _lacks(relation: Any, names: list[str]) -> bool:
    """Whether there is a row without one of these."""
    lacking = " OR ".join(f"{quoted(name)} IS NULL" for name in names)
    some = given.values_of(relation.filter(lacking).limit(1).project("1 AS some"), ("some",))["some"]
    return len(some) > 0


def _values(rows: packing.Rows) -> list[tuple[str, tuple[str, ...]]]:
    return list(zip(rows.attributes, rows.values, strict=True))


def _first_month(relation: Any, name: str) -> int:
    earliest = given.values_of(relation.select(given.column(name)).order("1").limit(1), (name,))[name]
    return int(np.asarray(earliest).astype("datetime64[M]").astype(np.int64)[0])


@dataclass(frozen=True)
class _Known:
    """What is known of the columns beside their rows. first: month 0 in months since January 1970."""

    searched: set[str]
    kinds: Mapping[str, str]
    first: int | None


def _people(rows: packing.Rows, options: Options, source: _Known) -> People:
    many, said = len(rows.yes), list(rows.folded)
    kept = np.arange(many)
    if rows.person is not None:
        index = repeated.index(rows.person, month=rows.month)
        kept = index.rows
        said += [f"People have several rows. {index.said}"] if index.said else []
    whole = slice(None) if len(kept) == many else kept  # no copy where every row counts
    columns, codes = _columns(rows, options, source, whole, said)
    month = np.zeros(len(kept), dtype=np.int16) if rows.month is None else rows.month[whole]
    start = int(month.min())
    asked = Asked(
        question=question(options),
        person=np.arange(len(kept), dtype=np.int64),
        yes=rows.yes[whole],
        codes=codes,
        month=month - np.int16(start),
        agency=np.zeros(len(kept), dtype=np.int32) if rows.cluster is None else rows.cluster[whole],
        household=np.arange(len(kept), dtype=np.int32),
        left_out={},
    )
    share = None if rows.expected is None else answers.shares_within(rows.expected[whole])
    calendar = None if source.first is None else Calendar(source.first + start, dated=True)
    return People(asked, columns, share, kept, many, calendar, tuple(said))


def _columns(
    rows: packing.Rows, options: Options, source: _Known, whole: slice | Numbers, said: list[str]
) -> tuple[tuple[Column, ...], dict[str, NDArray[np.uint8]]]:
    columns: list[Column] = []
    codes: dict[str, NDArray[np.uint8]] = {}
    for at, (name, words) in enumerate(_values(rows)):
        own = rows.codes[at][whole]
        persons = np.bincount(own, minlength=len(words) + 1)
        number = source.kinds[name].lstrip("U").startswith(NUMBERS)
        held = Held(name, words, persons[:-1], int(persons[-1]), number)
        coded = code(attribute(held, options, searched=name in source.searched))
        said += [coded.said] if coded.said else []
        if coded.column is not None:
            columns.append(coded.column)
            codes[name] = coded.table[own]
    return tuple(columns), codes
