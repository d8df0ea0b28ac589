"""The compiled search by boxes, first part: the cheapest table of boxes for one aim. Imported late.

A proof of an aim is two tables, one with more persons in it and one with fewer, each the truth plus whole boxes.
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.suppression.cross import Geometry
from upwell.evidence.engine.kernel import compile_cached

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

NEVER = 1e12
"""Price of a place that may not be hidden, and the score of a box that nobody found."""

NOTHING = 1e-9
"""A cost below every cost: only what is hidden already."""


class Aims(NamedTuple):
    """What is to be proved. place; way: 1 up, -1 down, 0 either; far: persons, over both ways where it is either."""

    place: Counts
    way: Counts
    far: Counts


class Book(NamedTuple):
    """The proofs so far, and what they cost. Written by the search.

    cost: of hiding a place, 0 where that loses nothing. price: what a place costs whoever uses it next: cost times
    share[uses]. uses: tables that move it. spot, move: places that a table moves and how far, shape (aims, 2, most);
    up is 0, down 1. size: how many they are, shape (aims, 2).
    """

    cost: Numbers
    price: Numbers
    share: Numbers
    uses: Counts
    spot: NDArray[np.int32]
    move: NDArray[np.int32]
    size: Counts


class Desk(NamedTuple):
    """Room to work in.

    moved: what the tables being built move each place, shape (2, places); touched, filled: where. level, cost: the walk
    through the steps, one row an axis. at, sign: the box being made; best_at, best_sign: the cheapest.
    random: one word. steps: how many were looked at so far, the measure of work.
    """

    moved: Counts
    touched: Counts
    filled: Counts
    level: Counts
    cost: Numbers
    at: Counts
    sign: Counts
    best_at: Counts
    best_sign: Counts
    random: NDArray[np.uint64]
    steps: Counts


class Boxes(NamedTuple):
    """One search: where, for what, what is found so far, and the desk."""

    geometry: Geometry
    aims: Aims
    book: Book
    desk: Desk


CURSOR, END, TURN, BASE, SIZE, UP, DOWN = range(7)
"""Columns of Desk.level."""


def desk_for(places: int, axes: int, most: int, seed: int) -> Desk:
    """An empty desk. most: places that one table may move."""
    corners = 4 ** (axes + 1)
    return Desk(
        moved=np.zeros((2, places), dtype=np.int64),
        touched=np.zeros((2, most), dtype=np.int64),
        filled=np.zeros(2, dtype=np.int64),
        level=np.zeros((axes + 1, 7), dtype=np.int64),
        cost=np.zeros(axes + 1),
        at=np.zeros(corners, dtype=np.int64),
        sign=np.zeros(corners, dtype=np.int64),
        best_at=np.zeros(corners, dtype=np.int64),
        best_sign=np.zeros(corners, dtype=np.int64),
        random=np.array([88172645463325252 + seed], dtype=np.uint64),
        steps=np.zeros(1, dtype=np.int64),
    )


@compile_cached
def start_walk(geometry, desk, place):
    """Begin the walk through all boxes at a place, along each axis from a random step on."""
    desk.at[0], desk.sign[0] = place, 1
    desk.level[0, SIZE], desk.cost[0] = 1, 0.0
    for axis in range(geometry.node.shape[1]):
        node = geometry.node[place, axis]
        begin, end = geometry.first[axis, node], geometry.first[axis, node + 1]
        word = desk.random[0]
        word ^= word << np.uint64(13)
        word ^= word >> np.uint64(7)
        word ^= word << np.uint64(17)
        desk.random[0] = word
        desk.level[axis, BASE], desk.level[axis, END] = begin, end - begin
        desk.level[axis, TURN] = np.int64(word % np.uint64(max(end - begin, 1)))
        desk.level[axis, CURSOR] = 0


@compile_cached
def next_step(geometry, desk, axis, node):
    """The next step along an axis, and its sign at the place where the box began."""
    desk.steps[0] += 1
    row = desk.level[axis]
    turn = row[CURSOR] + row[TURN]
    if turn >= row[END]:
        turn -= row[END]
    row[CURSOR] += 1
    step = geometry.steps[axis, row[BASE] + turn]
    for at in range(geometry.start[step], geometry.start[step + 1]):
        if geometry.members[at] == node:
            return step, geometry.sign[at], geometry.offset[at]
    return step, 0, 0


@compile_cached
def descend(desk, axis, box):
    """Go on to the next axis with the box as it is."""
    size, cost, up, down = box
    row = desk.level[axis + 1]
    row[SIZE], row[UP], row[DOWN], row[CURSOR] = size, up, down, 0
    desk.cost[axis + 1] = cost


@compile_cached
def _units(way, left, up, down):
    """Persons that a box brings an aim farther, of those still wanted."""
    if way > 0:
        return min(left, up)
    return min(left, down) if way < 0 else min(left, up + down)


@compile_cached
def _widen(search, axis, step_there, ask):
    """The box widened by one step: its size (-1 where it is too dear or leaves no room), cost, and room up and down.

    step_there: from next_step. ask: way, persons still wanted, cost a person of the best box so far, most that may be
    spent.
    """
    geometry, book, desk = search.geometry, search.book, search.desk
    step, own, home = step_there
    way, left, best, most = ask
    size, cost = desk.level[axis, SIZE], desk.cost[axis]
    up, down, end = desk.level[axis, UP], desk.level[axis, DOWN], size
    for member in range(geometry.start[step], geometry.start[step + 1]):
        away = geometry.offset[member] - home
        if away == 0:
            continue
        turned = geometry.sign[member] * own
        for corner in range(size):
            at, sign = desk.at[corner] + away, desk.sign[corner] * turned
            if desk.moved[0, at] == 0 and desk.moved[1, at] == 0:
                cost += book.price[at]
            if sign > 0:
                down = min(down, geometry.persons[at] + desk.moved[1, at])
            else:
                up = min(up, geometry.persons[at] + desk.moved[0, at])
            desk.at[end], desk.sign[end] = at, sign
            end += 1
        if cost >= most or cost >= best * _units(way, left, up, down):
            return -1, cost, up, down
    return end, cost, up, down


@compile_cached
def _cheapest(search, place, ask):
    """The box with the lowest cost a person that brings the aim farther; its size (0: none), cost, room up and down."""
    geometry, desk = search.geometry, search.desk
    way, left, most = ask
    axes, best, found = geometry.node.shape[1], NEVER, (0, 0.0, 0, 0)
    start_walk(geometry, desk, place)
    desk.level[0, UP], desk.level[0, DOWN] = 1 << 40, geometry.persons[place] + desk.moved[1, place]
    axis = 0
    while axis >= 0:
        if desk.level[axis, CURSOR] >= desk.level[axis, END]:
            axis -= 1
            continue
        step_there = next_step(geometry, desk, axis, geometry.node[place, axis])
        size, cost, up, down = _widen(search, axis, step_there, (way, left, best, most))
        if size < 0:
            continue
        if axis < axes - 1:
            descend(desk, axis, (size, cost, up, down))
            axis += 1
            continue
        best, found = cost / _units(way, left, up, down), (size, cost, up, down)
        desk.best_at[:size], desk.best_sign[:size] = desk.at[:size], desk.sign[:size]
        if best <= 0.0:
            break
    return found


@compile_cached
def put(desk, table, at, persons):
    """Move a place of a table; False where the table grows too large."""
    if desk.moved[table, at] == 0:
        for old in range(desk.filled[table]):
            if desk.touched[table, old] == at:
                desk.moved[table, at] += persons
                return True
        if desk.filled[table] == desk.touched.shape[1]:
            return False
        desk.touched[table, desk.filled[table]] = at
        desk.filled[table] += 1
    desk.moved[table, at] += persons
    return True


@compile_cached
def clear(desk):
    for table in range(2):
        for at in range(desk.filled[table]):
            desk.moved[table, desk.touched[table, at]] = 0
        desk.filled[table] = 0


@compile_cached
def build(search, aim, most):
    """Both tables of one aim on the desk, box by box, for less than `most`; whether that was possible, and the cost."""
    aims, desk = search.aims, search.desk
    clear(desk)
    left, spent, way = aims.far[aim], 0.0, aims.way[aim]
    while left > 0:
        size, cost, up, down = _cheapest(search, aims.place[aim], (way, left, most - spent))
        if size == 0:
            return False, spent
        forth = min(up, left) if way >= 0 else 0
        back = min(down, left - forth) if way <= 0 else 0
        for corner in range(size):
            at, sign = desk.best_at[corner], desk.best_sign[corner]
            if forth and not put(desk, 0, at, sign * forth):
                return False, spent
            if back and not put(desk, 1, at, -sign * back):
                return False, spent
        left -= forth + back
        spent += cost
    return True, spent


@compile_cached
def _count(book, at, change):
    """One table more, or less, moves a place; what that costs, or saves, over all aims."""
    before = book.uses[at]
    book.uses[at] += change
    if book.price[at] < NEVER:
        book.price[at] = book.cost[at] * book.share[min(book.uses[at], len(book.share) - 1)]
    return change * book.cost[at] if before == 0 or book.uses[at] == 0 else 0.0


@compile_cached
def use(book, aim, change):
    """Count an aim's tables in (1) or out (-1); what that costs over all aims."""
    total = 0.0
    for table in range(2):
        for at in range(book.size[aim, table]):
            total += _count(book, book.spot[aim, table, at], change)
    return total


@compile_cached
def store(book, desk, aim):
    """Write the tables on the desk into the book."""
    for table in range(2):
        size = 0
        for at in range(desk.filled[table]):
            place = desk.touched[table, at]
            if desk.moved[table, place] != 0:
                book.spot[aim, table, size], book.move[aim, table, size] = place, desk.moved[table, place]
                size += 1
        book.size[aim, table] = size
