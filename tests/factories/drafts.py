"""Random drafts: linked tables with totals over invented people, as a brief would like to print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from upwell.evidence.disclosure.draft import Cell, Crowd, Draft, DraftRow, DraftTable
from upwell.evidence.disclosure.release import Interval, Pattern, QuestionText, Searched
from upwell.evidence.question import Where

META = {
    "source": "Invented agency",
    "source_id": "source-1",
    "snapshot": "snapshot-1",
    "period_from": "2023-01-01",
    "period_to": "2023-12-31",
    "place_words": "where help was sought",
    "basis": "",
    "baseline": "composition",
    "new_ledger": "",
}

COUNTY = {"age": 7, "gender": 4, "race": 7, "veteran": 3, "disability": 3, "household": 3, "kind": 5, "place": 6}


def crowd(
    name: str, codes: Mapping[str, Sequence[int]], outcome: Sequence[int], *, outcomes: int = 2, **more: object
) -> Crowd:
    """A crowd from plain lists; a column has as many values as its largest code says, at least two."""
    sizes = {column: max(2, max(values, default=0) + 1) for column, values in codes.items()}
    arrays = {column: np.array(values, dtype=np.uint8) for column, values in codes.items()}
    return Crowd(name, np.array(outcome, dtype=np.uint8), outcomes, arrays, sizes, **more)  # type: ignore[arg-type]


def random_crowd(
    random: np.random.Generator, name: str, persons: int, sizes: Mapping[str, int], outcomes: int, **more: object
) -> Crowd:
    """People with uneven columns; the outcome leans on the first column."""
    codes = {
        column: random.choice(size, persons, p=random.dirichlet(np.full(size, 1.2))).astype(np.uint8)
        for column, size in sizes.items()
    }
    rates = random.dirichlet(np.r_[6.0, np.full(outcomes - 1, 0.8)], size=max(sizes.values()))
    first = next(iter(codes.values()))
    outcome = np.array([random.choice(outcomes, p=rates[code]) for code in first], dtype=np.uint8)
    return Crowd(name, outcome, outcomes, codes, dict(sizes), **more)  # type: ignore[arg-type]


def row(crowd: Crowd, where: Where, yes: tuple[int, ...], label: str, **more: object) -> DraftRow:
    """One line: everybody in `where`, those with a yes, those without."""
    every = tuple(range(crowd.outcomes))
    no = tuple(code for code in every if code not in yes)
    outside = bool(more.pop("outside", False))
    return DraftRow(
        label,
        Cell(crowd.name, where, every, outside),
        Cell(crowd.name, where, yes, outside),
        Cell(crowd.name, where, no, outside),
        **more,  # type: ignore[arg-type]
    )


def by_table(crowd: Crowd, column: str, yes: tuple[int, ...], number: str, question: str, **more: object) -> DraftTable:
    """One row a value of one column."""
    rows = tuple(row(crowd, ((column, (code,)),), yes, f"{column} {code}") for code in range(crowd.sizes[column]))
    return DraftTable(number, "by", f"{question} by {column}", question, column, rows, **more)  # type: ignore[arg-type]


def headline(crowd: Crowd, yes: tuple[int, ...], number: str, question: str) -> DraftTable:
    """One row, everybody asked."""
    rows = (row(crowd, (), yes, "everybody"),)
    return DraftTable(number, "headline", question, question, "", rows, priority=0)


def finding(crowd: Crowd, where: Where, yes: tuple[int, ...], number: str, question: str) -> DraftTable:
    """Two rows: inside, everyone else."""
    rows = (row(crowd, where, yes, "inside"), row(crowd, where, yes, "everyone else", outside=True))
    return DraftTable(number, "finding", question, question, "", rows, priority=0)


def inside_by(
    crowd: Crowd, where: Where, yes: tuple[int, ...], number: str, question: str, *, column: str = "time"
) -> DraftTable:
    """A finding over time or place: inside it, one row a value of `column`."""
    size = crowd.sizes[column]
    rows = tuple(
        row(crowd, tuple(sorted((*where, (column, (code,))))), yes, f"{column} {code}", month=code)
        for code in range(size)
    )
    kind = "finding_series" if column == "time" else "finding_place"
    priority = 4 if column == "time" else 5
    return DraftTable(number, kind, f"{question} by {column}", question, column, rows, priority=priority)  # type: ignore[arg-type]


def series(crowd: Crowd, yes: tuple[int, ...], number: str, question: str) -> DraftTable:
    """One row a time step; halves are the coarser table."""
    steps = crowd.sizes["time"]
    rows = tuple(row(crowd, (("time", (step,)),), yes, f"step {step}", month=step) for step in range(steps))
    parts = (tuple(range(steps // 2)), tuple(range(steps // 2, steps)))
    halves = tuple(row(crowd, (("time", part),), yes, f"half {at}", month=part[0]) for at, part in enumerate(parts))
    coarse = DraftTable(number, "series", question, question, "time", halves, steps="two periods", priority=2)
    return DraftTable(number, "series", question, question, "time", rows, steps="month", priority=2, coarser=coarse)


def random_where(random: np.random.Generator, sizes: Mapping[str, int], columns: int) -> Where:
    """A sub-population over some columns, one or two values of each."""
    names = sorted(random.choice(sorted(set(sizes) - {"time"}), size=min(columns, len(sizes) - 1), replace=False))
    return tuple(
        (str(name), tuple(sorted(int(v) for v in random.choice(sizes[name], min(2, sizes[name] - 1), replace=False))))
        for name in names
    )


def draft_of(crowds: Sequence[Crowd], tables: Sequence[DraftTable], **more: object) -> Draft:
    """A draft with the words that every release needs."""
    names = sorted({table.question for table in tables if table.question})
    texts = tuple(
        QuestionText(name, f"Did {name} happen?", "people", "did", "did not", "asked of all", "gap", (), ())
        for name in names
    )
    searched = tuple(Searched(name, None, 3.0, 0.05, 100) for name in names)
    patterns = tuple(pattern(table) for table in tables if table.kind == "finding")
    meta = dict(META) | dict(more.pop("meta", {}))  # type: ignore[call-overload]
    return Draft(tuple(crowds), tuple(tables), patterns, texts, searched, (), meta, **more)  # type: ignore[arg-type]


def pattern(table: DraftTable) -> Pattern:
    """A pattern that hangs on a finding table; its numbers are invented."""
    return Pattern(
        question=table.question, rank=1, where=(), table=table.id, series="", place="", baseline="composition",
        expected_share=0.2, expected=20, excess=Interval(10.0, 2.0, 18.0), ratio=1.5, p=0.01, p_from="bootstrap",
        overstated=True, within_programme=None, agrees=None,
    )  # fmt: skip


def random_draft(seed: int, *, sparse: bool = False) -> Draft:
    """One to three crowds with linked 1-way tables, totals, findings, series and places; `sparse`: few people."""
    random = np.random.default_rng(seed)
    crowds, tables = [], []
    for at in range(int(random.integers(1, 4))):
        names = random.choice(sorted(COUNTY), size=int(random.integers(2, 5)), replace=False)
        sizes = {str(name): COUNTY[str(name)] for name in names} | {"time": int(random.integers(3, 9))}
        persons = int(random.integers(15, 120) if sparse else random.integers(150, 3000))
        each = random_crowd(
            random, f"crowd{at}", persons, sizes, int(random.integers(2, 5)), full=random.random() < 0.1
        )
        crowds.append(each)
        tables += _tables(random, each, len(tables))
    return draft_of(crowds, tables)


def _tables(random: np.random.Generator, crowd: Crowd, first: int) -> list[DraftTable]:
    tables: list[DraftTable] = []

    def number() -> str:
        return f"t{first + len(tables):02d}"

    for klass in range(1, crowd.outcomes):
        yes, question = (klass,), f"{crowd.name}-q{klass}"
        tables.append(headline(crowd, yes, number(), question))
        for column in crowd.sizes:
            if column != "time":
                tables.append(by_table(crowd, column, yes, number(), question))
        if random.random() < 0.6:
            where = random_where(random, crowd.sizes, int(random.integers(1, 4)))
            tables.append(finding(crowd, where, yes, number(), question))
            if random.random() < 0.6:
                tables.append(inside_by(crowd, where, yes, number(), question))
        if random.random() < 0.6:
            tables.append(series(crowd, yes, number(), question))
    return tables


def county_draft(persons: int = 500, seed: int = 1) -> Draft:
    """Thirteen questions over five crowds, ten tables each, five findings: the size of a real brief."""
    random = np.random.default_rng(seed)
    crowds, tables = [], []
    sizes = COUNTY | {"time": 8}
    for at, outcomes in enumerate((4, 4, 4, 3, 3)):
        people = persons if at < 3 else persons // 2
        each = random_crowd(random, f"crowd{at}", people, sizes, outcomes)
        crowds.append(each)
        for klass in range(1, outcomes):
            yes, question = (klass,), f"{each.name}-q{klass}"
            tables.append(headline(each, yes, f"t{len(tables):03d}", question))
            tables += [
                by_table(each, column, yes, f"t{len(tables) + k:03d}", question) for k, column in enumerate(COUNTY)
            ]
            tables.append(series(each, yes, f"t{len(tables):03d}", question))
        where = random_where(random, COUNTY, 2)
        tables.append(finding(each, where, (1,), f"t{len(tables):03d}", f"{each.name}-q1"))
        tables.append(inside_by(each, where, (1,), f"t{len(tables):03d}", f"{each.name}-q1"))
    return draft_of(crowds, tables)
