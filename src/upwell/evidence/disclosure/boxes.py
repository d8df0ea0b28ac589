"""The compiled search by boxes: the cheapest company for each aim, shared, and what can be given back. Imported late.

A proof of an aim is two tables, one with more persons in it and one with fewer, each the truth plus whole boxes.
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.cross import Geometry
from upwell.evidence.engine.compiled import compile_cached

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

NEVER = 1e12
"""Price of a place that may not be hidden, and the score of a box that nobody found."""

NOTHING = 1e-9
"""A cost below every cost: only what is hidden already."""


LOOKED = 3_000
"""Most steps that one mending looks at."""


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
    random: one word.
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
    )


@compile_cached
def _open(geometry, desk, place):
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
def _next_step(geometry, desk, axis, node):
    """The next step along an axis, and its sign at the place where the box began."""
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
def _descend(desk, axis, box):
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

    step_there: from _next_step. ask: way, persons still wanted, cost a person of the best box so far, most that may be
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
    _open(geometry, desk, place)
    desk.level[0, UP], desk.level[0, DOWN] = 1 << 40, geometry.persons[place] + desk.moved[1, place]
    axis = 0
    while axis >= 0:
        if desk.level[axis, CURSOR] >= desk.level[axis, END]:
            axis -= 1
            continue
        step_there = _next_step(geometry, desk, axis, geometry.node[place, axis])
        size, cost, up, down = _widen(search, axis, step_there, (way, left, best, most))
        if size < 0:
            continue
        if axis < axes - 1:
            _descend(desk, axis, (size, cost, up, down))
            axis += 1
            continue
        best, found = cost / _units(way, left, up, down), (size, cost, up, down)
        desk.best_at[:size], desk.best_sign[:size] = desk.at[:size], desk.sign[:size]
        if best <= 0.0:
            break
    return found


@compile_cached
def _put(desk, table, at, persons):
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
def _clear(desk):
    for table in range(2):
        for at in range(desk.filled[table]):
            desk.moved[table, desk.touched[table, at]] = 0
        desk.filled[table] = 0


@compile_cached
def _build(search, aim, most):
    """Both tables of one aim on the desk, box by box, for less than `most`; whether that was possible, and the cost."""
    aims, desk = search.aims, search.desk
    _clear(desk)
    left, spent, way = aims.far[aim], 0.0, aims.way[aim]
    while left > 0:
        size, cost, up, down = _cheapest(search, aims.place[aim], (way, left, most - spent))
        if size == 0:
            return False, spent
        forth = min(up, left) if way >= 0 else 0
        back = min(down, left - forth) if way <= 0 else 0
        for corner in range(size):
            at, sign = desk.best_at[corner], desk.best_sign[corner]
            if forth and not _put(desk, 0, at, sign * forth):
                return False, spent
            if back and not _put(desk, 1, at, -sign * back):
                return False, spent
        left -= forth + back
        spent += cost
    return True, spent


@compile_cached
def _count(book, at, change):
    """One table more, or less, moves a place."""
    book.uses[at] += change
    if book.price[at] < NEVER:
        book.price[at] = book.cost[at] * book.share[min(book.uses[at], len(book.share) - 1)]


@compile_cached
def _use(book, aim, change):
    for table in range(2):
        for at in range(book.size[aim, table]):
            _count(book, book.spot[aim, table, at], change)


@compile_cached
def _store(book, desk, aim):
    """Write the tables on the desk into the book."""
    for table in range(2):
        size = 0
        for at in range(desk.filled[table]):
            place = desk.touched[table, at]
            if desk.moved[table, place] != 0:
                book.spot[aim, table, size], book.move[aim, table, size] = place, desk.moved[table, place]
                size += 1
        book.size[aim, table] = size


@compile_cached
def _worth(book, desk, aim):
    """What the aim's tables would cost at today's prices."""
    total = 0.0
    for table in range(2):
        for at in range(book.size[aim, table]):
            total += book.price[book.spot[aim, table, at]]
    return total


@compile_cached
def share_company(search, order):
    """Every aim in turn looks for cheaper company, a place costing less the more others use it; how many found some."""
    book, desk = search.book, search.desk
    changed = 0
    for aim in order:
        has = book.size[aim, 0] + book.size[aim, 1] > 0
        _use(book, aim, -1)
        most = _worth(book, desk, aim) - NOTHING if has else NEVER
        possible = most > 0.0
        if possible:
            possible, _ = _build(search, aim, most)
        if possible:
            _store(book, desk, aim)
            changed += 1
        _use(book, aim, 1)
    _clear(desk)
    return changed


@compile_cached
def _may_move(search, table, at, move):
    """Whether a place of a table may move so far and hide nothing more."""
    geometry, book, desk = search.geometry, search.book, search.desk
    after = desk.moved[table, at] + move
    return geometry.persons[at] + after >= 0 and (after == 0 or book.price[at] <= 0.0 or desk.moved[table, at] != 0)


@compile_cached
def _widen_back(search, axis, step_there, ask):
    """The box that takes a place back, widened by one step: its size, -1 where it cannot be.

    step_there: from _next_step. ask: table, persons at the first corner, the aim's place.
    """
    geometry, desk = search.geometry, search.desk
    step, own, home = step_there
    table, persons, goal = ask
    size = desk.level[axis, SIZE]
    end = size
    for member in range(geometry.start[step], geometry.start[step + 1]):
        away = geometry.offset[member] - home
        if away == 0:
            continue
        turned = persons * geometry.sign[member] * own
        for corner in range(size):
            at, move = desk.at[corner] + away, desk.sign[corner] * turned
            towards = move if table == 0 else -move
            if not _may_move(search, table, at, move) or (at == goal and towards < 0):
                return -1
            desk.at[end], desk.sign[end] = at, desk.sign[corner] * geometry.sign[member] * own
            end += 1
    return end


@compile_cached
def _mend(search, table, place, goal):
    """Take a place out of a table on the desk by a box that hides nothing more; False where none is found."""
    geometry, desk = search.geometry, search.desk
    axes, persons = geometry.node.shape[1], -desk.moved[table, place]
    _open(geometry, desk, place)
    axis, looked = 0, 0
    while axis >= 0 and looked < LOOKED:
        if desk.level[axis, CURSOR] >= desk.level[axis, END]:
            axis -= 1
            continue
        looked += 1
        step_there = _next_step(geometry, desk, axis, geometry.node[place, axis])
        size = _widen_back(search, axis, step_there, (table, persons, goal))
        if size > 0 and axis == axes - 1:
            return _put_all(desk, table, size, persons)
        if size > 0:
            _descend(desk, axis, (size, 0.0, 0, 0))
            axis += 1
    return False


@compile_cached
def _put_all(desk, table, size, persons):
    """Move every corner of the box being made; False where the table grows too large (it is spoilt then)."""
    fits = True
    for corner in range(size):
        fits = fits and _put(desk, table, desk.at[corner], persons * desk.sign[corner])
    return fits


@compile_cached
def _load(book, desk, aim):
    """Lay an aim's tables on the desk."""
    _clear(desk)
    for table in range(2):
        for at in range(book.size[aim, table]):
            place = book.spot[aim, table, at]
            desk.touched[table, at] = place
            desk.moved[table, place] = book.move[aim, table, at]
        desk.filled[table] = book.size[aim, table]


