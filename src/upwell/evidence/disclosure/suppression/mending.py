"""The compiled search by boxes, second half: which hidden cells all their users can do without. Imported late.

A table loses a place by one more box through it, of places that are hidden already.
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

import numpy as np

from upwell.evidence.disclosure.suppression.boxes import (
    CURSOR,
    END,
    NEVER,
    NOTHING,
    SIZE,
    build,
    clear,
    descend,
    next_step,
    put,
    start_walk,
    store,
    use,
)
from upwell.evidence.engine.kernel import compile_cached

LOOKED = 3_000
"""Most steps that one mending looks at."""


@compile_cached
def _may_move(search, table, at, move):
    """Whether a place of a table may move so far and hide nothing more."""
    geometry, book, desk = search.geometry, search.book, search.desk
    after = desk.moved[table, at] + move
    return geometry.persons[at] + after >= 0 and (after == 0 or book.price[at] <= 0.0 or desk.moved[table, at] != 0)


@compile_cached
def _widen_back(search, axis, step_there, ask):
    """The box that takes a place back, widened by one step: its size, -1 where it cannot be.

    step_there: from next_step. ask: table, persons at the first corner, the aim's place.
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
    start_walk(geometry, desk, place)
    axis, looked = 0, 0
    while axis >= 0 and looked < LOOKED:
        if desk.level[axis, CURSOR] >= desk.level[axis, END]:
            axis -= 1
            continue
        looked += 1
        step_there = next_step(geometry, desk, axis, geometry.node[place, axis])
        size = _widen_back(search, axis, step_there, (table, persons, goal))
        if size > 0 and axis == axes - 1:
            return _put_all(desk, table, size, persons)
        if size > 0:
            descend(desk, axis, (size, 0.0, 0, 0))
            axis += 1
    return False


@compile_cached
def _put_all(desk, table, size, persons):
    """Move every corner of the box being made; False where the table grows too large (it is spoilt then)."""
    fits = True
    for corner in range(size):
        fits = fits and put(desk, table, desk.at[corner], persons * desk.sign[corner])
    return fits


@compile_cached
def _load(book, desk, aim):
    """Lay an aim's tables on the desk."""
    clear(desk)
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
    possible, _ = build(search, aim, NOTHING)
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
        use(book, aim, -1)
        store(book, desk, aim)
        use(book, aim, 1)
        done += 1
    possible = done == len(users)
    for at in range(0 if possible else done):
        use(book, users[at], -1)
        _copy(book, old, users[at], at)
        use(book, users[at], 1)
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
    clear(search.desk)
