"""Suppression for systems of many thousand cells: no programme, only boxes.

cross.py says where a box can lie, boxes.py builds tables of them, trading.py makes tables cheaper, mending.py gives
cells back. Every aim (a primary cell and how far it must be able to move) keeps its own two tables, built of boxes.
Aims look in turn for cheaper company; a place costs an aim less the more others use it already, so that they come to
hide the same few cells. Dear places of a table are traded for cheaper ones by one more box. At first prices are shaken
at random and shared weakly, at the end only cells that nobody hides cost anything. Then each hidden cell is closed in
turn, and stays shown where all that used it find other tables for less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.suppression import boxes, mending, trading
from upwell.evidence.disclosure.suppression.boxes import NEVER, Aims, Book, Boxes
from upwell.evidence.disclosure.suppression.cross import Cross, cross_of
from upwell.evidence.disclosure.suppression.suppress import Demand, Hiding, by_flows
from upwell.evidence.disclosure.system import System

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Progress = Callable[[str], None]

SWEEPS, SWEEPS_OF_FEW, FEW_CELLS = 40, 16, 3_000
"""How often every aim looks for cheaper company; and in systems of few cells, where programmes clean up afterwards."""

STEPS_FOR_COMPANY, STEPS_IN_ALL = 550_000_000, 700_000_000
"""Steps of the search after which prices fall to their last at once, and after which no cell is asked for back."""

SHAKE = 1.0
"""Spread of the random factor (log-normal) on every price in the first sweep; it falls to none in the last."""

SHARED_FIRST, SHARED_LAST = 0.5, 2.5
"""A place that k others use costs (1 + k) ** -shared of its cost; from weak to nearly free."""

CROWD = 2_000
"""Users of a place beyond which it gets no cheaper."""

LARGEST_TABLE = 240
"""Most places that one table may move."""

ROUNDS = 2
"""How often every hidden cell is asked for back; a third time hardly any comes."""

SPENT = 0.9
"""What its users may hide in a cell's stead, as a share of what hiding it costs."""

USERS = 400
"""Most aims whose tables are changed together; a cell of more users is not asked for back."""

NOBODY = 0.02
"""What hiding a cell of nobody costs, beside a cell of the same cost with people in it."""


@dataclass(frozen=True)
class _Task:
    """A cross and what must hold in it. cells: the cell of each aim. cost: what hiding each place costs."""

    cross: Cross
    aims: Aims
    cells: Counts
    cost: Numbers


def suppress_large(system: System, demand: Demand, *, seed: int, progress: Progress | None = None) -> Hiding:
    """Hide the primary cells and company for each, with two witnesses behind each, in a system of many cells.

    Systems that are no cross of groups go to the search by flows. Same seed, same answer. progress is told what is
    done, in words without counts of people. Cells stay unproved where no box reaches far enough.
    """
    cross = cross_of(system)
    if cross is None:
        return by_flows(system, demand, seed=seed, thorough=False)
    task = _task(cross, system, demand)
    book = _book(task, len(task.cells))
    random = np.random.default_rng(seed)
    desk = boxes.desk_for(len(task.cost), cross.geometry.node.shape[1], LARGEST_TABLE, seed)
    search = Boxes(cross.geometry, task.aims, book, desk)
    _find_company(task, search, random, progress or _silent)
    _give_back(task, search, random, progress or _silent)
    return _hiding(system, demand, task, book)


def _silent(_: str) -> None:
    """Tell nobody."""


def _task(cross: Cross, system: System, demand: Demand) -> _Task:
    """One aim for a cell that must reach so wide either way, two where both ends are asked for."""
    values, primary = system.values, demand.primary
    up, down = demand.high - values, values - demand.low
    ends = primary & ((up > 0) | (down > 0))
    up = np.where(ends, np.maximum(up, demand.width - down), 0)
    asked = [(primary & ~ends, 0, demand.width), (ends & (up > 0), 1, up), (ends & (down > 0), -1, down)]
    cells = np.concatenate([np.flatnonzero(mask) for mask, _, _ in asked])
    way = np.concatenate([np.full(int(mask.sum()), way, dtype=np.int64) for mask, way, _ in asked])
    far = np.concatenate([far[mask] for mask, _, far in asked]).astype(np.int64)
    dear = np.sqrt(demand.cost / demand.cost.mean()) * np.where(values > 0, 1.0, NOBODY)
    cost = np.zeros(len(cross.geometry.persons))
    np.maximum.at(cost, cross.place, np.where(demand.forced, NEVER, np.where(primary | demand.silent, 0.0, dear)))
    return _Task(cross, Aims(cross.place[cells], way, far), cells, cost)


