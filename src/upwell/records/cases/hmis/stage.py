"""One file from its row pass to a typed table, each of its rows in exactly one class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import duckdb

from upwell.records.cases.hmis import scan, typed
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


Again = Callable[[RowPass], RowPass]


def stage(bench: Bench, file: FileSpec, found: RowPass | None, again: Again) -> tuple[Staged, RowPass | None]:
    """Makes the file's table, with every column of every year, from the row pass; empty when there is no file.

    The table has line and the loaded columns. Identity and free text are never read into it.
    again: the row pass by rewriting, for a file whose bytes DuckDB reads otherwise than was proved.
    Returns also the row pass that stood. Raises AccountingError when even then the counts differ.
    """
    staged = Staged(file)
    if found is None:
        _create(bench, staged, _empty(file))
        return staged, None
    places, fired = _places(file, found.header)
    staged.places = places
    if places:
        found = _fill(bench, staged, found, again)
    else:
        _create(bench, staged, _empty(file))
        fired = [("header-missing" if found.header else "file-empty", "")]
    for rule, column in fired:
        bench.log.add(rule, staged.csv, column, 1)
    staged.rows = found.rows
    _row_faults(bench, staged, found)
    if not places:
        staged.taken["quarantined"] = found.rows
    return staged, found


def _empty(file: FileSpec) -> str:
    columns = ", ".join(scan.null_as(column.kind, column.name) for column in _loaded(file))
    return f"SELECT 0 AS line, {columns} WHERE false"


def _loaded(file: FileSpec) -> tuple[ColumnSpec, ...]:
    return tuple(column for column in file.columns if column.loaded)


def _create(bench: Bench, staged: Staged, query: str) -> None:
    bench.engine.execute(f"CREATE OR REPLACE TABLE {staged.table} AS {query}")


def _places(file: FileSpec, header: tuple[str, ...]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Canonical column -> place in the header, and the rules fired. A header less than a third known is no header."""
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
        return {}, []
    missing = [column.name for column in file.columns if column.written and column.name not in places]
    return places, fired + [("column-missing", column) for column in missing]


def _row_faults(bench: Bench, staged: Staged, found: RowPass) -> None:
    for line, rule in found.faulty:
        bench.log.add(rule, staged.csv, "", line)
        if RULES[rule].effect == "quarantine":
            staged.taken["quarantined"] += 1


def _fill(bench: Bench, staged: Staged, found: RowPass, again: Again) -> RowPass:
    """Reads natively if every cell allows it, else as text, else as text after rewriting; the counts must agree."""
    if not found.rows:  # most files of a small export are a header alone: nothing to read, and nothing to prove
        _create(bench, staged, _empty(staged.file))
        return found
    try:
        if found.proof != "cleaned" and not found.invisible and _read_natively(bench, staged, found):
            return found
        if _read_as_text(bench, staged, found):
            return found
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        if found.proof == "cleaned":
            raise
    if found.proof != "cleaned":
        found = again(found)
        if _read_as_text(bench, staged, found):
            return found
    raise AccountingError(f"{staged.csv}: {found.rows} rows were counted and other many read. Please report this.")


def _read_natively(bench: Bench, staged: Staged, found: RowPass) -> bool:
    """One pass with DuckDB's own types; False when a cell needs a closer look, or the counts differ."""
    columns = {column.name: column for column in staged.file.columns}
    cells = {
        column.name: typed.Cell(*scan.native_value(column, f"c{staged.places[column.name]}"))
        for column in _loaded(staged.file)
        if column.name in staged.places
    }
    try:
        query = f"SELECT line, {_values(staged.file, cells)} FROM ({scan.natively(found, staged.places, columns)})"
        _create(bench, staged, query)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    if _count(bench.engine, f"SELECT count(*) FROM {staged.table}") != found.rows or _odd_rows(bench, staged):
        return False
    bench.engine.execute(f"ALTER TABLE {staged.table} DROP COLUMN _odd")
    return True


def _read_as_text(bench: Bench, staged: Staged, found: RowPass) -> bool:
    """Quick form for all rows, thorough form for the odd ones; False when the counts differ."""
    engine = bench.engine
    cells = {
        column.name: typed.quick(column.kind, f"c{staged.places[column.name]}", invisible=found.invisible)
        for column in _loaded(staged.file)
        if column.name in staged.places
    }
    query = f"SELECT line, {_values(staged.file, cells)} FROM ({scan.as_text(found)})"
    _create(bench, staged, query)
    faulty = sum(RULES[rule].effect == "quarantine" for _, rule in found.faulty)
    if _count(engine, f"SELECT count(*) FROM {staged.table}") != found.rows - faulty:
        return False
    if _odd_rows(bench, staged):
        _read_odd(bench, staged, found)
    engine.execute(f"ALTER TABLE {staged.table} DROP COLUMN _odd")
    return True


def _odd_rows(bench: Bench, staged: Staged) -> int:
    return _count(bench.engine, f"SELECT count(*) FROM {staged.table} WHERE _odd")


def _values(file: FileSpec, cells: Mapping[str, typed.Cell]) -> str:
    """SQL of all columns of the table, and of _odd, true where a cell is not to be trusted."""
    values = [
        f"{cells[column.name].value} AS {name(column.name)}"
        if column.name in cells
        else scan.null_as(column.kind, column.name)
        for column in _loaded(file)
    ]
    odd = " OR ".join(f"coalesce({cell.odd}, false)" for cell in cells.values() if cell.odd != "false")
    return f"{', '.join(values)}, {odd or 'false'} AS _odd"


def _read_odd(bench: Bench, staged: Staged, found: RowPass) -> None:
    """Reads the odd rows again with the thorough form, and names the rule of each faulty cell."""
    engine, log = bench.engine, bench.log
    odd = f"SELECT line FROM {staged.table} WHERE _odd"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE _raw AS SELECT * FROM ({scan.as_text(found)}) WHERE line IN ({odd})")
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
    sure = {column: typed.Cell(cell.value, "false") for column, cell in cells.items()}
    engine.execute(f"INSERT INTO {staged.table} SELECT line, {_values(staged.file, sure)} FROM _raw")
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
    if not staged.rows:
        return
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
    repaired = _count(bench.engine, f"SELECT count(*) FROM {staged.table} WHERE line IN ({fixed})") if standing else 0
    return FileAccount(read=staged.rows, used=standing - repaired, repaired=repaired, **staged.taken)


def _count(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row else 0
