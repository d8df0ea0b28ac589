"""From an analyst's columns to columns that may be searched: at most 64 values each, in order where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.dimensions import MOST_UNKNOWN, MOST_VALUES
from upwell.evidence.errors import EvidenceError
from upwell.records.cases.table import Column, Group, Value

Places = Sequence[int]
Nodes = Mapping[str, Sequence[object]]

KEPT = MOST_VALUES - 2  # beside "other" and unknown
STEPS = 20  # of a number with too many different values
FEW_NUMBERS = 20  # different ones may be codes; more are amounts
MOSTLY_DIFFERENT = 0.9  # share of rows; a column in which hardly anything returns is a key, not an attribute
OTHER = "other"


@dataclass(frozen=True)
class Attribute:
    """One attribute as given. words: its values; persons: who has each; unknown: persons of whom it is not known.

    order: words from first to last, () for the usual order of numbers, None where none was told. number: of numbers,
    which have an order where there are many of them.
    groups: words -> values that may be told of as one, {} where there are none.
    """

    name: str
    words: tuple[str, ...]
    persons: NDArray[np.int64]
    unknown: int
    order: tuple[str, ...] | None = None
    groups: Mapping[str, tuple[str, ...]] | None = None
    number: bool = False
    composition: bool = True
    programme: bool = False
    service: bool = False
    searched: bool = True


@dataclass(frozen=True)
class Coded:
    """A column, and for each word given the code of its value, that of unknown last; uint8, shape (words + 1,).

    said: what was done to it, "" for nothing. column None: it was left out; left_out: then the same, not to be
    searched, where its values can be told apart (a watch may know something of it).
    """

    column: Column | None
    table: NDArray[np.uint8]
    said: str = ""
    left_out: Column | None = None


def code(given: Attribute) -> Coded:
    """One attribute, folded to at most 64 values. Raises EvidenceError for an order or groups that do not fit it."""
    reason = _useless(given)
    if reason:
        return _left_out(given, f"{given.name!r} was left out: {reason}.")
    if given.groups:
        return _grouped(given)
    if given.order is not None:
        return _ordered(given)
    if given.number and len(given.words) > FEW_NUMBERS:
        coded = _ordered(given)
        taken = f"{given.name!r} was taken as a number in order (where it is a code, give it as text)."
        return replace(coded, said=f"{taken} {coded.said}".strip())
    return _nominal(given)


def numbers(words: Sequence[str]) -> NDArray[np.float64] | None:
    """The words as numbers; None when one of them is none."""
    try:
        return np.array([float(each) for each in words], dtype=np.float64)
    except ValueError:
        return None


def _useless(given: Attribute) -> str:
    rows = max(int(given.persons.sum()) + given.unknown, 1)
    if not given.words:
        return "it is empty"
    if len(given.words) == 1:
        return "it has one value"
    if given.unknown > MOST_UNKNOWN * rows:
        return "it is unknown for most people"
    counted = given.number and not all(each.isdigit() for each in given.words)  # amounts may all differ
    if len(given.words) > max(MOST_VALUES, MOSTLY_DIFFERENT * rows) and not (given.groups or counted):
        return "nearly every value in it is another, as in a key"
    return ""


def _left_out(given: Attribute, said: str) -> Coded:
    if len(given.words) > KEPT:
        return Coded(None, np.zeros(0, dtype=np.uint8), said)
    whole = _nominal(replace(given, composition=False, programme=False, service=False, searched=False))
    return Coded(None, whole.table, said, whole.column)


def _nominal(given: Attribute) -> Coded:
    if len(given.words) <= KEPT:
        return _column(given, given.words, range(len(given.words)))
    words, places = _folded(given, {word: OTHER for word in _rarest(given, len(given.words) - KEPT)})
    said = f"{given.name!r} has more than {KEPT} values: the rarest were put together as {OTHER!r}."
    return _column(given, words, places, said=said)


def _rarest(given: Attribute, many: int) -> tuple[str, ...]:
    return tuple(given.words[at] for at in np.argsort(given.persons, kind="stable")[:many])


def _folded(given: Attribute, into: Mapping[str, str]) -> tuple[tuple[str, ...], Places]:
    """Words after some have become others, in the old order, new ones last; and the place of each old one."""
    named = [into.get(word, word) for word in given.words]
    words = tuple(dict.fromkeys([word for word in given.words if word not in into] + named))
    place = {word: at for at, word in enumerate(words)}
    return words, [place[word] for word in named]


def _ordered(given: Attribute) -> Coded:
    words = _in_order(given)
    place = {word: at for at, word in enumerate(words)}
    places = [place[word] for word in given.words]
    if len(words) <= KEPT:
        return _column(given, words, places, kind="ordinal")
    persons = np.zeros(len(words), dtype=np.int64)
    persons[places] = given.persons
    cuts = _cuts(persons)
    steps = np.searchsorted(cuts, np.arange(len(words)), side="right") - 1
    ends = np.append(cuts[1:], len(words)) - 1
    named = tuple(
        words[a] if a == b else f"{words[a]} to {words[b]}" for a, b in zip(cuts.tolist(), ends.tolist(), strict=True)
    )
    said = f"{given.name!r} has more than {KEPT} values in order: they were cut into {len(named)} steps."
    return _column(given, named, steps[places].tolist(), kind="ordinal", said=said)


def _in_order(given: Attribute) -> tuple[str, ...]:
    if given.order:
        missing = [word for word in given.words if word not in given.order]
        if missing:
            raise EvidenceError(f"The order of {given.name!r} lacks a value that occurs in it: {missing[0]!r}.")
        return tuple(dict.fromkeys(given.order))
    values = numbers(given.words)
    if values is None:
        return tuple(sorted(given.words))
    return tuple(given.words[at] for at in np.argsort(values, kind="stable"))


def _cuts(persons: NDArray[np.int64]) -> NDArray[np.int64]:
    """First places of steps that hold about as many persons each."""
    reached = np.cumsum(persons)
    inner = np.searchsorted(reached, reached[-1] * np.arange(1, STEPS) / STEPS, side="left") + 1
    return np.unique(np.concatenate(([0], inner[inner < len(persons)]))).astype(np.int64)


def _grouped(given: Attribute) -> Coded:
    """Values that only their groups may join; too many are first put together where they share all their groups."""
    nodes = given.groups or {}
    of = {word: tuple(name for name, members in nodes.items() if word in members) for word in given.words}
    said, words = "", given.words
    places: Places = range(len(words))
    if len(words) > KEPT:
        rest = {word: _rest_of(of[word], given.words) for word in _rarest(given, len(words))}
        words, places = _fewest_folded(given, rest)
        of |= {rest[word]: of[word] for word in rest}
        said = f"{given.name!r} has more than {KEPT} values: the rarest were put together within their groups."
    groups = []
    for name in nodes:
        members = tuple(at for at, word in enumerate(words) if name in of[word])
        if 1 < len(members) < len(words):
            groups.append(Group(name, members))
    return _column(given, words, places, groups=tuple(groups), said=said)


def _rest_of(groups: tuple[str, ...], words: Sequence[str]) -> str:
    name = f"{OTHER} in {' and '.join(groups)}" if groups else OTHER
    while name in words:
        name += " (rarer)"
    return name


def _fewest_folded(given: Attribute, rest: Mapping[str, str]) -> tuple[tuple[str, ...], Places]:
    """Fold no more of the rarest values than leave room. rest: rarest first, what each would become."""
    rarest, low, high = list(rest), 1, len(rest)
    while low < high:
        middle = (low + high) // 2
        if len(_folded(given, {word: rest[word] for word in rarest[:middle]})[0]) <= KEPT:
            high = middle
        else:
            low = middle + 1
    words, places = _folded(given, {word: rest[word] for word in rarest[:low]})
    if len(words) > KEPT:
        raise EvidenceError(
            f"{given.name!r} has more groups than the {KEPT} that can be told apart: give coarser ones."
        )
    return words, places


def _column(
    given: Attribute,
    words: Sequence[str],
    places: Places,
    *,
    kind: str = "nominal",
    groups: tuple[Group, ...] = (),
    said: str = "",
) -> Coded:
    values = (*(Value(word, word) for word in words), Value("", "unknown", known=False))
    column = Column(
        given.name,
        given.name,
        "ordinal" if kind == "ordinal" else "nominal",
        values,
        composition=given.composition and not groups,
        programme=given.programme,
        service=given.service,
        searched=given.searched,
        groups=groups,
    )
    return Coded(column, np.array([*places, len(words)], dtype=np.uint8), said)
