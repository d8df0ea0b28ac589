"""Who shares denominators with whom: questions become crowds, and columns that a service unit decides become one.

Two counts of the same people under two names would let a reader subtract one from the other. So questions with the
same population stand in one crowd with joint outcome classes; and project, agency, kind of programme and place (the
first usually decides the rest, as everybody knows) are all told in sites, their common refinement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.draft import Cell, Crowd
from upwell.evidence.errors import EvidenceError
from upwell.evidence.question import Where
from upwell.records.cases.table import Asked, Column, Question, Served

Part = Literal["persons", "yes", "no"]
States = tuple[int, ...]
NOT_ASKED, NO, YES = 0, 1, 2
SITE = "site"
MOST_SITES = 250
MOST_JOINT = 7
"""Questions of a population whose joint answers are told; more of them stand side by side (draft.Crowd.asks)."""


@dataclass(frozen=True)
class Side:
    """One question's share of a crowd: the outcome classes in which it is answered yes, and those in which no."""

    question: Question
    yes: tuple[int, ...]
    no: tuple[int, ...]

    def classes(self, part: Part) -> tuple[int, ...]:
        """Outcome classes counted in a part of a row."""
        return {"yes": self.yes, "no": self.no, "persons": tuple(sorted((*self.yes, *self.no)))}[part]


@dataclass(frozen=True)
class Group:
    """A crowd with what is needed to name its cells.

    columns: name -> Column, for every column that any table or finding of the crowd may restrict.
    sites: column name -> for each of its values, the site codes that have it; only for columns of the service unit.
    void: column name -> its values that nobody can have, by what is asked: they get no row.
    """

    crowd: Crowd
    sides: tuple[Side, ...]
    columns: Mapping[str, Column]
    sites: Mapping[str, tuple[tuple[int, ...], ...]]
    void: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def cell(self, side: Side | None, where: Where, part: Part = "persons", *, outside: bool = False) -> Cell:
        """The count of one part of a row. side: None where the crowd has no question (who was served)."""
        classes = side.classes(part) if side else tuple(range(self.crowd.outcomes))
        alike = part == "persons" and self.crowd.asks > 0  # one count, whichever question it stands beside
        everybody = side is None or alike or (part == "persons" and len(classes) == self.crowd.outcomes)
        classes = (0, 1) if alike else classes
        asked = "all" if everybody or side is None else f"{side.question.name}:{part}"
        named = "&".join(f"{name}={self._keys(name, values)}" for name, values in where)
        known_as = f"{self.crowd.name}|{'not ' if outside else ''}{named}|{asked}"
        return Cell(self.crowd.name, self.told_in_sites(where), classes, outside=outside, known_as=known_as)

    def _keys(self, column: str, values: tuple[int, ...]) -> str:
        return "+".join(self.columns[column].values[value].key for value in values)

    def told_in_sites(self, where: Where) -> Where:
        """The same people, with every restriction on the service unit turned into one on sites."""
        plain = [(name, self._with_void(name, values)) for name, values in where if name not in self.sites]
        decided = [set().union(*(self.sites[name][v] for v in values)) for name, values in where if name in self.sites]
        if decided:
            plain.append((SITE, tuple(sorted(set.intersection(*decided)))))
        return tuple(sorted(plain))

    def _with_void(self, column: str, values: tuple[int, ...]) -> tuple[int, ...]:
        """The same people, values without people counted with the first that may have some.

        So that the rows of a column are everybody in the sums of the gate, as they are for whoever reads them.
        """
        void = self.void.get(column, ())
        home = next((at for at in range(len(self.columns[column].values)) if at not in void), -1)
        return tuple(sorted({*values, *void})) if home in values else values


def group(name: str, asked: Sequence[Asked], columns: Sequence[Column]) -> tuple[Group, ...]:
    """The crowds of the questions of one population: one, or one more for each question that does not fit it.

    A question does not fit when somebody in it is unknown to the widest question of the population, or stands there
    with another episode: then no sum joins the two, and they are protected apart.
    """
    base = max(asked, key=lambda answers: answers.persons)
    fitting = [answers for answers in asked if answers is base or _fits(answers, base)]
    apart = [answers for answers in asked if not any(answers is other for other in fitting)]
    groups = [_group(name, base, fitting, columns)]
    groups += [_group(f"{name}-{answers.question.name}", answers, [answers], columns) for answers in apart]
    return tuple(groups)


def served_group(served: Served, columns: Sequence[Column]) -> Group:
    """Everybody served in the period, as a crowd without a question."""
    shown = {column.name: column for column in columns if column.name in served.codes}
    return Group(
        crowd=Crowd(
            name="served",
            outcome=np.zeros(len(served.person), np.uint8),
            outcomes=1,
            codes={name: served.codes[name] for name in shown},
            sizes={name: len(column.values) for name, column in shown.items()},
            names={name: _keys_of(column) for name, column in shown.items()},
        ),
        sides=(),
        columns=shown,
        sites={},
    )


