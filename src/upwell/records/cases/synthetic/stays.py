"""Stays: where people seek help, when they come and go, where they go to, and who comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.records.cases.synthetic.ages import ages_on
from upwell.records.cases.synthetic.chances import Chances, Table
from upwell.records.cases.synthetic.county import Places
from upwell.records.cases.synthetic.destinations import destinations, next_entry
from upwell.records.cases.synthetic.people import CHILD, HEAD, PARTNER, People
from upwell.records.cases.synthetic.prior import prior_living
from upwell.records.cases.synthetic.vocabulary import AGE_EDGES, PROJECT_TYPES, VALUES

Numbers = NDArray[np.int32]

ROUNDS = 6  # most stays of one person in a row
_TYPES = (0, 1, 4, 2, 3, 13, 12)
_FIRST = {  # share of first stays by project type, for _TYPES
    "without": (0.32, 0.17, 0.16, 0.07, 0.06, 0.11, 0.11),
    "with": (0.40, 0.02, 0.03, 0.08, 0.05, 0.24, 0.18),
    "youth": (0.45, 0.00, 0.25, 0.30, 0.00, 0.00, 0.00),
}
_BACK = {  # of stays after a return to homelessness
    "without": (0.42, 0.30, 0.28, 0.00, 0.00, 0.00, 0.00),
    "with": (0.90, 0.02, 0.08, 0.00, 0.00, 0.00, 0.00),
    "youth": (0.70, 0.00, 0.30, 0.00, 0.00, 0.00, 0.00),
}
_USUAL_DAYS = {0: 40, 1: 25, 4: 90, 2: 210, 3: 1100, 13: 270, 12: 100, 14: 60}  # median length of stay
_SAME_PROJECT = 0.5


@dataclass(frozen=True)
class Moves:
    """One step of all units: who comes (unit numbers), when, after what. back: returning to homelessness."""

    unit: Numbers
    entry: Numbers
    project: Numbers  # where they stayed before, -1 nowhere
    back: NDArray[np.bool_]


def simulate(
    people: People, *, places: Places, period: tuple[int, int], chances: Chances, rng: np.random.Generator
) -> Table:
    """All stays, one row an enrollment, ordered by step; int32 columns, see the comments where they are made.

    Everyone of a household comes and goes together; a partner's later stays are their own.
    """
    first_of = np.flatnonzero(people.relation == HEAD)
    moves = Moves(
        unit=np.arange(people.households, dtype=np.int32),
        entry=people.first_day[first_of],
        project=np.full(people.households, -1, np.int32),
        back=np.zeros(people.households, bool),
    )
    tables: list[Table] = []
    units = people.household
    for step in range(ROUNDS):
        if not len(moves.unit):
            break
        stays = _stays(people, units, moves, places=places, period=period, rng=rng, step=step)
        stays |= prior_living(stays, chances=chances, rng=rng)
        stays |= destinations(stays, chances=chances, rng=rng, last_day=period[1])
        tables.append(stays)
        moves = _next(people, stays, last_day=period[1], rng=rng)
        units = people.unit_later
    return _side_by_side(tables)


def _side_by_side(tables: list[Table]) -> Table:
    """All steps in one, households numbered through."""
    before = 0
    for table in tables:
        table["household"] += before
        before = int(table["household"].max(initial=before - 1)) + 1
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _stays(
    people: People,
    units: Numbers,
    moves: Moves,
    *,
    places: Places,
    period: tuple[int, int],
    rng: np.random.Generator,
    step: int,
) -> Table:
    person, move = _members(units, moves.unit)
    relation = people.relation[person]
    if step:
        relation = np.where(relation == PARTNER, HEAD, relation)
    families = np.isin(np.arange(len(moves.unit)), move[relation == CHILD])
    youth = (people.kind[person[relation == HEAD]] == 4) & (step == 0)
    project = _projects(moves, families, youth, places=places, rng=rng)
    exit_ = _exits(moves.entry, places.types[project], period=period, early=moves.entry < period[0], rng=rng)
    stays = {
        "person": person,
        "household": move,
        "relation": relation,
        "type": places.types[project][move],
        "entry": moves.entry[move],
        "exit": exit_[move],  # -1: still there when the export ends
        "project": project[move],
        "agency": places.agency_of[project][move],
        "place": places.town_of[project][move],
        "pattern": people.pattern[person],
        "step": np.full(len(person), step),
    }
    stays = {name: values.astype(np.int32) for name, values in stays.items()}
    return stays | _composition(people, stays)


def _members(units: Numbers, wanted: Numbers) -> tuple[Numbers, Numbers]:
    """Persons of each wanted unit, in order, and for each the index of its unit in `wanted`."""
    order = np.argsort(units, kind="stable").astype(np.int32)
    starts = np.searchsorted(units[order], wanted)
    sizes = np.searchsorted(units[order], wanted, side="right") - starts
    move = np.repeat(np.arange(len(wanted)), sizes)
    place = np.arange(len(move)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[starts[move] + place], move.astype(np.int32)


def _projects(
    moves: Moves, families: NDArray[np.bool_], youth: NDArray[np.bool_], *, places: Places, rng: np.random.Generator
) -> Numbers:
    """A project for each move: a type by kind of household, then one of that type by share, often the one before."""
    many = len(moves.unit)
    group = np.where(youth, 2, families.astype(int))
    shares = np.array(
        [
            [_FIRST[kind] for kind in ("without", "with", "youth")],
            [_BACK[kind] for kind in ("without", "with", "youth")],
        ]
    )
    kinds = _draw(shares[moves.back.astype(int), group], rng.random(many))
    type_ = np.array(_TYPES)[kinds]
    project = np.empty(many, np.int32)
    for wanted in _TYPES:
        own = np.flatnonzero(places.types == wanted)
        share = np.array([places.projects[index].share for index in own])
        chosen = type_ == wanted
        project[chosen] = rng.choice(own, int(chosen.sum()), p=share / share.sum())
    again = (moves.project >= 0) & (places.types[moves.project] == type_) & (rng.random(many) < _SAME_PROJECT)
    return np.where(again, moves.project, project).astype(np.int32)


def _draw(shares: NDArray[np.float64], numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the class each number falls in; shares: shape (rows, classes), each row adding up to 1."""
    edges = np.cumsum(shares, axis=1)
    return np.asarray(np.minimum((numbers[:, None] >= edges).sum(axis=1), shares.shape[1] - 1))


