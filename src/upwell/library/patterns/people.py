"""From a source to people, each once, with their answers: what every search is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.errors import EvidenceError
from upwell.evidence.scan.surely import repeated
from upwell.library import given
from upwell.library.given import Array, word
from upwell.library.patterns import answers
from upwell.library.patterns.coding import Attribute, code
from upwell.library.patterns.options import Options, Role
from upwell.records.cases.table import Asked, Column, Question

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

ROLES = ("yes", "expected", "person", "household", "cluster", "programme", "month")
NOT_SEARCHED = ("yes", "expected", "person", "household", "month")


@dataclass(frozen=True)
class Calendar:
    """How months are told. first: what Asked calls 0; dated: it counts from January 1970, else from nothing."""

    first: int
    dated: bool

    @property
    def begins(self) -> int | None:
        """Month of the year, 1..12, of month 0; None where months are plain numbers."""
        return self.first % 12 + 1 if self.dated else None

    def told(self, month: int) -> str | int:
        """A month of Asked as the source would write it: "2025-03", or its plain number."""
        if not self.dated:
            return self.first + month
        year, rest = divmod(self.first + month, 12)
        return f"{1970 + year}-{rest + 1:02d}"


@dataclass(frozen=True)
class _Read:
    """The arrays of a source by role, and its attributes by name; told: what is to be said."""

    roles: Mapping[str, Array]
    attributes: Mapping[str, Array]
    searched: tuple[str, ...]
    rows: int
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class People:
    """One row a person. rows: of the source, in the order of asked; rows_given: how many it has.

    expected: share expected of each, strictly inside 0..1, or None where a baseline is to be fitted.
    calendar: None where no months were given. told: what was done on the way that a reader must know.
    left_out: columns that are not searched after all, as far as their values can be told apart. offered: names of all
    attributes that were to be searched, those left out too.
    """

    asked: Asked
    columns: tuple[Column, ...]
    expected: Floats | None
    rows: Rows
    rows_given: int
    calendar: Calendar | None
    told: tuple[str, ...]
    left_out: tuple[Column, ...] = ()
    offered: tuple[str, ...] = ()


def people(source: object, options: Options) -> People:
    """The people of a source. Raises EvidenceError, with what to do, for what cannot be read as people."""
    read = _read(given.opened(source), options)
    yes, answered = answers.yes_of(read.roles["yes"])
    expected = answers.expected_of(read.roles["expected"]) if "expected" in read.roles else None
    months = answers.months_of(read.roles["month"]) if "month" in read.roles else None
    rows = _once(read, answered, None if months is None else months.number)
    number = np.zeros(len(rows), dtype=np.int64) if months is None else months.number[rows]
    first = int(number.min()) if len(number) else 0
    columns, left_out, codes = _columns(read, options, rows)
    asked = Asked(
        question=question(options),
        person=np.arange(len(rows), dtype=np.int64),
        yes=yes[rows],
        codes=codes,
        month=(number - first).astype(np.int16),
        agency=_keys(read.roles, "cluster", rows, alone=False),
        household=_keys(read.roles, "household", rows, alone=True),
        left_out={},
    )
    calendar = None if months is None else Calendar(first + months.start, months.dated)
    return People(
        asked,
        columns,
        None if expected is None else expected[rows],
        rows,
        read.rows,
        calendar,
        told=tuple(read.told),
        left_out=left_out,
        offered=read.searched,
    )


def _once(read: _Read, answered: Bools, month: Rows | None) -> Rows:
    """The rows that count: one a person, with an answer and all that was said to place it."""
    person = answers.keys_of(read.roles["person"]) if "person" in read.roles else None
    kept = answered
    if not answered.all():
        read.told.append("Rows without an answer were left out.")
    for known, what in ((person, "person"), (month, "month")):
        if known is not None and (known[kept] < 0).any():
            kept = kept & (known >= 0)
            read.told.append(f"Rows without a {what} were left out.")
    if person is None:
        return np.flatnonzero(kept)
    index = repeated.index(person, month=None if month is None else month.astype(np.int16), eligible=kept)
    if index.said:
        read.told.append(f"People have several rows. {index.said}")
    return index.rows


def _read(source: object, options: Options) -> _Read:
    names = given.names_of(source)
    wanted: dict[str, Role] = {role: getattr(options, role) for role in ROLES}
    named = {role: held for role, held in wanted.items() if isinstance(held, str)}
    searched = searched_of(names, named, options)
    held = given.values_of(source, tuple(dict.fromkeys((*named.values(), *searched))))
    roles = {role: held[name] for role, name in named.items()}
    for role, values in wanted.items():
        if values is not None and role not in named:
            roles[role] = given.array_of(values, f"`{role}`")
    attributes = {name: held[name] for name in searched}
    if "programme" in roles:
        attributes.setdefault(named.get("programme", "programme"), roles["programme"])
    return _Read(roles, attributes, searched, _one_length(roles, attributes))


def searched_of(names: tuple[str, ...], named: Mapping[str, str], options: Options) -> tuple[str, ...]:
    """The attributes that may be searched. named: role -> its column. Raises EvidenceError for names that cannot be."""
    searched = options.attributes
    if searched is None:
        taken = {named[role] for role in NOT_SEARCHED if role in named}
        searched = tuple(name for name in names if name not in taken)
    for name in (*named.values(), *searched, *options.ordered, *options.groups):
        given.check_held(name, names)
    if named.get("yes") in searched or named.get("expected") in searched:
        raise EvidenceError("The answer, or what was expected of it, is no attribute to search: leave it out.")
    if len(set(searched)) < len(searched):
        raise EvidenceError("An attribute is named twice.")
    return searched


def _one_length(roles: Mapping[str, Array], attributes: Mapping[str, Array]) -> int:
    rows = len(roles["yes"])
    short = [name for name, values in (*roles.items(), *attributes.items()) if len(values) != rows]
    if short:
        raise EvidenceError(f"There are {rows:,} answers: {short[0]!r} needs one value a person, as every column does.")
    return rows


_Columns = tuple[Column, ...]


def _columns(read: _Read, options: Options, rows: Rows) -> tuple[_Columns, _Columns, dict[str, NDArray[np.uint8]]]:
    """The columns, those left out, and the codes of both by name."""
    columns: list[Column] = []
    left_out: list[Column] = []
    codes: dict[str, NDArray[np.uint8]] = {}
    for name, values in read.attributes.items():
        numbers, words = given.coded(values[rows])
        persons = np.bincount(numbers + 1, minlength=len(words) + 1)
        held = Held(name, words, persons[1:], int(persons[0]), given.is_number(values))
        coded = code(attribute(held, options, searched=name in read.searched))
        if coded.said:
            read.told.append(coded.said)
        columns += [coded.column] if coded.column else []
        left_out += [coded.left_out] if coded.left_out else []
        if coded.column or coded.left_out:
            codes[name] = coded.table[numbers]
    return tuple(columns), tuple(left_out), codes


@dataclass(frozen=True)
class Held:
    """What a source holds of an attribute; as the fields of `Attribute` of the same names."""

    name: str
    words: tuple[str, ...]
    persons: NDArray[np.int64]
    unknown: int
    number: bool


def attribute(held: Held, options: Options, *, searched: bool) -> Attribute:
    """An attribute with all that was said of it."""
    name = held.name
    of_time = isinstance(options.month, str) and name == options.month
    order = options.ordered.get(name, () if of_time else None)
    nodes = options.groups.get(name, {})
    programme = name == (options.programme if isinstance(options.programme, str) else "programme")
    programme = programme and options.programme is not None
    service = programme or (isinstance(options.cluster, str) and name == options.cluster)
    return Attribute(
        name,
        held.words,
        held.persons,
        held.unknown,
        order=None if order is None else tuple(word(each) for each in order),
        groups={str(group): tuple(word(each) for each in members) for group, members in nodes.items()},
        number=held.number,
        composition=not service and not of_time,
        programme=programme,
        service=service,
        searched=searched,
    )


def _keys(roles: Mapping[str, Array], role: str, rows: Rows, *, alone: bool) -> NDArray[np.int32]:
    """Numbers of households or clusters. alone: who has none is one by himself, else all such are one together."""
    if role not in roles:
        return (np.arange(len(rows)) if alone else np.zeros(len(rows))).astype(np.int32)
    keys = answers.keys_of(roles[role])[rows]
    if alone:
        keys = np.where(keys < 0, int(keys.max(initial=0)) + 1 + np.arange(len(keys)), keys)
    return np.unique(keys, return_inverse=True)[1].astype(np.int32)


def question(options: Options) -> Question:
    """The question that the answers are to."""
    return Question(
        name="yes", words="", people="people", happened=options.happened, not_happened="did not",
        asked_of="everybody given", barrier="", levers=(), deciders=(), population="given",
    )  # fmt: skip
