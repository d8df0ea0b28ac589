"""One file from its row pass to a typed table, each of its rows in exactly one class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from upwell.records.cases.hmis import typed
from upwell.records.cases.hmis.rows import RowPass, column_key
from upwell.records.cases.hmis.spec_load import ColumnSpec, FileSpec, aliases
from upwell.records.cases.problems import AccountingError, FileAccount, Log
from upwell.records.cases.rules import RULES
from upwell.records.cases.store import literal, name

_REPAIRS = tuple(rule for rule in RULES.values() if rule.effect == "repair")
PARENTS = frozenset({"Organization", "Project", "Client", "Enrollment", "Assessment"})
_SHOWABLE = 60  # longest unknown column name that is repeated in a report; longer ones are more likely a value


@dataclass(frozen=True)
class Bench:
    """What staging works with. keyed: files whose rows others belong to, and that were in the export."""

    engine: duckdb.DuckDBPyConnection
    log: Log
    dates: typed.DateOrder
    keyed: set[str] = field(default_factory=set)


@dataclass
class Staged:
    """One file on its way. places: canonical column -> its place in the header. taken: class -> rows set aside."""

    file: FileSpec
    rows: int = 0
    places: Mapping[str, int] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)

    @property
    def csv(self) -> str:
        """The file's name in reports."""
        return f"{self.file.name}.csv"

    @property
    def table(self) -> str:
        """The table's SQL name."""
        return name(self.file.name)


def stage(bench: Bench, file: FileSpec, found: RowPass | None) -> Staged:
    """Makes the file's table, with every column of every year, from the row pass; empty when there is no file.

    The table has line and the loaded columns; rows without key, own date or parent, superseded and deleted ones are gone,
    each named in the log. Identity and free text are never read into it.
    """
    staged = Staged(file)
    if found is None:
        _create(bench, staged, f"SELECT 0 AS line, {_nothing(file)} WHERE false")
        return staged
    staged.rows = found.rows
    staged.places = _places(bench.log, file, found.header)
    _row_faults(bench, staged, found)
    if not staged.places:
        bench.log.add("header-missing", staged.csv) if found.header else bench.log.add("file-empty", staged.csv)
        staged.taken["quarantined"] += found.rows - staged.taken["quarantined"]
        _create(bench, staged, f"SELECT 0 AS line, {_nothing(file)} WHERE false")
        return staged
    _read(bench, staged, found)
    return staged


def _nothing(file: FileSpec) -> str:
    return ", ".join(f"NULL::{typed.TYPES[column.kind]} AS {name(column.name)}" for column in _loaded(file))


def _loaded(file: FileSpec) -> tuple[ColumnSpec, ...]:
    return tuple(column for column in file.columns if column.loaded)


def _create(bench: Bench, staged: Staged, query: str) -> None:
    bench.engine.execute(f"CREATE OR REPLACE TABLE {staged.table} AS {query}")


def _places(log: Log, file: FileSpec, header: tuple[str, ...]) -> dict[str, int]:
    """Canonical column -> place in the header. A header of which less than a third is known is no header."""
    written = {column.name: column.written for column in file.columns}
    places: dict[str, int] = {}
    fired: list[tuple[str, str]] = []
    for place, text in enumerate(header):
        canonical = aliases().get((file.name, column_key(text)))
        if canonical is None:
            shown = text if text.isidentifier() and len(text) <= _SHOWABLE else f"column {place + 1}"
            fired.append(("column-unknown", shown))
        elif canonical in places:
            fired.append(("column-twice", canonical))
        else:
            places[canonical] = place
            if not written[canonical]:
                fired.append(("column-other-version", canonical))
            elif text != written[canonical]:
                fired.append(("column-renamed", canonical))
    if 3 * len(places) < len(header):
        return {}
    fired += [
        ("column-missing", column.name) for column in file.columns if column.written and column.name not in places
    ]
    for rule, column in fired:
        log.add(rule, f"{file.name}.csv", column, 1)
    return places


def _row_faults(bench: Bench, staged: Staged, found: RowPass) -> None:
    for line, rule in found.faulty:
        bench.log.add(rule, staged.csv, "", line)
        if RULES[rule].effect == "quarantine":
            staged.taken["quarantined"] += 1


def scan_csv(found: RowPass) -> str:
    """SQL that reads the file's cells as text: line, c0, c1, ..., blank as NULL, in the file's order."""
    cells = [f"c{place}" for place in range(len(found.header))]
    columns = cells if found.plain else ["line", *cells]
    types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    options = (
        f"columns={{{types}}}, auto_detect=false, header={'true' if found.plain else 'false'}, delim=',', quote='\"', "
        "escape='\"', nullstr='', strict_mode=true, max_line_size=8000000"
    )
    line = "row_number() OVER () + 1" if found.plain else "CAST(line AS INTEGER)"
    cells_sql = ", ".join(cells)
    return f"SELECT CAST({line} AS INTEGER) AS line, {cells_sql} FROM read_csv({literal(str(found.path))}, {options})"


def _read(bench: Bench, staged: Staged, found: RowPass) -> None:
    """Quick form for all rows, thorough form for the odd ones; then the count must be what csv counted."""
    engine = bench.engine
    cells = {
        column.name: typed.quick(column.kind, f"c{staged.places[column.name]}", odd_file=found.odd)
        for column in _loaded(staged.file)
        if column.name in staged.places
    }
    odd = " OR ".join(f"({cell.odd})" for cell in cells.values()) or "false"
    _create(bench, staged, f"SELECT line, {_values(staged.file, cells)}, {odd} AS _odd FROM ({scan_csv(found)})")
    rows = _count(engine, f"SELECT count(*) FROM {staged.table}")
    if rows != found.rows - staged.taken["quarantined"]:
        raise AccountingError(f"{staged.csv}: {found.rows} rows were counted and {rows} read. Please report this.")
    if _count(engine, f"SELECT count(*) FROM {staged.table} WHERE _odd"):
        _read_odd(bench, staged, found)
    engine.execute(f"ALTER TABLE {staged.table} DROP COLUMN _odd")