def _exits(
    entry: Numbers, type_: Numbers, *, period: tuple[int, int], early: NDArray[np.bool_], rng: np.random.Generator
) -> Numbers:
    """Last day of each stay, -1 when beyond the export. A stay begun before the period ends inside it, or later."""
    usual = np.array([_USUAL_DAYS.get(code, 60) for code in range(15)])[type_]
    days = np.ceil(usual * np.exp(rng.normal(0, 0.9, len(entry)))).astype(np.int64)
    exit_ = np.maximum(entry + days, np.where(early, period[0] + days % 97, 0))
    return np.where(exit_ > period[1], -1, exit_).astype(np.int32)


def _composition(people: People, stays: Table) -> Table:
    """Codes of vocabulary.VALUES that do not need an answer."""
    person = stays["person"]
    age = ages_on(stays["entry"], people.birth[person])
    known = np.where(np.isin(people.dob_quality[person], (1, 2)), age, -1)
    band = np.where(known < 0, len(AGE_EDGES) + 1, np.searchsorted(AGE_EDGES, known, side="right"))
    veteran = people.veteran[person]
    codes = {
        "years": age,
        "age": band,
        "household_type": _household_types(stays["household"], known),
        "gender": people.gender[person],
        "sex": np.minimum(people.gender[person], 2),
        "race": people.race[person],
        "veteran": np.select([(known >= 0) & (known < 18), (known < 0) | (veteran > 1)], [2, 3], veteran),
        "disabling": np.minimum(people.disabling[person], 2),
        "project_type": _kind_of_programme()[stays["type"]],
    }
    return {name: values.astype(np.int32) for name, values in codes.items()}


def _kind_of_programme() -> Numbers:
    """Code of project_type for each HUD project type 0..14."""
    keys = VALUES["project_type"]
    return np.array([keys.index(PROJECT_TYPES.get(code, keys[0])) for code in range(15)], np.int32)


def _household_types(household: Numbers, known_age: Numbers) -> Numbers:
    """0 adults only, 1 adults and children, 2 children only, 3 not known: as HUD's reporting glossary decides it."""
    homes = int(household.max(initial=-1)) + 1
    adult, child, unknown = (
        np.bincount(household, weights=flag, minlength=homes) > 0
        for flag in (known_age >= 18, (known_age >= 0) & (known_age < 18), known_age < 0)
    )
    return np.select([adult & child, unknown, adult], [1, 3, 0], 2)[household].astype(np.int32)


def _next(people: People, stays: Table, *, last_day: int, rng: np.random.Generator) -> Moves:
    """Who comes again and when: the head decides for the children; partners go their own way after the first stay."""
    lead = (stays["relation"] == HEAD) | (stays["relation"] == PARTNER)
    chosen = {name: values[lead] for name, values in stays.items()}
    entry, back = next_entry(chosen, last_day=last_day, rng=rng)
    comes = entry >= 0
    unit = people.unit_later[chosen["person"]]
    order = np.argsort(unit[comes], kind="stable")
    picked = np.flatnonzero(comes)[order]
    return Moves(unit[picked], entry[picked], chosen["project"][picked], back[picked])
