"""The compiled search by boxes, last part: which hidden cells all their users can do without. Imported late.

A hidden cell is shown again where its users trade it away, or find other tables, and hide less in its stead.
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

import numpy as np

from upwell.evidence.disclosure.suppression.boxes import (
    NEVER,
    NOTHING,
    build,
    clear,
    store,
    use,
)
from upwell.evidence.disclosure.suppression.trading import DEARER, desk_cost, load, trade
from upwell.evidence.engine.kernel import compile_cached


@compile_cached
def _without(search, aim, place, most):
    """Whether the aim's tables can do without a place for less than `most`; on the desk: traded, else built anew."""
    book, desk = search.book, search.desk
    load(book, desk, aim)
    trade(search, aim)
    if desk_cost(book, desk) < most:  # the place itself costs NEVER
        return True
    possible, _ = build(search, aim, DEARER * most)
    if possible:
        trade(search, aim)
    return possible and desk_cost(book, desk) < most


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
def _close(search, old, place, users, spend):
    """Whether all users of a place do without it and hide nothing more; else all is as before."""
    book, desk = search.book, search.desk
    for at, aim in enumerate(users):
        _copy(old, book, at, aim)
    cost = book.cost[place]
    book.price[place], book.cost[place] = NEVER, 0.0
    done, most = 0, cost * spend
    for aim in users:
        if not _without(search, aim, place, max(most, NOTHING)):
            break
        most -= use(book, aim, -1)
        store(book, desk, aim)
        most -= use(book, aim, 1)
        done += 1
    possible = done == len(users)
    for at in range(0 if possible else done):
        use(book, users[at], -1)
        _copy(book, old, users[at], at)
        use(book, users[at], 1)
    book.cost[place] = cost
    book.price[place] = cost * book.share[min(book.uses[place], len(book.share) - 1)]
    return possible


@compile_cached
def give_back(search, old, order, bounds):
    """Close the places of `order` in turn where all their users do without.

    old: a small book to keep tables in, one row a user; places of more users stay hidden.
    bounds: what users may hide in a place's stead, as a share of its cost; steps of the search after which it ends.
    """
    spend, most_steps = bounds
    book = search.book
    users = np.zeros(len(old.size), dtype=np.int64)
    for place in order:
        if search.desk.steps[0] > most_steps:
            break
        if book.uses[place] > 0:
            found = _users(book, place, users)
            if found < len(users):
                _close(search, old, place, users[:found], spend)
    clear(search.desk)
