"""How an attribute becomes codes of one byte: in SQL, while the rows are read, so that no text is ever copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

MOST_VALUES = 64
MISSING = 255  # the code of an unknown answer while rows are read

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
LISTED_AS_THEY_ARE = (*WHOLE, "FLOAT", "DOUBLE", "DATE", "TIMESTAMP", "VARCHAR")


class Relation(Protocol):
    """A DuckDB relation, as far as it is needed here."""

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""

    @property
    def types(self) -> list[object]:
        """Their types; str() gives the SQL name."""

    def aggregate(self, aggr_expr: str, group_expr: str = "", /) -> Relation:
        """Grouped and aggregated."""

    def project(self, expression: str, /) -> Relation:
        """Other columns of the same rows."""

    def filter(self, condition: str, /) -> Relation:
        """The rows that meet a condition."""

    def order(self, expression: str, /) -> Relation:
        """In order."""

    def limit(self, rows: int, /) -> Relation:
        """The first rows."""

    def fetchall(self) -> list[tuple[object, ...]]:
        """All rows."""

    def __arrow_c_stream__(self) -> object:
        """A capsule that holds a stream of batches."""


@dataclass(frozen=True)
class Coding:
    """One attribute while it is read. expression: SQL that gives a code, NULL where the answer is unknown.

    values: words by code. said: what a reader must know of it, "" for nothing. folded: the rarest values share code 0.
    ahead: what the expression gives is so much more than the code, in bytes, where one less than 0 is MISSING.
    strange: SQL that is true of a value which is none of those that the first rows have; "": all rows were looked at.
    """

    name: str
    expression: str
    values: tuple[str, ...]
    said: str = ""
    folded: bool = False
    ahead: int = 0
    strange: str = ""


def quoted(name: str) -> str:
    """A column's name in SQL, whatever its characters."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def coding(source: Relation, name: str, *, kind: str, parent: str | None, first: Sequence[str] = ()) -> Coding:
    """How one attribute is read. kind: its SQL type. parent: the column that rare values are folded up to.

    first: its values, where some rows told them; (): all rows are looked at.
    """
    if kind == "BOOLEAN":
        return Coding(name, f"{quoted(name)}::UTINYINT", ("no", "yes"))
    if kind in WHOLE and parent is None:
        small = _by_distance(source, name, kind)
        if small is not None:
            return small
    if 0 < len(first) <= MOST_VALUES:
        return _listed(name, kind, tuple(first), all_seen=False)
    return _by_list(source, name, kind=kind, parent=parent)


def among_first(source: Relation, kinds: Mapping[str, str], rows: int) -> dict[str, tuple[str, ...]]:
    """Values of some attributes among the first rows, in their own order, of those that would be read by a list.

    kinds: attribute -> SQL type. At most one more than MOST_VALUES is told.
    """
    listed = {name: _known(name, kind) for name, kind in kinds.items() if kind not in (*WHOLE, "BOOLEAN")}
    if not listed:
        return {}
    parts = [
        f"list_sort(list(DISTINCT {known}) FILTER (({known}) IS NOT NULL))[1:{MOST_VALUES + 1}]::VARCHAR[]"
        for known in listed.values()
    ]
    (told,) = cast(list[tuple[list[str] | None, ...]], source.limit(rows).aggregate(", ".join(parts)).fetchall())
    return {name: tuple(values or ()) for name, values in zip(listed, told, strict=True)}


def _listed(name: str, kind: str, values: tuple[str, ...], *, all_seen: bool) -> Coding:
    """The place in a list of all values. Empty text is one of the list, and its code the one before the first."""
    column, known = quoted(name), _known(name, kind)
    text = _is_text(kind)
    place = _place(f"{column}::VARCHAR", "VARCHAR", ("", *values)) if text else _place(known, kind, values)
    strange = "" if all_seen else f"({known}) IS NOT NULL AND {place} IS NULL"
    return Coding(name, f"({place})::UTINYINT", values, ahead=1 + text, strange=strange)


