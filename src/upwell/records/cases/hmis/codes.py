"""Codes: membership in the version's lists, old codes into new ones, skip rules, and how complete each column is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from upwell.records.cases.hmis.spec_load import ColumnSpec, Spec
from upwell.records.cases.hmis.stage import Bench, Staged
from upwell.records.cases.problems import Completeness
from upwell.records.cases.store import name

_BOOKKEEPING = ("PersonalID", "DateCreated", "DateUpdated", "DateDeleted")
_STRUCTURE = ("DisabilityType", "RecordType", "DataCollectionStage")  # say what a row is about; they answer nothing
NOT_COLLECTED = 99  # "data not collected" in every list that has it
_ENOUGH = 100  # rows; fewer say nothing about a column
_EVEN = (
    0.05  # chi-square over rows (phi squared): 0 when all codes are equally frequent; answers of people are far above
)
_REFUSED = ("Client doesn", "Client prefers", "Client refused", "Worker unable")
_UNCOLLECTED = ("Data not collected", "No exit interview", "Unknown / data not collected")


@dataclass(frozen=True)
class Answers:
    """What codes() found in one file. collected: columns with at least one answer, refusals included."""

    completeness: tuple[Completeness, ...]
    collected: frozenset[tuple[str, str]]


def check_codes(bench: Bench, staged: Staged, spec: Spec) -> Answers:
    """Checks, recodes and counts every loaded column of a staged file; wrong codes become unknown in the table."""
    columns = [column for column in staged.file.columns if column.loaded and column.name not in _BOOKKEEPING]
    present = [column for column in columns if column.name in staged.places and staged.rows]
    spreads = {column.name: _spread(bench, staged, column.name) for column in present if _is_code(column)}
    for column in present:
        _list_check(bench, staged, column, spec, spreads)
        _recode(bench, staged, column, spec, spreads)
        _information(bench, staged, column, spec, spreads)
    found = _complete(bench, staged, columns, spec, spreads)
    answered = {(each.file, each.column) for each in found if each.answered + each.refused_or_unknown}
    return Answers(tuple(found), frozenset(answered))


def _is_code(column: ColumnSpec) -> bool:
    return column.kind == "I"


def _rows(bench: Bench, staged: Staged) -> int:
    row = bench.engine.execute(f"SELECT count(*) FROM {staged.table}").fetchone()
    return int(row[0]) if row else 0


def _spread(bench: Bench, staged: Staged, column: str) -> dict[int | None, int]:
    """Code -> rows."""
    query = f"SELECT {name(column)}, count(*) FROM {staged.table} GROUP BY 1"
    return dict(bench.engine.execute(query).fetchall())


def _list_check(
    bench: Bench, staged: Staged, column: ColumnSpec, spec: Spec, spreads: dict[str, dict[int | None, int]]
) -> None:
    where = (staged.file.name, column.name)
    for codes, condition in spec.chosen.get(where, ()):
        _outside(bench, staged, column, spec.codes(codes), condition)
    if where in spec.chosen:
        spreads[column.name] = _spread(bench, staged, column.name)
        return
    if column.codes and _is_code(column):
        allowed = spec.codes(column.codes)
        if set(spreads[column.name]) - allowed - {None}:
            _outside(bench, staged, column, allowed, "true")
            spreads[column.name] = _spread(bench, staged, column.name)
        unwelcome = set(spec.never.get(where, ())) & set(spreads[column.name])
        if unwelcome:
            query = f"SELECT line FROM {staged.table} WHERE {name(column.name)} IN ({_numbers(unwelcome)})"
            bench.log.lines("code-not-here", staged.csv, column.name, query)


def _numbers(codes: Collection[int | None]) -> str:
    return ", ".join(str(code) for code in sorted(code for code in codes if code is not None))


def _outside(bench: Bench, staged: Staged, column: ColumnSpec, allowed: frozenset[int], condition: str) -> None:
    """Rows whose code is not allowed: named, and the value made unknown (99 where the list has it, else blank)."""
    cell = name(column.name)
    wrong = f"{cell} NOT IN ({_numbers(allowed)}) AND ({condition})"
    if bench.log.lines("code-outside-list", staged.csv, column.name, f"SELECT line FROM {staged.table} WHERE {wrong}"):
        unknown = str(NOT_COLLECTED) if NOT_COLLECTED in allowed else "NULL"
        bench.engine.execute(f"UPDATE {staged.table} SET {cell} = {unknown} WHERE {wrong}")


def _recode(
    bench: Bench, staged: Staged, column: ColumnSpec, spec: Spec, spreads: dict[str, dict[int | None, int]]
) -> None:
    """Old codes of a list that was renumbered, with the subsidy type that was part of the old code."""
    pairs = spec.recode.get(column.codes, {})
    old = set(pairs) & set(spreads.get(column.name, ()))
    if not old:
        return
    cell = name(column.name)
    whens = " ".join(f"WHEN {code} THEN {pairs[code][0]}" for code in sorted(pairs))
    changes = [f"{cell} = CASE {cell} {whens} END"]
    subsidy = spec.subsidy.get((staged.file.name, column.name))
    if subsidy:
        types = " ".join(f"WHEN {code} THEN {pairs[code][1]}" for code in sorted(pairs) if pairs[code][1] is not None)
        changes.append(f"{name(subsidy)} = coalesce(CASE {cell} {types} END, {name(subsidy)})")
    bench.engine.execute(f"UPDATE {staged.table} SET {', '.join(changes)} WHERE {cell} IN ({_numbers(set(pairs))})")
    spreads[column.name] = _spread(bench, staged, column.name)


def _information(
    bench: Bench, staged: Staged, column: ColumnSpec, spec: Spec, spreads: dict[str, dict[int | None, int]]
) -> None:
    """Says of a column that it carries no information: one answer throughout, or all codes about as often."""
    if not (column.codes and _is_code(column)) or column.name in _STRUCTURE:
        return
    allowed = spec.codes(column.codes)
    known = {code: rows for code, rows in spreads[column.name].items() if code is not None}
    filled = sum(known.values())
    if filled >= _ENOUGH and len(known) == 1:
        bench.log.add("column-constant", staged.csv, column.name)
    every = [known.get(code, 0) for code in allowed]
    even = filled / len(allowed)
    if len(allowed) >= 3 and even >= _ENOUGH / 4 and sum((rows - even) ** 2 for rows in every) / even < _EVEN * filled:
        bench.log.add("column-evenly-spread", staged.csv, column.name)


def _complete(
    bench: Bench, staged: Staged, columns: list[ColumnSpec], spec: Spec, spreads: Mapping[str, Mapping[int | None, int]]
) -> list[Completeness]:
    """How complete each column is, with one look at the table; flags answers missing, and not to be asked."""
    rows = _rows(bench, staged) if staged.rows else 0
    present = [column for column in columns if column.name in staged.places and rows]
    counts = [
        count for column in present for count in _counts(column, staged.file.asked.get(column.name, "true"), spec)
    ]
    found = bench.engine.execute(f"SELECT {', '.join(counts)} FROM {staged.table}").fetchone() if counts else ()
    cells = iter(found or ())
    complete = []
    for column in columns:
        if column not in present:
            complete.append(Completeness(staged.file.name, column.name, 0, 0, rows, 0, 0))
            continue
        filled, not_applicable, unasked = next(cells), next(cells), next(cells)
        unknown, not_collected = _unknown(column, spec, spreads.get(column.name, {}))
        blank = rows - filled
        complete.append(
            Completeness(
                staged.file.name,
                column.name,
                filled - unknown - not_collected,
                unknown,
                not_collected,
                blank - not_applicable,
                not_applicable,
            )
        )
        _flag(bench, staged, column, spec, missing=bool(blank), unasked=bool(unasked))
    return complete


def _counts(column: ColumnSpec, asked: str, spec: Spec) -> tuple[str, str, str]:
    """SQL: rows filled; rows blank because not applicable; rows filled although not applicable."""
    cell = name(column.name)
    if asked == "true":
        return f"count({cell})", "0", "0"
    return (
        f"count({cell})",
        f"count(*) FILTER (WHERE {cell} IS NULL AND NOT coalesce({asked}, false))",
        f"count(*) FILTER (WHERE {_needless(column, asked, spec)})",
    )


def _needless(column: ColumnSpec, asked: str, spec: Spec) -> str:
    cell, uncollected = name(column.name), _unknown_codes(column, spec)[1]
    return f"{cell} IS NOT NULL AND NOT ({_in(cell, uncollected)}) AND NOT coalesce({asked}, false)"


def _unknown(column: ColumnSpec, spec: Spec, spread: Mapping[int | None, int]) -> tuple[int, int]:
    """Rows with a code of refusal or not knowing, and rows with a code of never having been collected."""
    refused, uncollected = _unknown_codes(column, spec)
    return sum(spread.get(code, 0) for code in refused), sum(spread.get(code, 0) for code in uncollected)


def _flag(bench: Bench, staged: Staged, column: ColumnSpec, spec: Spec, *, missing: bool, unasked: bool) -> None:
    lines = f"SELECT line FROM {staged.table} WHERE "
    if unasked:
        needless = _needless(column, staged.file.asked[column.name], spec)
        bench.log.lines("answer-unasked", staged.csv, column.name, lines + needless)
    if column.kind == "M+":
        bench.log.lines("money-negative", staged.csv, column.name, f"{lines}{name(column.name)} < 0")
    if missing and not column.nullable and column.written:
        log = bench.log
        # A cell that a rule has just made blank is named already.
        said = f"SELECT line FROM _problem WHERE file = {log.id(staged.csv)} AND col = {log.id(column.name)}"
        unsaid = f"{name(column.name)} IS NULL AND line NOT IN ({said})"
        log.lines("answer-missing", staged.csv, column.name, lines + unsaid)


def _in(cell: str, codes: tuple[int, ...]) -> str:
    return f"{cell} IN ({', '.join(map(str, codes))})" if codes else "false"


def _unknown_codes(column: ColumnSpec, spec: Spec) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Codes of refusal or not knowing, and codes of never having been collected, read from the list's own words."""
    words: Mapping[str, str] = spec.lists[column.codes] if column.codes and _is_code(column) else {}
    codes = {int(code): text for code, text in words.items() if code.isdigit()}
    refused = tuple(code for code, text in codes.items() if text.startswith(_REFUSED))
    return refused, tuple(code for code, text in codes.items() if text.startswith(_UNCOLLECTED))
