"""Columns with a role: the answer, the expectation, who a row is about, where and when it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from upwell.evidence.engine.arrow import Numbers, Part
from upwell.evidence.engine.coding import WHOLE, Relation, quoted
from upwell.evidence.errors import EvidenceError

DATES = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE")
NUMBERS = (*WHOLE, "FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Role:
    """How one such column is read: SQL, the kind of number that comes, and what a row without one is told."""

    expression: str
    kind: type[np.generic]
    refusal: str
    wrong: Callable[[Numbers], Numbers] | None = None


def yes_role(name: str, kind: str) -> Role:
    """The answer: true or false, 1 or 0, or words that DuckDB reads as such."""
    column = quoted(name)
    truth = f"(CASE WHEN {column} = 1 THEN true WHEN {column} = 0 THEN false END)"
    if kind == "BOOLEAN":
        truth = column
    elif not _number(kind):
        truth = f"TRY_CAST({column}::VARCHAR AS BOOLEAN)"
    refusal = f"of {name!r} are neither yes nor no: leave those out first, or fill them in."
    return Role(f"{truth}::UTINYINT", np.uint8, refusal)


def expected_role(name: str, kind: str) -> Role:
    """The expectation, a share."""
    if not _number(kind):
        raise EvidenceError(f"{name!r} holds no numbers: an expectation is a number from 0 to 1 in every row.")
    refusal = f"of {name!r} are missing, below 0 or above 1: an expectation is a number from 0 to 1 in every row."
    return Role(f"{quoted(name)}::FLOAT", np.float32, refusal, lambda shares: ~((shares >= 0) & (shares <= 1)))


def person_role(name: str, kind: str) -> Role:
    """Who a row is about: the whole number itself, or 64 bits made from anything else (two alike: below 10**-3)."""
    column = quoted(name)
    whole = kind in WHOLE and kind not in ("UBIGINT", "HUGEINT")
    mixed = f"CASE WHEN {column} IS NOT NULL THEN (hash({column}) >> 1)::BIGINT END"
    refusal = f"of {name!r} are empty: each row needs its person."
    return Role(f"{column}::BIGINT" if whole else mixed, np.int64, refusal)


def cluster_role(name: str, kind: str) -> Role:
    """Where it was: the whole number itself where it fits, or 31 bits made from anything else."""
    column = quoted(name)
    whole = kind in ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT")
    mixed = f"CASE WHEN {column} IS NOT NULL THEN (hash({column}) >> 33)::INTEGER END"
    refusal = f"of {name!r} are empty: each row needs its cluster."
    return Role(f"{column}::INTEGER" if whole else mixed, np.int32, refusal)


def month_role(source: Relation, name: str, kind: str) -> Role:
    """When it was: months as whole numbers, or months from the earliest date's."""
    column = quoted(name)
    refusal = f"of {name!r} are empty: each row needs its month."
    if kind in WHOLE:
        return Role(f"{column}::SMALLINT", np.int16, refusal)
    if kind not in DATES:
        raise EvidenceError(f"{name!r} holds neither months as whole numbers nor dates: give one of them.")
    first = source.aggregate(f"min({column})::DATE::VARCHAR").fetchall()[0][0]
    since = f"DATE '{first}'" if first is not None else "NULL::DATE"
    return Role(f"date_diff('month', {since}, {column}::DATE)::SMALLINT", np.int16, refusal)


def _number(kind: str) -> bool:
    return kind in NUMBERS or kind.startswith("DECIMAL")


def wrong_rows(role: Role, part: Part) -> int:
    """Rows of a batch that the role cannot take."""
    missing = 0 if part.missing is None else int(part.missing.sum())
    if role.wrong is None:
        return missing
    wrong = role.wrong(part.numbers)
    return int(wrong.sum() if part.missing is None else (wrong | part.missing).sum())
