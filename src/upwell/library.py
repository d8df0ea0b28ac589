"""The analyst's door: find patterns in any yes/no about people, protect a table of counts, attack a printed one.

Each result says in its repr whether it is protected. Protected here means: safe by itself. What is published again and
again, or beside other figures of the same people, needs the ledger, which `upwell brief` keeps.

>>> print(attack_tables([[None, 20, 27], [3, None, 33], [10, 50, 60]]).exact[0])
('row 1, column 1', 7)
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure import attack as attacker
from upwell.evidence.disclosure import ledger, protection
from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import Search
from upwell.evidence.scan.find import find
from upwell.records.cases.table import Asked, Column, Question, Value

Table = Sequence[Sequence[int | None]]
"""A two-way table with its totals: the last row and the last column are sums. None is withheld."""

MOST_VALUES = 64


@dataclass(frozen=True, repr=False)
class Patterns:
    """What a search found, with exact counts."""

    search: Search

    def __repr__(self) -> str:
        """How many, and that nothing in it may be shown outside."""
        found = len(self.search.findings)
        return f"Patterns(NOT PROTECTED: exact counts, for the case team alone; {found} findings)"


@dataclass(frozen=True, repr=False)
class Protected:
    """A table of counts as it may be shown by itself. rows: with totals, None is withheld; made by protect_tables."""

    rows: tuple[tuple[int | None, ...], ...]
    promise: str

    def __repr__(self) -> str:
        """The promise, and what it does not cover."""
        return f"Protected(by itself, in no ledger: {self.promise} Withheld: {_withheld(self.rows)} cells)"


@dataclass(frozen=True, repr=False)
class Attacked:
    """What anybody can work out of a printed table. bounds: withheld cell -> least and greatest possible count."""

    bounds: Mapping[str, tuple[int, int]]

    @property
    def exact(self) -> tuple[tuple[str, int], ...]:
        """Withheld cells whose count follows from what is shown, with that count."""
        return tuple((name, low) for name, (low, high) in self.bounds.items() if low == high)

    def __repr__(self) -> str:
        """The verdict, without the counts."""
        verdict = (
            f"NOT PROTECTED: {len(self.exact)} withheld counts follow" if self.exact else "no withheld count follows"
        )
        return f"Attacked({verdict} from what is shown, of {len(self.bounds)})"


def find_patterns(
    columns: Mapping[str, Sequence[str]], yes: Sequence[bool], *, seed: int = 1, baseline: str = "composition"
) -> Patterns:
    """Sub-populations in which "yes" is more frequent than the baseline expects.

    columns: name -> one value a person, at most 64 different ones each; "" is unknown. yes: one answer a person.
    baseline: "composition" adjusts for main effects of every column; "overall" compares with everybody.
    One row must be one person: repeated rows are no evidence. Raises EvidenceError when lengths differ.
    """
    if baseline not in ("composition", "overall"):
        raise EvidenceError("Without programmes and dates the baseline is 'composition' or 'overall'.")
    persons = len(yes)
    if any(len(values) != persons for values in columns.values()):
        raise EvidenceError(f"Every column needs one value a person: {persons} of them.")
    coded = [_coded(name, values) for name, values in columns.items()]
    zeros = np.zeros(persons, dtype=np.int32)
    asked = Asked(
        question=_question(),
        person=np.arange(persons, dtype=np.int64),
        yes=np.asarray(yes, dtype=np.bool_),
        codes={column.name: codes for column, codes in coded},
        month=zeros.astype(np.int16),
        agency=zeros,
        household=np.arange(persons, dtype=np.int32),
        left_out={},
    )
    return Patterns(find(asked, [column for column, _ in coded], baseline=baseline, seed=seed, searches=1))


def protect_tables(counts: Sequence[Sequence[int]], *, rules: str = protection.DEFAULT, seed: int = 1) -> Protected:
    """A table of persons with its totals, as it may be shown by itself.

    counts: persons, each once, shape (rows, columns), without totals; one row is a one-way table.
    rules: a protection's name. Raises RefusedError when not even the total can be shown.
    """
    inside = _rectangle(counts)
    if (inside < 0).any():
        raise EvidenceError("Counts of persons are 0 or more.")
    made_on = date.today()
    rule = protection.load(rules, made_on)
    key = secrets.token_bytes(32)  # a release needs a signature; this one goes nowhere
    signed, _ = protect(
        _draft(inside), rule, earlier=(), key=key, made_on=made_on, seed=seed, ledger_head=ledger.BEGINNING
    )
    shown = {row.label: row.persons for table in signed.release.tables for row in table.rows}
    rows, columns = inside.shape
    return Protected(
        tuple(
            tuple(shown.get(_name(row, column, inside.shape)) for column in range(columns + 1))
            for row in range(rows + 1)
        ),
        rule.words,
    )


def attack_tables(table: Table, *, width: int = 3, seed: int = 1) -> Attacked:
    """What anybody can work out of a printed two-way table with totals, ours or others'.

    table: the last row and the last column are totals; None is withheld. width: intervals at least this wide are not
    measured to their ends. Raises EvidenceError when the shown counts contradict each other.
    """
    shown = _rectangle([[-1 if each is None else each for each in row] for row in table])
    rows, columns = shown.shape[0] - 1, shown.shape[1] - 1
    if rows < 1 or columns < 1:
        raise EvidenceError("A table has at least one row and one column, and their totals.")
    names = tuple(_name(row, column, (rows, columns)) for row in range(rows + 1) for column in range(columns + 1))
    unknowns = np.arange(rows * columns).reshape(rows, columns)
    parts = sparse.lil_matrix((len(names), rows * columns))
    for number in range(len(names)):
        row, column = divmod(number, columns + 1)
        inside = unknowns[slice(None) if row == rows else row, slice(None) if column == columns else column]
        parts[number, np.ravel(inside)] = 1
    nothing = sparse.csr_matrix((0, rows * columns)), np.empty(0, dtype=np.int64)
    public = attacker.Public(names, shown.ravel(), parts.tocsr(), *nothing)
    try:
        report = attacker.attack(public, width=width, seed=seed)
    except ValueError:
        raise EvidenceError("The shown counts of this table do not add up.") from None
    ends = zip(report.names, report.low.tolist(), report.high.tolist(), strict=True)
    return Attacked({name: (low, high) for name, low, high in ends})


def _question() -> Question:
    return Question(
        name="yes", words="", people="people", happened="yes", not_happened="no", asked_of="everybody given",
        barrier="", levers=(), deciders=(), population="given",
    )  # fmt: skip


def _coded(name: str, values: Sequence[str]) -> tuple[Column, NDArray[np.uint8]]:
    different = sorted(set(values))
    if len(different) > MOST_VALUES:
        raise EvidenceError(f"The column {name!r} has more than {MOST_VALUES} different values; fold the rare ones.")
    numbers = {value: number for number, value in enumerate(different)}
    column = Column(name, name, "nominal", tuple(Value(value, value or "unknown", bool(value)) for value in different))
    return column, np.array([numbers[value] for value in values], dtype=np.uint8)


def _rectangle(table: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    if not table or not table[0] or len({len(row) for row in table}) != 1:
        raise EvidenceError("A table has rows of equal length, at least one.")
    return np.asarray(table, dtype=np.int64)


def _draft(inside: NDArray[np.int64]) -> Draft:
    """The table as people: each person has a row and a column."""
    rows, columns = inside.shape
    row, column = np.divmod(np.repeat(np.arange(inside.size), inside.ravel()), columns)
    codes = {"column": column.astype(np.uint8), "row": row.astype(np.uint8)}
    crowd = Crowd("given", np.zeros(len(row), dtype=np.uint8), 1, codes, {"column": columns, "row": rows})
    everybody = DraftTable(
        "t00", "served", "Everybody", "", "", tuple(_rows([(rows, columns)], inside.shape)), split=False, priority=0
    )
    margins = [(rows, at) for at in range(columns)], [(at, columns) for at in range(rows)]
    inner = [(at, each) for at in range(rows) for each in range(columns)]
    tables = [
        DraftTable(f"t{number:02d}", "served", "", "", "given", tuple(_rows(cells, inside.shape)), split=False)
        for number, cells in enumerate([*margins, inner], start=1)
    ]
    meta = {name: "" for name in ("source", "source_id", "snapshot", "period_from", "period_to")}
    return Draft((crowd,), (everybody, *tables), (), (), (), (), meta)


def _rows(cells: Iterable[tuple[int, int]], shape: tuple[int, ...]) -> Iterable[DraftRow]:
    for row, column in cells:
        where = (("column", (column,)),) * (column < shape[1]) + (("row", (row,)),) * (row < shape[0])
        yield DraftRow(_name(row, column, shape), Cell("given", where, (0,)))


def _name(row: int, column: int, shape: tuple[int, ...]) -> str:
    across = "all rows" if row == shape[0] else f"row {row + 1}"
    return f"{across}, {'all columns' if column == shape[1] else f'column {column + 1}'}"


def _withheld(rows: Iterable[Iterable[int | None]]) -> int:
    return sum(each is None for row in rows for each in row)