@compile_cached
def _without(search, aim, place):
    """Whether the aim's tables can do without a place and hide nothing more; on the desk: mended, else built anew."""
    desk = search.desk
    _load(search.book, desk, aim)
    mended = True
    for table in range(2):
        if mended and desk.moved[table, place] != 0:
            mended = _mend(search, table, place, search.aims.place[aim])
    if mended:
        return True
    possible, _ = _build(search, aim, NOTHING)
    return possible


@compile_cached
def _users(book, place, users):
    """The aims whose tables move a place; how many, at most as many as there is room for."""
    found = 0
    for aim in range(len(book.size)):
        for table in range(2):
            for at in range(book.size[aim, table]):
                if book.spot[aim, table, at] == place and (found == 0 or users[found - 1] != aim):
                    users[found] = aim
                    found += 1
                    if found == len(users):
                        return found
    return found


@compile_cached
def _copy(target, source, to, aim):
    target.size[to] = source.size[aim]
    for table in range(2):
        size = source.size[aim, table]
        target.spot[to, table, :size] = source.spot[aim, table, :size]
        target.move[to, table, :size] = source.move[aim, table, :size]


@compile_cached
def _close(search, old, place, users):
    """Whether all users of a place do without it and hide nothing more; else all is as before."""
    book, desk = search.book, search.desk
    for at, aim in enumerate(users):
        _copy(old, book, at, aim)
    book.price[place] = NEVER
    done = 0
    for aim in users:
        if not _without(search, aim, place):
            break
        _use(book, aim, -1)
        _store(book, desk, aim)
        _use(book, aim, 1)
        done += 1
    possible = done == len(users)
    for at in range(0 if possible else done):
        _use(book, users[at], -1)
        _copy(book, old, users[at], at)
        _use(book, users[at], 1)
    book.price[place] = book.cost[place] * book.share[min(book.uses[place], len(book.share) - 1)]
    return possible


@compile_cached
def give_back(search, old, order):
    """Close the places of `order` in turn where all their users do without.

    old: a small book to keep tables in, one row a user; places of more users stay hidden.
    """
    book = search.book
    users = np.zeros(len(old.size), dtype=np.int64)
    for place in order:
        if book.uses[place] > 0:
            found = _users(book, place, users)
            if found < len(users):
                _close(search, old, place, users[:found])
    _clear(search.desk)
