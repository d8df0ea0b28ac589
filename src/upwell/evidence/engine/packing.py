"""Pack the rows of a Parquet file or a DuckDB relation into memory in one stream: a byte an attribute and a row.

Memory: attributes + 6 bytes a row (8, 4 and 2 more for person, cluster and month), plus one batch and what DuckDB
takes (at most 1 GB for a file of ours to open; a relation keeps to the limits of its own connection).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.arrow import Numbers, Part, batches
from upwell.evidence.engine.coding import MISSING, Coding, Relation, among_first, coding
from upwell.evidence.engine.compact import Compact, compact, recode, stays
from upwell.evidence.engine.fill import MANY
from upwell.evidence.engine.opening import opened, told_plainly
from upwell.evidence.engine.roles import (
    Role,
    cluster_role,
    expected_role,
    month_role,
    person_role,
    wrong_rows,
    yes_role,
)
from upwell.evidence.errors import EvidenceError

Progress = Callable[[str, float], None]

FEWEST_TOLD = 11  # rows; a message is read by others, and a row may be a person
FIRST = 100_000  # rows of which the values are taken; where others turn up behind them, all rows are looked at


@dataclass(frozen=True)
class Wanted:
    """Names of columns. attributes: what may be searched; () is every column without a role.

    yes: true or false. expected: 0..1. month: whole numbers, or dates (then months from the earliest). parents: of an
    attribute with more than 64 values, the column that its rarer ones are folded up to. spill: folder for temporary
    files of a Parquet file's reading, None for the system's.
    """

    attributes: tuple[str, ...]
    yes: str
    expected: str | None = None
    person: str | None = None
    cluster: str | None = None
    month: str | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    spill: Path | None = None


@dataclass(frozen=True)
class Rows:
    """Packed rows, in the order of the source.

    attributes: names of those that were kept. codes: uint8, shape (attributes, rows): an index into values, and
    len(values) itself where the answer is unknown. values: at most 64 an attribute, in their own order.
    yes: bool. expected: float32, 0..1. person: int64. cluster: int32. month: int16. Each shape (rows,).
    folded: sentences on values that share a code and attributes that were left out.
    """

    attributes: tuple[str, ...]
    codes: NDArray[np.uint8]
    values: tuple[tuple[str, ...], ...]
    yes: NDArray[np.bool_]
    expected: NDArray[np.float32] | None
    person: NDArray[np.int64] | None
    cluster: NDArray[np.int32] | None
    month: NDArray[np.int16] | None
    folded: tuple[str, ...]


def pack(source: object, wanted: Wanted, progress: Progress | None = None) -> Rows:
    """Read a DuckDB relation, a Parquet file, or a folder of Parquet files.

    Unknown: NULL, empty text, and a floating point number that is none. Raises EvidenceError where a column is not
    there, an answer or expectation cannot be taken, or the file cannot be read.
    """
    name = str(source) if isinstance(source, str | Path) else None
    with opened(source, wanted.spill) as relation, told_plainly(name):
        kinds = {column: str(kind).upper() for column, kind in zip(relation.columns, relation.types, strict=True)}
        attributes = _attributes(wanted, kinds)
        told = progress or _unheard
        rows = int(str(relation.aggregate("count(*)").fetchall()[0][0]))
        roles = _roles(relation, wanted, kinds)

        def read(first: Mapping[str, Sequence[str]]) -> _Reading:
            told("looking at the values", 0.0)
            codings = [
                coding(relation, each, kind=kinds[each], parent=wanted.parents.get(each), first=first.get(each, ()))
                for each in attributes
            ]
            reading = _Reading(codings, roles, rows)
            reading.read(relation, told)
            return reading

        searched = {each: kinds[each] for each in attributes}
        reading = read(among_first(relation, searched, FIRST) if rows > FIRST else {})
        if reading.is_strange(relation):
            del reading  # its room is needed again
            reading = read({})
        return reading.packed()


def _unheard(words: str, share: float) -> None:
    """Nobody listens."""


def _attributes(wanted: Wanted, kinds: Mapping[str, str]) -> tuple[str, ...]:
    roles = [each for each in (wanted.yes, wanted.expected, wanted.person, wanted.cluster, wanted.month) if each]
    for name in (*wanted.attributes, *roles, *wanted.parents.values()):
        if name not in kinds:
            near = get_close_matches(name, kinds, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise EvidenceError(f"There is no column {name!r}.{hint}")
    if len(set(wanted.attributes)) < len(wanted.attributes):
        raise EvidenceError("An attribute is named twice: name each once.")
    held = {wanted.yes, wanted.expected} & set(wanted.attributes)
    if held:
        raise EvidenceError(f"{sorted(map(str, held))[0]!r} is the answer or its expectation: it is no attribute.")
    return wanted.attributes or tuple(each for each in kinds if each not in roles)


def _roles(relation: Relation, wanted: Wanted, kinds: Mapping[str, str]) -> dict[str, Role]:
    roles = {"yes": yes_role(wanted.yes, kinds[wanted.yes])}
    if wanted.expected is not None:
        roles["expected"] = expected_role(wanted.expected, kinds[wanted.expected])
    if wanted.person is not None:
        roles["person"] = person_role(wanted.person, kinds[wanted.person])
    if wanted.cluster is not None:
        roles["cluster"] = cluster_role(wanted.cluster, kinds[wanted.cluster])
    if wanted.month is not None:
        roles["month"] = month_role(relation, wanted.month, kinds[wanted.month])
    return roles


def _copy(given: NDArray[np.uint8], into: NDArray[np.uint8], tally: NDArray[np.int64], ahead: np.uint8) -> None:
    np.subtract(given, ahead, out=into)
    tally += np.bincount(into, minlength=256)


def _copier(rows: int) -> Callable[[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int64], np.uint8], None]:
    """Copies codes, given so much ahead, and counts them: in NumPy, or compiled for many."""
    if rows <= MANY:
        return _copy
    from upwell.evidence.engine.compiled import take  # noqa: PLC0415 - numba is slow to import

    return take


class _Reading:
    """One stream of rows into arrays that have their full size from the start."""

    def __init__(self, codings: list[Coding], roles: dict[str, Role], rows: int) -> None:
        self._codings, self._roles, self._rows = codings, roles, rows
        self._codes = np.empty((len(codings), rows), dtype=np.uint8)
        self._tallies = np.zeros((len(codings), 256), dtype=np.int64)
        self._told: dict[str, Numbers] = {name: np.empty(rows, dtype=role.kind) for name, role in roles.items()}
        self._wrong = dict.fromkeys(roles, 0)
        self._copy = _copier(rows)

    def read(self, relation: Relation, told: Progress) -> None:
        """All rows; raises EvidenceError where a role's column cannot be taken."""
        kinds: dict[str, type[np.generic]] = {f"c{at}": np.uint8 for at in range(len(self._codings))}
        kinds |= {name: role.kind for name, role in self._roles.items()}
        expressions = [f"{each.expression} AS c{at}" for at, each in enumerate(self._codings)]
        expressions += [f"{role.expression} AS {name}" for name, role in self._roles.items()]
        begin = 0
        for batch in batches(relation.project(", ".join(expressions)), kinds):
            begin = self._take(batch, begin)
            told("reading rows", begin / max(self._rows, 1))
        if begin != self._rows:
            raise EvidenceError("The rows changed while they were read: read them again when nobody writes to them.")
        for name, role in self._roles.items():
            if self._wrong[name]:
                wrong = self._wrong[name]
                rows = f"{wrong:,}" if wrong >= FEWEST_TOLD else f"Fewer than {FEWEST_TOLD}"
                raise EvidenceError(f"{rows} of {self._rows:,} rows {role.refusal}")

    def is_strange(self, relation: Relation) -> bool:
        """Whether some attribute has values that its coding does not know: only where a row seems to have none."""
        unsure = [each.strange for at, each in enumerate(self._codings) if each.strange and self._tallies[at, MISSING]]
        return bool(unsure) and bool(relation.filter(f"({') OR ('.join(unsure)})").limit(1).fetchall())

    def _take(self, batch: dict[str, Part], begin: int) -> int:
        end = begin + len(batch["yes"].numbers)
        if end > self._rows:
            return end
        for at in range(len(self._codings)):
            part, ahead = batch[f"c{at}"], self._codings[at].ahead
            missing = np.uint8((MISSING + ahead) % 256)
            codes = part.numbers if part.missing is None else np.where(part.missing, missing, part.numbers)
            self._copy(codes, self._codes[at, begin:end], self._tallies[at], np.uint8(ahead))
        for name, role in self._roles.items():
            self._told[name][begin:end] = batch[name].numbers
            self._wrong[name] += wrong_rows(role, batch[name])
        return end

    def packed(self) -> Rows:
        """What was read, each attribute's codes numbered again."""
        kept: list[tuple[str, Compact]] = []
        said = []
        for at, each in enumerate(self._codings):
            found = compact(each, self._tallies[at])
            if len(found.values) < 2:
                why = "the same in every row" if found.values else "empty in every row"
                said.append(f"{each.name!r} was left out: it is {why}{' that has it' if found.values else ''}.")
                continue
            if not stays(found.recoded, self._tallies[at]):
                recode(self._codes[at], found.recoded)
            if len(kept) < at:  # what was left out makes room: no second array is needed
                self._codes[len(kept)] = self._codes[at]
            kept.append((each.name, found))
            said += [found.said] if found.said else []
        return Rows(
            attributes=tuple(name for name, _ in kept),
            codes=self._codes[: len(kept)],
            values=tuple(found.values for _, found in kept),
            yes=self._told["yes"].view(np.bool_),
            expected=self._told.get("expected"),
            person=self._told.get("person"),
            cluster=self._told.get("cluster"),
            month=self._told.get("month"),
            folded=tuple(said),
        )
