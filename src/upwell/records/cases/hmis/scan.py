"""How DuckDB reads a file that the row pass has vouched for: in its own types when all cells allow it, else as text."""

from __future__ import annotations

from collections.abc import Mapping

from upwell.records.cases.hmis.rows import RowPass
from upwell.records.cases.hmis.spec_load import ColumnSpec
from upwell.records.cases.store import literal, name

# Whole numbers are read as DOUBLE: DuckDB's INTEGER would round 1.5 without a word.
_NATIVE = {"S": "VARCHAR", "I": "DOUBLE", "D": "DATE", "T": "TIMESTAMP", "M": "DOUBLE", "M+": "DOUBLE"}
_OPTIONS = (
    "auto_detect=false, delim=',', quote='\"', escape='\"', nullstr='', strict_mode=true, max_line_size=8000000, "
    "dateformat='%Y-%m-%d', timestampformat='%Y-%m-%d %H:%M:%S'"
)


def as_text(found: RowPass) -> str:
    """SQL of the file's cells as text: line, c0, c1, ..., blank as NULL, in the file's order."""
    return _scan(found, ["VARCHAR"] * len(found.header))


def natively(found: RowPass, places: Mapping[str, int], columns: Mapping[str, ColumnSpec]) -> str:
    """SQL of the file's cells in their own types; columns that are not loaded stay text, and are never parsed."""
    types = ["VARCHAR"] * len(found.header)
    for column, place in places.items():
        if columns[column].loaded:
            types[place] = _NATIVE[columns[column].kind]
    return _scan(found, types)


def native_value(column: ColumnSpec, cell: str) -> tuple[str, str]:
    """SQL of the value, and SQL that is true where the native reading is not to be trusted."""
    if column.kind == "S":
        return f"nullif(trim({cell}), '')", f"trim({cell}) <> {cell}"
    if column.kind == "I":
        return f"CAST({cell} AS INTEGER)", f"{cell} <> trunc({cell})"
    if column.kind == "D":
        return cell, f"{cell} < DATE '1000-01-01'"
    return cell, "false" if column.kind == "T" else f"NOT isfinite({cell})"


def _scan(found: RowPass, types: list[str]) -> str:
    cells = {f"c{place}": kind for place, kind in enumerate(types)}
    numbered = found.proof == "cleaned"
    columns = {"line": "INTEGER", **cells} if numbered else cells
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    line = "line" if numbered else "CAST(row_number() OVER () + 1 AS INTEGER) AS line"
    source = f"read_csv({literal(str(found.path))}, columns={{{listed}}}, header={not numbered}, {_OPTIONS})"
    return f"SELECT {line}, {', '.join(cells)} FROM {source}"


def null_as(kind: str, column: str) -> str:
    """SQL of a column that this file does not have."""
    sql = {"S": "VARCHAR", "I": "INTEGER", "D": "DATE", "T": "TIMESTAMP"}.get(kind, "DOUBLE")
    return f"NULL::{sql} AS {name(column)}"
