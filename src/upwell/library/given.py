"""What an analyst's program holds, as named columns: a mapping, arrays, a data frame, a DuckDB relation, Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from numbers import Number
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError

Array = NDArray[Any]  # Any: whatever the analyst's columns hold


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
Source = Given | Array | str | Path


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
    return {str(name): [word(value) for value in values] for name, values in named}


def word(value: object) -> str:
    """A value as a reader would write it; "" for every kind of nothing (None, NaN, NA, NaT, masked, blank)."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if value is None or type(value).__name__ in ("MaskedConstant", "NAType", "NaTType") or value != value:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").strip()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))  # numbers beside a missing one have become floats: 3.0 was written 3
    return str(value).strip()


def opened(source: object) -> object:
    """The source with a path of Parquet turned into a relation; raises EvidenceError for what holds no columns."""
    if isinstance(source, str | Path):
        return _parquet(Path(source))
    if isinstance(source, np.ndarray) and source.dtype.names is None:
        raise EvidenceError(
            "A plain array has no names for its columns. Give a mapping of names to arrays, or a structured array."
        )
    if not isinstance(source, Mapping | np.ndarray | Relation | Frame):
        raise EvidenceError(
            "Give a mapping of column names to values, a structured array, a data frame, a DuckDB relation or the "
            "path of a Parquet file."
        )
    return source


def names_of(source: object) -> tuple[str, ...]:
    """The names of an opened source's columns, in its order. Raises EvidenceError where two have one name."""
    if isinstance(source, Mapping):
        names = [str(name) for name in source]
    elif isinstance(source, np.ndarray):
        names = list(source.dtype.names or ())
    else:
        names = [str(name) for name in getattr(source, "columns", ())]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise EvidenceError(f"More than one column is called {twice[0]!r}. Give each a name of its own.")
    return tuple(names)


def check_held(name: str, names: Sequence[str]) -> None:
    """Raises EvidenceError, with the nearest name, when there is no such column."""
    if name in names:
        return
    folded = {each.casefold(): each for each in names}
    near = get_close_matches(name.casefold(), folded, n=1)
    hint = f"Did you mean {folded[near[0]]!r}?" if near else f"There are: {', '.join(map(repr, names[:20])) or 'none'}."
    raise EvidenceError(f"There is no column {name!r}. {hint}")


def values_of(source: object, names: Sequence[str]) -> dict[str, Array]:
    """Some columns of an opened source as arrays of one dimension, read in one go; all of one length."""
    raw: Mapping[str, object]
    if isinstance(source, Mapping):
        held = {str(name): values for name, values in source.items()}
        raw = {name: held[name] for name in names}
    elif isinstance(source, np.ndarray):
        raw = {name: source[name] for name in names}
    elif isinstance(source, Relation):
        raw = _fetched(source, names)
    else:
        held = {str(name): name for name in getattr(source, "columns", ())}
        raw = {name: source[held[name]] for name in names}  # type: ignore[index]  # a Frame
    arrays = {name: array_of(values, f"The column {name!r}") for name, values in raw.items()}
    if len({len(array) for array in arrays.values()}) > 1:
        raise EvidenceError("The columns differ in length: every column needs one value a person.")
    return arrays


def array_of(values: object, what: str) -> Array:
    """Values as an array of one dimension, each as it was given. what: how the sentence of refusal begins."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise EvidenceError(f"{what} is a single thing: it needs one value a person.")
    if isinstance(values, np.ndarray) or hasattr(values, "__array__"):
        array = values if isinstance(values, np.ndarray) else np.asarray(values)
        if array.ndim != 1:
            raise EvidenceError(f"{what} is a table of its own: it needs one value a person.")
        return array
    return np.fromiter(values, dtype=object)


def coded(array: Array) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """A column as numbers of its different words: -1 is unknown; the words are sorted and none is ""."""
    hidden = np.ma.getmaskarray(array) if isinstance(array, np.ma.MaskedArray) else None
    plain = np.asarray(array)
    if plain.dtype.kind == "O":
        inverse, words = _coded_objects(plain)
    else:
        different, inverse = np.unique(plain, return_inverse=True)
        words = _words_of(different)
    kept = sorted(set(words) - {""})
    place = {each: at for at, each in enumerate(kept)}
    numbers = np.array([place.get(each, -1) for each in words] or [-1], dtype=np.int64)
    codes = numbers[inverse.astype(np.int64)]
    if hidden is not None:
        codes[hidden] = -1
        present = np.unique(codes[codes >= 0])  # what stood under the mask is no value
        codes = np.where(codes >= 0, np.searchsorted(present, codes), -1)
        kept = [kept[at] for at in present]
    return codes, tuple(kept)


def is_number(array: Array) -> bool:
    """Whether a column holds numbers (not words made of digits, which are codes); judged by its first known value."""
    if array.dtype.kind != "O":
        return array.dtype.kind in "iuf"
    first = next((value for value in array if word(value)), None)
    return isinstance(first, Number) and not isinstance(first, bool | np.bool_)


def _coded_objects(array: Array) -> tuple[NDArray[np.int64], list[str]]:
    numbers: dict[str, int] = {}
    codes = np.fromiter(
        (numbers.setdefault(each if type(each) is str else word(each), len(numbers)) for each in array),
        dtype=np.int64,
        count=len(array),
    )
    return codes, [each.strip() for each in numbers]


def _words_of(different: Array) -> list[str]:
    if different.dtype.kind != "M":
        return [word(each) for each in different]
    days = different.astype("datetime64[D]")
    whole = bool((different == days)[~np.isnat(different)].all())
    written = np.datetime_as_string(different, unit="D" if whole else "s")
    return ["" if each == "NaT" else str(each) for each in written]


def is_relation(source: object) -> bool:
    """Whether it is DuckDB's own relation, which can be read in a stream."""
    import duckdb  # noqa: PLC0415 - slow to start: only where a relation may have been given

    return isinstance(source, duckdb.DuckDBPyRelation)


def column(name: str) -> object:
    """A column as DuckDB names it, whatever its characters."""
    import duckdb  # noqa: PLC0415 - slow to start: only where a relation was given

    return duckdb.ColumnExpression(name)


def _parquet(path: Path) -> object:
    import duckdb  # noqa: PLC0415 - slow to start: only where a file is read

    if not path.exists():
        raise EvidenceError(f"There is no file at {path}. Check the path, or the folder you are in.")
    if path.suffix.casefold() in (".csv", ".tsv", ".txt", ".xlsx", ".json"):
        raise EvidenceError(f"{path} is no Parquet file. For a CSV file give duckdb.read_csv(path) as the source.")
    spelled = str(path / "*.parquet") if path.is_dir() else "".join(f"[{c}]" if c in "*?[" else c for c in str(path))
    try:
        return duckdb.connect().read_parquet(spelled)
    except duckdb.Error as told:
        raise EvidenceError(f"{path} cannot be read as Parquet: it is damaged, or something else.") from told


def _fetched(relation: Relation, names: Sequence[str]) -> Mapping[str, object]:
    import duckdb  # noqa: PLC0415 - slow to start: only where a relation was given

    if not isinstance(relation, duckdb.DuckDBPyRelation):
        held = relation.fetchnumpy()
        return {name: held[name] for name in names}
    if not names:
        return {}
    try:
        found = relation.select(*[column(name) for name in names]).fetchnumpy()
    except duckdb.Error as told:
        raise EvidenceError("DuckDB cannot read these columns: the file is damaged, or the query fails.") from told
    return dict(zip(names, found.values(), strict=True))
