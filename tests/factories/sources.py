"""Sources of every kind that an analyst's program may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np

Columns = Mapping[str, Sequence[object]]


class Series:
    """A column of a data frame: no array, and knows how to become one."""

    def __init__(self, values: np.ndarray) -> None:
        self._values = values

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return self._values

    def __iter__(self) -> Iterator[object]:
        return iter(self._values)


class Frame:
    """A data frame, as far as anybody needs one here."""

    def __init__(self, columns: Columns, names: list[str] | None = None) -> None:
        self.columns = names or list(columns)
        self._columns = columns

    def __getitem__(self, name: str) -> Series:
        values = self._columns[name]
        return Series(values if isinstance(values, np.ndarray) else np.fromiter(values, dtype=object))


def relation_of(columns: Columns) -> duckdb.DuckDBPyRelation:
    """The same columns as a DuckDB relation, with any names that it allows."""
    names = ['"' + name.replace('"', '""') + '"' for name in columns]
    query = f"select {', '.join(f'unnest($c{at}) as {name}' for at, name in enumerate(names))}"
    values = {f"c{at}": list(column) for at, column in enumerate(columns.values())}
    return duckdb.connect().sql(query, params=values)


def parquet_of(columns: Columns, path: Path) -> Path:
    """The same columns as a Parquet file."""
    relation_of(columns).write_parquet(str(path))
    return path