def _by_distance(source: Relation, name: str, kind: str) -> Coding | None:
    """Whole numbers that lie together: the code is the distance from the least; None where they lie too far apart."""
    column = quoted(name)
    least, most = source.aggregate(f"min({column}), max({column})").fetchall()[0]
    if least is None or most is None:
        return Coding(name, "NULL::UTINYINT", ())
    first, last = int(str(least)), int(str(most))
    if last - first >= MISSING:
        return None
    wide = f"{column}::SMALLINT" if kind == "TINYINT" else column  # a distance of 200 does not fit in a TINYINT
    held = column if first == 0 else f"({wide} - ({first}))"
    return Coding(name, f"{held}::UTINYINT", tuple(str(value) for value in range(first, last + 1)))


def _by_list(source: Relation, name: str, *, kind: str, parent: str | None) -> Coding:
    """Everything else: the code is the place in a list of the values; the rarest share one when there are too many."""
    known = _known(name, kind)
    values, kinds = _commonest(source, known)
    if kinds <= MOST_VALUES:
        return _listed(name, kind, values, all_seen=True)
    above = _parents(source, parent)
    kept = _in_order(source, known, values[: MOST_VALUES - 1 - len(above)])
    place, folded = _place(known, kind, kept), "0"
    if above:
        folded = f"coalesce({_place(_known(str(parent), 'VARCHAR'), 'VARCHAR', above)} + {len(kept)}, 0)"
    expression = f"(CASE WHEN {known} IS NOT NULL THEN coalesce({place}, {folded}) END)::UTINYINT"
    others = tuple(unlike(f"other in {each}", kept) for each in above)
    told = f"by {parent!r}" if above else 'as "other"'
    said = f"{name!r} has more than {MOST_VALUES} values: all but the {len(kept)} most frequent are told {told}."
    return Coding(name, expression, (unlike("other", kept), *kept, *others), said, folded=True)


def unlike(words: str, values: Sequence[str]) -> str:
    """The words, or longer ones where a value is already called so."""
    while words in values:
        words = f"all {words}"
    return words


def _known(name: str, kind: str) -> str:
    """The value as it can be listed, NULL where it is unknown: empty text and no number are unknown too."""
    column = quoted(name)
    if kind in ("FLOAT", "DOUBLE"):
        return f"nullif({column}, 'nan'::{kind})"
    return f"nullif({column}::VARCHAR, '')" if _is_text(kind) else column


def _is_text(kind: str) -> bool:
    """Whether values of an SQL type are listed as text: what has no list of its own kind, too."""
    return kind == "VARCHAR" or kind not in LISTED_AS_THEY_ARE


def _commonest(source: Relation, known: str) -> tuple[tuple[str, ...], int]:
    """The values as text in their own order, or the most frequent first where there are too many; how many kinds."""
    groups = source.aggregate(f"{known} AS v, count(*) AS n", known).filter("v IS NOT NULL")
    told = groups.project("v::VARCHAR AS w, n, v, count(*) OVER () AS kinds")
    first = told.order("n DESC, v").limit(MOST_VALUES).project("w, kinds, v").order("v").fetchall()
    kinds = int(str(first[0][1])) if first else 0
    if kinds > MOST_VALUES:
        first = told.order("n DESC, v").limit(MOST_VALUES).fetchall()
    return tuple(str(row[0]) for row in first), kinds


def _in_order(source: Relation, known: str, values: Sequence[str]) -> tuple[str, ...]:
    """Some values in their own order, as numbers and dates go."""
    kept = source.aggregate(f"{known} AS v", known).filter("v IS NOT NULL").order("v").project("v::VARCHAR AS w")
    chosen = kept.filter(f"w IN ({', '.join(literal(value) for value in values)})")
    return tuple(str(row[0]) for row in chosen.fetchall())


def _parents(source: Relation, parent: str | None) -> tuple[str, ...]:
    if parent is None:
        return ()
    values, kinds = _commonest(source, _known(parent, "VARCHAR"))
    return values if kinds < MOST_VALUES - 1 else ()


def _place(known: str, kind: str, values: Sequence[str]) -> str:
    """The place of a value among some, from 1; NULL for any other. Read once a dictionary entry, not once a row."""
    if not values:
        return "NULL"
    listed = kind if kind in LISTED_AS_THEY_ARE else "VARCHAR"
    return f"list_position([{', '.join(literal(value) for value in values)}]::{listed}[], {known})"