def _fits(answers: Asked, base: Asked) -> bool:
    at = np.searchsorted(base.person, answers.person)
    if at.size and at[-1] >= base.persons:
        return False
    shared = answers.codes.keys() & base.codes.keys()
    return (
        bool(np.array_equal(base.person[at], answers.person))
        and bool(np.array_equal(base.month[at], answers.month))
        and all(np.array_equal(base.codes[column][at], answers.codes[column]) for column in shared)
    )


def _group(name: str, base: Asked, asked: Sequence[Asked], columns: Sequence[Column]) -> Group:
    if len(asked) > MOST_JOINT and all(_is_of_everybody(answers.question, asked) for answers in asked):
        return _side_by_side(name, base, asked, columns)
    held = {column.name: column for column in columns if all(column.name in answers.codes for answers in asked)}
    classes = possible_classes([answers.question for answers in asked])
    states = _states(base, asked)
    observed = {tuple(int(s) for s in row) for row in np.unique(states, axis=0)}
    classes = sorted(set(classes) | observed)
    place_of = {state: at for at, state in enumerate(classes)}
    weights = 3 ** np.arange(len(asked))
    lookup = np.zeros(3 ** len(asked), np.uint8)
    for state, at in place_of.items():
        lookup[int(np.dot(state, weights))] = at
    void = {column: _void(held[column], base.codes[column], base.question) for column in held}
    codes, sizes, sites = _with_sites({column: base.codes[column] for column in held}, held, void)
    crowd = Crowd(
        name=name,
        outcome=lookup[states @ weights],
        outcomes=len(classes),
        codes=codes,
        sizes=sizes,
        full=any(answers.question.protection == "full" for answers in asked),
        sensitive=tuple(column for column in codes if column in held and held[column].sensitive),
        names=_value_names(held, sizes, sites) | {"": tuple(_state_name(state, asked) for state in classes)},
    )
    sides = tuple(
        Side(
            answers.question,
            yes=tuple(at for at, state in enumerate(classes) if state[i] == YES),
            no=tuple(at for at, state in enumerate(classes) if state[i] == NO),
        )
        for i, answers in enumerate(asked)
    )
    return Group(crowd, sides, held, sites, void)


def _is_of_everybody(question: Question, asked: Sequence[Asked]) -> bool:
    """Whether a question is free of the others: neither nested in one of them nor exclusive with them."""
    return not question.exclusive and question.nested_in not in {answers.question.name for answers in asked}


def _side_by_side(name: str, base: Asked, asked: Sequence[Asked], columns: Sequence[Column]) -> Group:
    """Many questions of the same people, each person once a question. Asks that all were asked of all."""
    if any(answers.persons != base.persons for answers in asked):
        raise EvidenceError(f"The questions of {name!r} are too many to be asked of different people.")
    held = {column.name: column for column in columns if all(column.name in answers.codes for answers in asked)}
    void = {column: _void(held[column], base.codes[column], base.question) for column in held}
    codes, sizes, sites = _with_sites({column: base.codes[column] for column in held}, held, void)
    crowd = Crowd(
        name=name,
        outcome=np.concatenate([2 * at + answers.yes.astype(np.uint8) for at, answers in enumerate(asked)]),
        outcomes=2 * len(asked),
        codes={column: np.tile(each, len(asked)) for column, each in codes.items()},
        sizes=sizes,
        full=any(answers.question.protection == "full" for answers in asked),
        sensitive=tuple(column for column in codes if column in held and held[column].sensitive),
        asks=len(asked),
        names=_value_names(held, sizes, sites)
        | {"": tuple(f"{each.question.name}:{said}" for each in asked for said in ("no", "yes"))},
    )
    sides = tuple(Side(answers.question, (2 * at + 1,), (2 * at,)) for at, answers in enumerate(asked))
    return Group(crowd, sides, held, sites, void)


def _keys_of(column: Column) -> tuple[str, ...]:
    return tuple(value.key for value in column.values)


def _value_names(
    held: Mapping[str, Column], sizes: Mapping[str, int], sites: Mapping[str, tuple[tuple[int, ...], ...]]
) -> dict[str, tuple[str, ...]]:
    """The stable name of each value of a crowd's columns; of a site, what the service unit's columns say of it."""
    plain = {name: _keys_of(held[name]) for name in sizes if name != SITE}
    if SITE not in sizes:
        return plain
    parts: list[list[str]] = [[] for _ in range(sizes[SITE])]
    for name in sorted(sites):
        for value, those in zip(held[name].values, sites[name], strict=True):
            for site in those:
                parts[site].append(f"{name}={value.key}")
    return plain | {SITE: tuple("&".join(each) for each in parts)}


