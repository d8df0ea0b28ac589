"""The compiled search by boxes, second part: tables that are more than one box, and company that aims share.

The cheapest table is often no box and no sum of the cheapest boxes. So each place of a table that costs something is
offered for trade: one more box through it takes it out of both tables, and puts cheaper places in. Imported late.
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

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

LOOKED = 2_000
"""Most steps that one trade looks at."""

DEARER = 1.3
"""How much dearer than allowed a table built anew may be before it is traded."""


@compile_cached
def _change(search, at, up, down):
    """What it costs that a place moves so much more in both tables; NEVER where it may not."""
    geometry, book, desk = search.geometry, search.book, search.desk
    before_up, before_down = desk.moved[0, at], desk.moved[1, at]
    after_up, after_down = before_up + up, before_down + down
    if geometry.persons[at] + min(after_up, after_down) < 0:
        return NEVER
    was, will = before_up != 0 or before_down != 0, after_up != 0 or after_down != 0
    if was == will:
        return 0.0
    return book.price[at] if will else -book.price[at]


@compile_cached
def _widen_trade(search, axis, step_there, ask):
    """The box that takes a place out, widened by one step: its size (-1 where it is too dear) and cost.

    step_there: from next_step. ask: persons that it moves the place in either table, the aim's place, most.
    """
    # Its walk over the corners stands in boxes._widen as well: in a kernel of its own, large systems took longer by a
    # quarter to a half.
    geometry, desk = search.geometry, search.desk
    step, own, home = step_there
    up, down, goal, most = ask
    size, cost = desk.level[axis, SIZE], desk.cost[axis]
    end = size
    for member in range(geometry.start[step], geometry.start[step + 1]):
        away = geometry.offset[member] - home
        if away == 0:
            continue
        turned = geometry.sign[member] * own
        for corner in range(size):
            at, sign = desk.at[corner] + away, desk.sign[corner] * turned
            if at == goal:
                return -1, cost
            cost += _change(search, at, sign * up, sign * down)
            if cost >= most:
                return -1, cost
            desk.at[end], desk.sign[end] = at, sign
            end += 1
    return end, cost


@compile_cached
def _best_trade(search, place, goal, persons):
    """The box that costs least, less than the place, and takes it out of the tables; its size, 0 for none.

    persons: that the place is to gain in either table.
    """
    geometry, desk = search.geometry, search.desk
    up, down = persons
    axes, found, looked = geometry.node.shape[1], 0, 0
    best = min(search.book.price[place], NEVER / 2) - NOTHING
    start_walk(geometry, desk, place)
    axis = 0
    while axis >= 0 and looked < LOOKED:
        if desk.level[axis, CURSOR] >= desk.level[axis, END]:
            axis -= 1
            continue
        looked += 1
        step_there = next_step(geometry, desk, axis, geometry.node[place, axis])
        size, cost = _widen_trade(search, axis, step_there, (up, down, goal, best))
        if size < 0:
            continue
        if axis < axes - 1:
            descend(desk, axis, (size, cost, 0, 0))
            axis += 1
            continue
        best, found = cost, size
        desk.best_at[:size], desk.best_sign[:size] = desk.at[:size], desk.sign[:size]
    return found


@compile_cached
def _traded(search, place, goal, up, down):
    """Whether a place was taken out, of both tables by so many persons; as it was where no box does."""
    desk = search.desk
    size = _best_trade(search, place, goal, (up, down))
    if size == 0 or max(desk.filled[0], desk.filled[1]) + size > desk.touched.shape[1]:
        return False
    for corner in range(size):
        if up:
            put(desk, 0, desk.best_at[corner], desk.best_sign[corner] * up)
        if down:
            put(desk, 1, desk.best_at[corner], desk.best_sign[corner] * down)
    return True


@compile_cached
def trade(search, aim):
    """Trade each place of the tables on the desk that costs something for cheaper ones, those that come in as well."""
    book, desk, goal = search.book, search.desk, search.aims.place[aim]
    for table in range(2):
        at = 0
        while at < desk.filled[table]:
            place = desk.touched[table, at]
            at += 1
            if place == goal or book.price[place] <= NOTHING or desk.moved[table, place] == 0:
                continue
            up, down = -desk.moved[0, place], -desk.moved[1, place]
            if _traded(search, place, goal, up, down) or book.price[place] < NEVER:
                continue
            # a place that is to be closed may leave the tables by different boxes
            if not (_traded(search, place, goal, up, 0) and _traded(search, place, goal, 0, down)):
                return


@compile_cached
def desk_cost(book, desk):
    """What the tables on the desk cost at today's prices."""
    total = 0.0
    for table in range(2):
        for at in range(desk.filled[table]):
            place = desk.touched[table, at]
            if desk.moved[table, place] != 0 and (table == 0 or desk.moved[0, place] == 0):
                total += book.price[place]
    return total


@compile_cached
def load(book, desk, aim):
    """Lay an aim's tables on the desk."""
    clear(desk)
    for table in range(2):
        for at in range(book.size[aim, table]):
            place = book.spot[aim, table, at]
            desk.touched[table, at] = place
            desk.moved[table, place] = book.move[aim, table, at]
        desk.filled[table] = book.size[aim, table]


@compile_cached
def _keep_cheaper(search, aim, most):
    """Write the tables on the desk into the book where they cost less; what the aim's tables cost now."""
    cost = desk_cost(search.book, search.desk)
    if cost >= most - NOTHING:
        return most
    store(search.book, search.desk, aim)
    return cost


@compile_cached
def share_company(search, order):
    """Every aim in turn looks for cheaper company, a place costing less the more others use it."""
    book, desk = search.book, search.desk
    for aim in order:
        use(book, aim, -1)
        most = NEVER
        if book.size[aim, 0] + book.size[aim, 1] > 0:
            load(book, desk, aim)
            most = desk_cost(book, desk)
            if most > NOTHING:
                trade(search, aim)
                most = _keep_cheaper(search, aim, most)
        if most > NOTHING:
            possible, _ = build(search, aim, min(DEARER * most, NEVER))
            if possible:
                trade(search, aim)
                _keep_cheaper(search, aim, most)
        use(book, aim, 1)
    clear(desk)