def _book(task: _Task, aims: int) -> Book:
    places = len(task.cost)
    return Book(
        cost=task.cost.copy(),
        price=task.cost.copy(),
        share=np.ones(CROWD),
        uses=np.zeros(places, dtype=np.int64),
        spot=np.zeros((aims, 2, LARGEST_TABLE), dtype=np.int32),
        move=np.zeros((aims, 2, LARGEST_TABLE), dtype=np.int32),
        size=np.zeros((aims, 2), dtype=np.int64),
    )


def _find_company(task: _Task, search: Boxes, random: np.random.Generator, progress: Progress) -> None:
    """Every aim's tables, again and again, under prices that are shaken less and shared more each time."""
    book = search.book
    sweep, done = 0, 0.0
    sweeps = SWEEPS if len(task.cost) > FEW_CELLS else SWEEPS_OF_FEW
    while done < 1.0:
        done = min(1.0, max(sweep / (sweeps - 1), float(search.desk.steps[0]) / STEPS_FOR_COMPANY))
        shaken = np.exp(SHAKE * (1.0 - done) * random.standard_normal(len(task.cost)))
        book.cost[:] = np.where(task.cost < NEVER, task.cost * shaken, NEVER)
        book.share[:] = (1.0 + np.arange(CROWD)) ** -(SHARED_FIRST + (SHARED_LAST - SHARED_FIRST) * done)
        _reprice(book)
        trading.share_company(search, random.permutation(len(task.cells)))
        sweep += 1
        progress(f"looked for company {sweep} of {sweeps} times")
    book.cost[:] = task.cost
    book.share[1:] = 0.0
    book.share[0] = 1.0
    _reprice(book)


def _reprice(book: Book) -> None:
    free = book.cost < NEVER
    book.price[:] = np.where(free, book.cost * book.share[np.minimum(book.uses, CROWD - 1)], NEVER)


def _give_back(task: _Task, search: Boxes, random: np.random.Generator, progress: Progress) -> None:
    """Close each hidden cell that cost something, the dearest first, where its users find other tables."""
    old = _book(task, USERS)
    for at in range(ROUNDS):
        hidden = np.flatnonzero((search.book.uses > 0) & (task.cost > 0))
        order = random.permutation(hidden)
        order = order[np.argsort(-np.round(task.cost[order], 1), kind="stable")]
        mending.give_back(search, old, order, (SPENT, STEPS_IN_ALL))
        progress(f"asked for cells back {at + 1} of {ROUNDS} times")


def _hiding(system: System, demand: Demand, task: _Task, book: Book) -> Hiding:
    """The pattern, and all tables put together into few witnesses: tables that move different places share one."""
    hidden = demand.primary | demand.silent | (book.uses[task.cross.place] > 0)
    witness, number = _packed(book, len(task.cost))
    moves = np.zeros((witness, len(system.leaves)), dtype=np.int64)
    lowest, highest = np.zeros((2, len(system.cells)), dtype=np.int64)
    for aim, table in np.argwhere(book.size > 0):
        size = book.size[aim, table]
        leaf = task.cross.leaf[book.spot[aim, table, :size]]
        moves[number[aim, table], leaf[leaf >= 0]] = book.move[aim, table, :size][leaf >= 0]
        (lowest if table else highest)[task.cells[aim]] = number[aim, table]
    unproved = np.zeros(len(system.cells), dtype=bool)
    unproved[task.cells[(book.size == 0).all(axis=1)]] = True
    return Hiding(hidden, unproved, system.leaves + moves, lowest, highest, 0)


def _packed(book: Book, places: int) -> tuple[int, Counts]:
    """The number of the witness that each table stands in, shape (aims, 2), and how many there are; 0 is the truth."""
    busy = np.zeros((16, places), dtype=bool)
    number = np.zeros(book.size.shape, dtype=np.int64)
    most = 0
    for aim, table in np.argwhere(book.size > 0):
        spots = book.spot[aim, table, : book.size[aim, table]]
        at = int(busy[:, spots].any(axis=1).argmin())
        if busy[at, spots].any():
            at = len(busy)
            busy = np.concatenate([busy, np.zeros_like(busy)])
        busy[at, spots] = True
        number[aim, table] = at + 1
        most = max(most, at + 1)
    return most + 1, number