def _state_name(state: States, asked: Sequence[Asked]) -> str:
    """A joint answer, question by question; those that were not asked are left away."""
    said = {NO: "no", YES: "yes"}
    each = [f"{one.question.name}:{said[at]}" for one, at in zip(asked, state, strict=True) if at in said]
    return "&".join(sorted(each))


def _void(column: Column, codes: NDArray[np.uint8], question: Question) -> tuple[int, ...]:
    """Values that nobody asked can have, by definition (and that nobody has, should the definition be wrong)."""
    some = set(np.unique(codes).tolist())
    return tuple(
        at
        for at, value in enumerate(column.values)
        if at not in some and not question.may_occur(column.name, value.key)
    )


def _states(base: Asked, asked: Sequence[Asked]) -> NDArray[np.int64]:
    """Per person and question: not asked, no or yes; shape (persons, questions)."""
    states = np.full((base.persons, len(asked)), NOT_ASKED, np.int64)
    for i, answers in enumerate(asked):
        states[np.searchsorted(base.person, answers.person), i] = np.where(answers.yes, YES, NO)
    return states


def possible_classes(questions: Sequence[Question]) -> list[States]:
    """Joint answers that can be, by what the questions mean, whether or not anybody gave them.

    One state a question (0 not asked, 1 no, 2 yes), for persons asked at least one. Only nested questions can leave
    some of a crowd unasked; of exclusive ones at most one is yes.
    """
    names = [question.name for question in questions]
    nested = any(question.nested_in in names for question in questions)
    combinations = product((NOT_ASKED, NO, YES), repeat=len(names))
    return [states for states in combinations if _may_be(states, questions, names, nested)]


def _may_be(states: States, questions: Sequence[Question], names: list[str], nested: bool) -> bool:
    if not any(states) or (not nested and NOT_ASKED in states):
        return False
    if all(question.exclusive for question in questions) and states.count(YES) > 1:
        return False
    for state, question in zip(states, questions, strict=True):
        if question.nested_in in names:
            wider = states[names.index(question.nested_in)]
            if wider != NOT_ASKED and (state == NOT_ASKED or (state == YES and wider == NO)):
                return False
    return True


def _with_sites(
    codes: dict[str, NDArray[np.uint8]], columns: Mapping[str, Column], void: Mapping[str, tuple[int, ...]]
) -> tuple[dict[str, NDArray[np.uint8]], dict[str, int], dict[str, tuple[tuple[int, ...], ...]]]:
    """Codes with the columns of the service unit replaced by one of sites, unless there are too many sites."""
    sizes = {name: len(column.values) for name, column in columns.items()}
    decided = [name for name, column in columns.items() if column.service]
    if not decided:
        return codes, sizes, {}
    combined = np.stack([codes[name] for name in decided], axis=1)
    found, site, persons = np.unique(combined, axis=0, return_inverse=True, return_counts=True)
    every = _with_empty(found, persons, {name: columns[name] for name in decided}, void)
    sites = {name: _sites_of(every[:, at], columns[name]) for at, name in enumerate(decided)}
    total = len(every)
    if total > MOST_SITES:
        # Too many units to tell apart: their own tables go, those of kind and place would be unsafe without them.
        left = {name: values for name, values in codes.items() if name not in decided}
        return left, {name: sizes[name] for name in left}, {}
    kept = {name: values for name, values in codes.items() if name not in decided}
    kept[SITE] = site.reshape(-1).astype(np.uint8)
    return kept, {**{name: sizes[name] for name in kept if name != SITE}, SITE: total}, sites


def _with_empty(
    found: NDArray[np.uint8],
    persons: NDArray[np.int64],
    columns: Mapping[str, Column],
    void: Mapping[str, tuple[int, ...]],
) -> NDArray[np.uint8]:
    """Sites with people, and one more for each value that nobody has but somebody might: it may be empty or not.

    Every site has one value of each column, so that each column's sites are everybody. Were an empty site of one column
    in no value of another, that one's rows would not add up to the total here - while they do for whoever reads them.
    An empty site is like the largest one in all else.
    """
    if not len(found):
        return found
    sites = list(found)
    for at, (name, column) in enumerate(columns.items()):
        there = {*found[:, at].tolist(), *void[name]}
        for value in range(len(column.values)):
            if value not in there:
                empty = found[persons.argmax()].copy()
                empty[at] = value
                sites.append(empty)
    return np.stack(sites)


def _sites_of(values: NDArray[np.uint8], column: Column) -> tuple[tuple[int, ...], ...]:
    """For each value of a column the sites that have it; none for a value that cannot occur."""
    return tuple(tuple(int(site) for site in np.flatnonzero(values == value)) for value in range(len(column.values)))
