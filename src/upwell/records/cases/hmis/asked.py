"""Asking: from a rule to one row a person, in one pass over the episode table.

A person's index row is the first in date order that can be asked. Whether it can be asked looks at the frame, the dates
and whether an answer is there, never at which answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from upwell.records.cases.hmis.rule import REASONS, Frame, LeftOut, Rule

MISSING = (("refused or unknown", "IN (8, 9, 37)"), ("not collected", "= 99"), ("not asked", "IS NULL OR {0} = 30"))
ROW_BITS, DAY_BITS = 32, 22


@dataclass(frozen=True)
class Index:
    """Each person of a frame with the row that counts. reason: uint8, 0 asked, else the number of a reason.

    person: int64, strictly increasing. episode: int32, a row of the episode table. month: int16, 0 the period's first.
    """

    person: NDArray[np.int64]
    episode: NDArray[np.int32]
    month: NDArray[np.int16]
    reason: NDArray[np.uint8]
    yes: NDArray[np.bool_]


def ask(engine: DuckDBPyConnection, rule: Rule, period: tuple[date, date]) -> Index:
    """One row a person with a row in the rule's frame; shape (persons,) each."""
    sql = _index_sql(rule)
    found = engine.execute(sql, _named_in(sql, rule, period)).fetchnumpy()
    best = np.ma.getdata(found["best"])
    first = period[0].year * 12 + period[0].month - 1
    return Index(
        person=np.ma.getdata(found["person"]).astype(np.int64),
        episode=(best >> 24).astype(np.int32),
        month=(((best >> 4) & 0xFFFFF) - first).astype(np.int16),
        reason=((best >> 1) & 7).astype(np.uint8),
        yes=(best & 1).astype(np.bool_),
    )


def can_be_asked(engine: DuckDBPyConnection, rule: Rule, period: tuple[date, date]) -> bool:
    """Whether at least one row of the frame can be asked."""
    sql = f"SELECT EXISTS (FROM ({_rows_sql(rule)}) WHERE reason = 0)"
    return bool(engine.execute(sql, _named_in(sql, rule, period)).fetchall()[0][0])


def window_fits(engine: DuckDBPyConnection, rule: Rule, period: tuple[date, date]) -> bool:
    """Whether the period is at least as long as the time that must pass before the answer is known."""
    if not rule.frame.window:
        return True
    sql = f"SELECT CAST($since AS DATE) + {rule.frame.window} <= CAST($until AS DATE)"
    return bool(engine.execute(sql, _named_in(sql, rule, period)).fetchall()[0][0])


def possible_reasons(rule: Rule) -> tuple[str, ...]:
    """Reasons for which the rule can leave somebody out, whether or not it does, in the order of REASONS."""
    found = {reason for item in rule.frame.left_out for _, reason in _cases(item)}
    found |= {"window not over"} if rule.frame.window else set()
    return tuple(reason for reason in REASONS if reason in found)


def _index_sql(rule: Rule) -> str:
    """SQL: one row a person. `best` packs episode, calendar month, reason and answer of the row that counts.

    The order of a person's rows is one number: those that can be asked first, then by day, then by row.
    """
    return f"""
        SELECT person, arg_min(
            (episode::BIGINT << 24) | ((year(day) * 12 + month(day) - 1)::BIGINT << 4)
                | (reason::BIGINT << 1) | yes::BIGINT,
            ((reason > 0)::BIGINT << {ROW_BITS + DAY_BITS}) | ((day - $since)::BIGINT << {ROW_BITS}) | number
        ) AS best
        FROM ({_rows_sql(rule)}) GROUP BY person ORDER BY person"""


def _rows_sql(rule: Rule) -> str:
    """SQL: person, episode, number (a row's place among equals), day, reason and answer of every row of the frame."""
    frame = rule.frame
    number = "number" if frame.rows == "referral" else "episode"
    return f"""
        SELECT person, episode, {number}::BIGINT AS number, {frame.at} AS day, {_reason_sql(frame)} AS reason,
               coalesce(({rule.yes}), false) AS yes
        FROM {frame.rows}
        WHERE ({frame.at}) BETWEEN $since AND $until AND ({frame.among})"""


def _reason_sql(frame: Frame) -> str:
    left_out = list(frame.left_out)
    if frame.window:
        left_out.append(LeftOut(when=f"({frame.at}) + {frame.window} > $until", reason="window not over"))
    cases = " ".join(
        f"WHEN ({condition}) THEN {REASONS.index(reason) + 1}"
        for item in left_out
        for condition, reason in _cases(item)
    )
    return f"(CASE {cases} ELSE 0 END)::TINYINT"


def _cases(item: LeftOut) -> list[tuple[str, str]]:
    """Each (condition, reason) of one line of left_out."""
    if not item.missing:
        return [(item.when, item.reason)]
    return [(f"({item.when}) AND ({item.missing} {test.format(item.missing)})", reason) for reason, test in MISSING]


def _named_in(sql: str, rule: Rule, period: tuple[date, date]) -> dict[str, object]:
    """Values for the $names in the SQL; the engine refuses a value that nobody names."""
    values = {"since": period[0], "until": period[1], **rule.settings}
    named = set(re.findall(r"\$([a-z_]+)", sql))
    return {name: value for name, value in values.items() if name in named}