def _values(file: FileSpec, cells: Mapping[str, typed.Cell]) -> str:
    return ", ".join(
        f"{cells[column.name].value if column.name in cells else 'NULL::' + typed.TYPES[column.kind]} AS {name(column.name)}"
        for column in _loaded(file)
    )


def _read_odd(bench: Bench, staged: Staged, found: RowPass) -> None:
    engine, log = bench.engine, bench.log
    odd = f"SELECT line FROM {staged.table} WHERE _odd"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE _raw AS SELECT * FROM ({scan_csv(found)}) WHERE line IN ({odd})")
    cells = {
        column.name: typed.thorough(column, f"c{staged.places[column.name]}", bench.dates)
        for column in _loaded(staged.file)
        if column.name in staged.places
    }
    broken = ", ".join(f"{{'c': {log.id(column)}, 'r': {cell.odd}}}" for column, cell in cells.items())
    ids = ", ".join(f"({literal(rule)}, {log.id(rule)})" for rule in RULES)
    engine.execute(
        f"INSERT INTO _problem SELECT ids.id, {log.id(staged.csv)}, u.c, line FROM "
        f"(SELECT line, unnest([{broken}]) AS u FROM _raw) JOIN (VALUES {ids}) AS ids(rule, id) ON ids.rule = u.r"
    )
    engine.execute(f"DELETE FROM {staged.table} WHERE _odd")
    engine.execute(f"INSERT INTO {staged.table} SELECT line, {_values(staged.file, cells)}, false FROM _raw")
    engine.execute("DROP TABLE _raw")


def take_out(bench: Bench, staged: Staged, rule: str, where: str, column: str = "") -> int:
    """Sets rows aside by a rule, remembering their keys for the rows that belong to them; how many there were."""
    engine, table = bench.engine, staged.table
    rows = bench.log.lines(rule, staged.csv, column, f"SELECT line FROM {table} WHERE {where}")
    if rows:
        if staged.file.name in PARENTS:
            _remember(bench, staged, rule, where)
        engine.execute(f"DELETE FROM {table} WHERE {where}")
        effects = {"quarantine": "quarantined", "supersede": "superseded", "delete": "deleted"}
        staged.taken[effects[RULES[rule].effect]] += rows
    return rows


def _remember(bench: Bench, staged: Staged, rule: str, where: str) -> None:
    """Keeps the keys of rows that are about to leave the table, so that their own rows can be told why."""
    person = '"PersonalID"' if staged.file.name == "Enrollment" else "NULL"
    values = f"{literal(staged.file.name)}, {name(staged.file.key)}, {literal(rule)}, {person}"
    bench.engine.execute(f"INSERT INTO _gone SELECT {values} FROM {staged.table} WHERE {where}")


def sort_out(bench: Bench, staged: Staged) -> None:
    """Rows without key or own date, superseded and deleted rows leave the table, each by its rule."""
    file, engine, log = staged.file, bench.engine, bench.log
    key = name(file.key)
    take_out(bench, staged, "key-missing", f"{key} IS NULL", file.key)
    _unreadable_out(bench, staged, "deletion-unreadable")
    for column in file.columns:
        if column.own_date:
            _unreadable_out(bench, staged, "own-date-unreadable")
            take_out(bench, staged, "own-date-missing", f"{name(column.name)} IS NULL", column.name)
    twice = f"SELECT {key} FROM {staged.table} GROUP BY {key} HAVING count(*) > 1"
    older = (
        f"SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY {key} ORDER BY {_newest(file)}) AS place "
        f"FROM {staged.table} WHERE {key} IN ({twice})) WHERE place > 1"
    )
    if _count(engine, f"SELECT count(*) FROM ({twice})"):
        take_out(bench, staged, "row-superseded", f"line IN ({older})")
    if any(column.name == "DateDeleted" for column in file.columns):
        take_out(bench, staged, "row-deleted", '"DateDeleted" IS NOT NULL')
    log.id(staged.csv)


def _newest(file: FileSpec) -> str:
    has = any(column.name == "DateUpdated" for column in file.columns)
    return '"DateUpdated" DESC NULLS LAST, line DESC' if has else "line DESC"


def _unreadable_out(bench: Bench, staged: Staged, rule: str) -> None:
    """Rows a cell rule has already named: they leave the table without a second entry in the log."""
    log = bench.log
    lines = f"SELECT line FROM _problem WHERE rule = {log.id(rule)} AND file = {log.id(staged.csv)}"
    if staged.file.name in PARENTS:
        _remember(bench, staged, rule, f"line IN ({lines})")
    row = bench.engine.execute(f"DELETE FROM {staged.table} WHERE line IN ({lines})").fetchone()
    staged.taken["quarantined"] += int(row[0]) if row else 0


def account(bench: Bench, staged: Staged) -> FileAccount:
    """Where the file's rows went; raises AccountingError when the classes do not add up to the rows read."""
    log = bench.log
    repairs = ", ".join(str(log.id(rule.name)) for rule in _REPAIRS)
    fixed = f"SELECT line FROM _problem WHERE file = {log.id(staged.csv)} AND rule IN ({repairs})"
    standing = _count(bench.engine, f"SELECT count(*) FROM {staged.table}")
    repaired = _count(bench.engine, f"SELECT count(*) FROM {staged.table} WHERE line IN ({fixed})")
    return FileAccount(read=staged.rows, used=standing - repaired, repaired=repaired, **staged.taken)


def _count(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row else 0
