"""What was wrong with the records, row by row and rule by rule, without ever holding a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import duckdb

from upwell.records.cases.rules import RULES
from upwell.records.errors import RecordsError


class AccountingError(RecordsError):
    """Rows were lost or counted twice: a defect of this program, never of the input."""


@dataclass(frozen=True)
class Fired:
    """One rule at one place. line: line in the file, 1 is the header, 0 the file as a whole. column: "" for the row."""

    rule: str
    file: str
    line: int
    column: str = ""


class Places(Protocol):
    """Where rules fired; may be read again and again."""

    def __iter__(self) -> Iterator[Fired]:
        """Every place, by file, line, column, rule."""
        ...

    def sample(self, limit: int) -> Iterator[Fired]:
        """The first places of each rule, file and column, at most limit of each."""
        ...


@dataclass(frozen=True)
class FileAccount:
    """Where the rows of one file went; each is in exactly one class. Raises AccountingError when the sum is wrong."""

    read: int
    used: int = 0
    repaired: int = 0
    superseded: int = 0
    quarantined: int = 0
    deleted: int = 0

    def __post_init__(self) -> None:
        classes = self.used + self.repaired + self.superseded + self.quarantined + self.deleted
        if classes != self.read or min(self.used, self.repaired) < 0:
            raise AccountingError(
                f"{self.read} rows were read and {classes} accounted for. Please report this with the rule counts."
            )


@dataclass(frozen=True)
class Completeness:
    """How often one column is answered among the rows in use, with the four kinds of missing."""

    file: str
    column: str
    answered: int
    refused_or_unknown: int
    not_collected: int
    not_asked: int
    not_applicable: int


@dataclass(frozen=True)
class Quality:
    """The whole account of one input. For the case team: it names lines of the source.

    files: file name with ".csv" -> account. times: (rule, file, column) -> how often, exact.
    located: every place where a rule fired; may be read again and again, streams, bounded memory.
    victim_provider_rows: rows set aside by the rule "victim-service-provider".
    """

    format: str
    period: tuple[date, date]
    files: Mapping[str, FileAccount]
    times: Mapping[tuple[str, str, str], int]
    completeness: tuple[Completeness, ...] = ()
    located: Places = field(default_factory=lambda: Listed(()), repr=False)
    victim_provider_rows: int = 0

    def rules(self) -> dict[str, int]:
        """Rule name -> how often it fired, in the order of the names."""
        sums: Counter[str] = Counter()
        for (rule, _, _), times in self.times.items():
            sums[rule] += times
        return dict(sorted(sums.items()))

    @property
    def clean(self) -> bool:
        """Nothing worse than a note was found: deleted rows or a file of another name are no finding."""
        return all(RULES[rule].severity == "note" for rule in self.rules())


class Log:
    """Collects what fired while a source is read: exact counts here, places in a table that may spill to disk."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self.engine = engine
        self._names: dict[str, int] = {}
        engine.execute("CREATE TABLE _problem (rule SMALLINT, file SMALLINT, col SMALLINT, line INTEGER)")

    def id(self, text: str) -> int:
        """A small number for a rule, file or column name."""
        return self._names.setdefault(text, len(self._names))

    def add(self, rule: str, file: str, column: str = "", line: int = 0) -> None:
        """One place. Raises KeyError for a rule that has no reason written down."""
        RULES[rule]
        self.engine.execute(
            "INSERT INTO _problem VALUES (?, ?, ?, ?)", [self.id(rule), self.id(file), self.id(column), line]
        )

    def lines(self, rule: str, file: str, column: str, query: str) -> int:
        """All lines a query gives (its column "line"); how many there were."""
        RULES[rule]
        numbers = f"{self.id(rule)}, {self.id(file)}, {self.id(column)}"
        row = self.engine.execute(f"INSERT INTO _problem SELECT {numbers}, line FROM ({query})").fetchone()
        return int(row[0]) if row else 0

    def forget(self, file: str) -> None:
        """Takes back what was said of a file that is about to be read again."""
        self.engine.execute("DELETE FROM _problem WHERE file = ?", [self.id(file)])

    def times(self) -> dict[tuple[str, str, str], int]:
        """(rule, file, column) -> how often."""
        names = list(self._names)
        query = "SELECT rule, file, col, count(*) FROM _problem GROUP BY ALL"
        found = self.engine.execute(query).fetchall()
        return dict(sorted(((names[rule], names[file], names[col]), times) for rule, file, col, times in found))

    def located(self) -> Located:
        """The places, to be read when the report is written."""
        return Located(self.engine, tuple(self._names))


@dataclass(frozen=True)
class Located:
    """Every place where a rule fired, streamed from the table in batches: bounded memory, however many there are."""

    engine: duckdb.DuckDBPyConnection
    names: tuple[str, ...]

    def __iter__(self) -> Iterator[Fired]:
        return self._stream(f"SELECT rule, file, line, col FROM _problem {self._order()}")

    def sample(self, limit: int) -> Iterator[Fired]:
        """The first places of each rule, file and column, at most limit of each."""
        place = "row_number() OVER (PARTITION BY rule, file, col ORDER BY line)"
        return self._stream(
            f"SELECT rule, file, line, col FROM _problem QUALIFY {place} <= {int(limit)} {self._order()}"
        )

    def _order(self) -> str:
        # The small numbers follow the order of reading; reports follow the names.
        ranks = {text: rank for rank, text in enumerate(sorted(self.names))}
        rank = "[" + ", ".join(str(ranks[text]) for text in self.names) + "]"
        return f"ORDER BY {rank}[file + 1], line, {rank}[col + 1], {rank}[rule + 1]"

    def _stream(self, query: str) -> Iterator[Fired]:
        cursor = self.engine.cursor()
        cursor.execute(query)
        while batch := cursor.fetchmany(10_000):
            for rule, file, line, column in batch:
                yield Fired(self.names[rule], self.names[file], line, self.names[column])


@dataclass(frozen=True)
class Listed:
    """Places that are already in memory, for accounts put together by hand."""

    fired: tuple[Fired, ...]

    def __iter__(self) -> Iterator[Fired]:
        return iter(sorted(self.fired, key=lambda each: (each.file, each.line, each.column, each.rule)))

    def sample(self, limit: int) -> Iterator[Fired]:
        """The first places of each rule, file and column, at most limit of each."""
        seen: Counter[tuple[str, str, str]] = Counter()
        for each in self:
            seen[(each.rule, each.file, each.column)] += 1
            if seen[(each.rule, each.file, each.column)] <= limit:
                yield each
