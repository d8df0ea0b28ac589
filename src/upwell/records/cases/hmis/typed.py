"""SQL that turns a cell's text into a code, date, moment or amount, and says which rule a faulty cell breaks.

Each column has two forms. The quick form is exact for text written as the standard has it and marks every other row
as odd: "1" is read, " 1", "1.0" and "1.5" are odd. Odd rows, usually none, are read again with the thorough form.
Blanks around a number or a date, and "1.0" for 1, are no fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from upwell.records.cases.hmis.rows import INVISIBLE
from upwell.records.cases.hmis.spec_load import ColumnSpec
from upwell.records.cases.store import literal

DateOrder = Literal["iso", "mdy", "dmy"]
TYPES = {"S": "VARCHAR", "I": "INTEGER", "D": "DATE", "T": "TIMESTAMP", "M": "DOUBLE", "M+": "DOUBLE"}

_BLANKS = " \t\r\n" + INVISIBLE
_CLOCKS = (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
_ISO = r"\d{4}-\d{1,2}-\d{1,2}"


@dataclass(frozen=True)
class Cell:
    """value: SQL of the typed value. odd: SQL, true when the quick form is not to be trusted (quick form only)."""

    value: str
    odd: str


def quick(kind: str, text: str, *, invisible: bool) -> Cell:
    """The quick form of one column; text is the SQL of its cell, NULL when blank."""
    if kind == "S":
        bare = bare_text(text) if invisible else f"trim({text})"
        return Cell(f"nullif({bare}, '')", f"{bare} IS DISTINCT FROM {text}")
    value = f"TRY_CAST({text} AS {TYPES[kind]})"
    if kind in ("M", "M+"):
        return Cell(value, f"({text} IS NOT NULL AND coalesce(NOT isfinite({value}), true))")
    return Cell(value, f"CAST({value} AS VARCHAR) IS DISTINCT FROM {text}")


def bare_text(text: str) -> str:
    """SQL: the text without blanks and invisible characters around it."""
    return f"trim({text}, {literal(_BLANKS)})"


def thorough(column: ColumnSpec, text: str, dates: DateOrder) -> Cell:
    """The thorough form: value, and as odd the SQL of the name of the rule the cell breaks, NULL when none."""
    bare = f"nullif({bare_text(text)}, '')"
    if column.kind == "S":
        return Cell(
            bare, f"CASE WHEN {bare} IS DISTINCT FROM {text} AND {bare} IS NOT NULL THEN 'stray-characters' END"
        )
    if column.kind in ("D", "T"):
        return _date(column, bare, dates)
    if column.kind == "I":
        number = f"TRY_CAST({bare} AS DOUBLE)"
        value = f"CASE WHEN {number} = trunc({number}) THEN TRY_CAST({number} AS INTEGER) END"
        return Cell(value, f"CASE WHEN {bare} IS NOT NULL AND ({value}) IS NULL THEN 'integer-unreadable' END")
    amount = f"TRY_CAST(regexp_replace({bare}, '^[$]|,(\\d{{3}})', '\\1', 'g') AS DOUBLE)"
    value = f"CASE WHEN isfinite({amount}) THEN {amount} END"
    rule = (
        f"CASE WHEN {bare} IS NOT NULL AND ({value}) IS NULL THEN 'money-unreadable' "
        f"WHEN {bare} IS NOT NULL AND TRY_CAST({bare} AS DOUBLE) IS NULL THEN 'money-marks' END"
    )
    return Cell(value, rule)


def _date(column: ColumnSpec, bare: str, dates: DateOrder) -> Cell:
    """ISO first, then only the declared order; a two-digit year never for a birth date, whose century is a guess."""
    iso = f"CASE WHEN regexp_matches({bare}, '^{_ISO}') THEN TRY_CAST({bare} AS TIMESTAMP) END"
    long_year = _declared(bare, dates, "%Y")
    short_year = "NULL::TIMESTAMP" if column.name == "DOB" else _declared(bare, dates, "%y")
    value = f"coalesce({iso}, {long_year}, {short_year})"
    clock = f"regexp_matches({bare}, '\\d:\\d')"
    mixed = (
        f"WHEN {clock} THEN 'date-with-time'"
        if column.kind == "D"
        else f"WHEN {bare} IS NOT NULL AND NOT {clock} THEN 'time-without-clock'"
    )
    unreadable = _unreadable(column)
    rule = (
        f"CASE WHEN {bare} IS NOT NULL AND {value} IS NULL THEN '{unreadable}' "
        f"WHEN ({iso}) IS NULL AND {long_year} IS NOT NULL THEN 'date-other-order' "
        f"WHEN ({iso}) IS NULL AND {short_year} IS NOT NULL THEN 'date-two-digit-year' {mixed} END"
    )
    return Cell(f"CAST({value} AS {TYPES[column.kind]})", rule)


def _unreadable(column: ColumnSpec) -> str:
    if column.name == "DateDeleted":
        return "deletion-unreadable"
    return "own-date-unreadable" if column.own_date else "date-unreadable"


def _declared(bare: str, dates: DateOrder, year: str) -> str:
    """SQL: the moment when the text is in the declared order, NULL otherwise; always NULL when none is declared."""
    if dates == "iso":
        return "NULL::TIMESTAMP"
    first, second = ("%m", "%d") if dates == "mdy" else ("%d", "%m")
    digits = r"\d{4}" if year == "%Y" else r"\d{2}"
    plain = f"replace(replace({bare}, '-', '/'), '.', '/')"
    shape = f"regexp_matches({plain}, '^\\d{{1,2}}/\\d{{1,2}}/{digits}( .*)?$')"
    day = f"{first}/{second}/{year}"
    formats = ", ".join(literal(day + clock) for clock in ("", *_CLOCKS))
    parsed = f"try_strptime({plain}, [{formats}])"
    if year == "%y":
        # strptime puts 69-99 into the last century; every date but a birth date of these records is of this one.
        parsed = f"(CASE WHEN year({parsed}) < 2000 THEN {parsed} + INTERVAL 100 YEAR ELSE {parsed} END)"
    return f"(CASE WHEN {shape} THEN {parsed} END)"
