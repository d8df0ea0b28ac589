"""What is known already: the issues that a watch has told of, so that it tells of none of them twice.

Case-side: it names sub-populations nobody has protected yet. Months are numbered on one calendar of the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.dimensions import inside
from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import Where
from upwell.records.cases.table import Asked, Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Keys = tuple[tuple[str, tuple[str, ...]], ...]
"""A sub-population by column names and keys of values, sorted by name: what stays when codes are numbered anew."""

VERSION = 1
UNREADABLE = "This memory cannot be read: it is damaged, or no memory of a watch. Begin with an empty one."


@dataclass(frozen=True)
class Part:
    """A sub-population of an issue. odds: by which its expectation is raised; error: standard error of their log.

    told: an alarm told of it; else it was seen later, as another side of the same issue.
    """

    where: Keys
    odds: float
    error: float
    told: bool = True


@dataclass(frozen=True)
class Issue:
    """One trouble that is known. parts: the first is the one told first. since, last_told: months."""

    parts: tuple[Part, ...]
    since: int
    last_told: int


@dataclass(frozen=True, repr=False)
class Memory:
    """The issues known to a watch over some columns. looked: the last month that was looked at, None before any."""

    columns: tuple[str, ...]
    issues: tuple[Issue, ...] = ()
    looked: int | None = None

    def __repr__(self) -> str:
        """How many issues, and that nothing in it may be shown outside."""
        return f"Memory(NOT PROTECTED: for the case team alone; {len(self.issues)} known issues)"

    def to_dict(self) -> dict[str, object]:
        """The memory as standard values, for JSON."""
        issues = [
            {
                "since": issue.since,
                "last_told": issue.last_told,
                "parts": [
                    {
                        "where": {name: list(keys) for name, keys in part.where},
                        "odds": part.odds,
                        "error": part.error,
                        "told": part.told,
                    }
                    for part in issue.parts
                ],
            }
            for issue in self.issues
        ]
        return {"version": VERSION, "columns": list(self.columns), "looked": self.looked, "issues": issues}

    @classmethod
    def from_dict(cls, held: Mapping[str, object]) -> Memory:
        """A memory from `to_dict`. Raises EvidenceError for another version and for what is no memory."""
        if not isinstance(held, Mapping) or "version" not in held:
            raise EvidenceError(UNREADABLE)
        if held["version"] != VERSION:
            raise EvidenceError(
                f"This memory is of version {held['version']}, and version {VERSION} is read here: begin with an empty "
                "one."
            )
        try:
            return _memory(held)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise EvidenceError(UNREADABLE) from None

    def check(self, columns: Sequence[Column], left_out: Sequence[str] = ()) -> None:
        """Raises EvidenceError when it is of other columns than these.

        left_out: columns that are here as well, but that nothing can be told of this time.
        """
        here = {*left_out, *(column.name for column in columns)}
        searched = {column.name for column in columns if column.searched}
        lacking, new = sorted(set(self.columns) - here), sorted(searched - set(self.columns))
        if lacking or new:
            named = [f"it knows {name!r}, which is not here" for name in lacking[:1]]
            named += [f"it does not know {name!r}" for name in new[:1]]
            raise EvidenceError(
                f"This memory is of other columns: {' and '.join(named)}. Give the same columns, or begin with an "
                "empty memory."
            )

    def with_issue(self, part: Part, *, since: int, now: int) -> Memory:
        """With a new issue, last."""
        return replace(self, issues=(*self.issues, Issue((part,), since, now)))

    def with_part(self, at: int, part: Part, *, now: int) -> Memory:
        """With another part of an issue."""
        issue = self.issues[at]
        told = now if part.told else issue.last_told
        grown = replace(issue, parts=(*issue.parts, part), last_told=told)
        return replace(self, issues=(*self.issues[:at], grown, *self.issues[at + 1 :]))


def _memory(held: Mapping[str, object]) -> Memory:
    issues = tuple(
        Issue(
            tuple(
                Part(
                    tuple(sorted((str(name), tuple(map(str, keys))) for name, keys in part["where"].items())),
                    _positive(part["odds"]),
                    _positive(part["error"]),
                    bool(part["told"]),
                )
                for part in issue["parts"]
            ),
            int(issue["since"]),
            int(issue["last_told"]),
        )
        for issue in held["issues"]  # type: ignore[attr-defined] # anything else is caught by from_dict
    )
    columns, looked = held["columns"], held["looked"]
    if not isinstance(columns, list | tuple) or not all(issue.parts for issue in issues):
        raise ValueError
    return Memory(tuple(map(str, columns)), issues, None if looked is None else int(looked))  # type: ignore[call-overload] # the same


def _positive(number: object) -> float:
    value = float(number)  # type: ignore[arg-type] # anything else is caught by from_dict
    if not 0 < value < np.inf:
        raise ValueError
    return value


def keys_of(place: Where, columns: Sequence[Column]) -> Keys:
    """A sub-population by keys instead of codes."""
    by_name = {column.name: column for column in columns}
    return tuple((name, tuple(by_name[name].values[code].key for code in codes)) for name, codes in place)


def where_of(keys: Keys, columns: Sequence[Column]) -> Where:
    """A sub-population by codes; values that nobody has any more are left out."""
    numbers = {column.name: {value.key: code for code, value in enumerate(column.values)} for column in columns}
    return tuple(
        (name, tuple(sorted(numbers[name][key] for key in held if key in numbers[name]))) for name, held in keys
    )


def is_placed(part: Part, columns: Sequence[Column]) -> bool:
    """Whether all columns that a part restricts are here, so that its persons are known."""
    return {name for name, _ in part.where} <= {column.name for column in columns}


def members(asked: Asked, columns: Sequence[Column], part: Part) -> Bools:
    """Who is in a part of an issue, in any month; bool, shape (persons,).

    Where a column that it restricts is not here: who may be in it, by the others; nobody where there is no other.
    """
    names = {column.name for column in columns}
    here = tuple((name, keys) for name, keys in part.where if name in names)
    if part.where and not here:
        return np.zeros(asked.persons, dtype=np.bool_)
    return inside(asked, where_of(here, columns))


def lift(asked: Asked, columns: Sequence[Column], memory: Memory, *, origin: int, told_only: bool = False) -> Floats:
    """What known issues add to each person's log odds, from their beginnings on; float64, shape (persons,).

    origin: the month that Asked calls 0. told_only: only parts that an alarm told of. A part whose persons are not
    known adds nothing.
    """
    added = np.zeros(asked.persons)
    for issue in memory.issues:
        begun = asked.month.astype(np.int64) + origin >= issue.since
        for part in issue.parts:
            if (part.told or not told_only) and is_placed(part, columns):
                added += np.log(part.odds) * (members(asked, columns, part) & begun)
    return added


def raised(share: Floats, added: Floats) -> Floats:
    """Expectation with some log odds added; share: strictly inside 0..1, any shape (..., persons)."""
    odds = share / (1 - share) * np.exp(added)
    bounded: Floats = np.clip(odds / (1 + odds), 1e-6, 1 - 1e-6)
    return bounded
