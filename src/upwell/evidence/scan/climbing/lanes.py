"""Climbing on the records: the compiled twin of `steps.climb`, a few good starts against very many persons.

The allowed values of a dimension are the bits of one 64-bit word: whether a person misses a restriction is one shift
of it by the person's code, which the machine does for many persons at a time. Persons inside, and those who miss a
single restriction, are then listed without a branch and counted. While no more than two dimensions are restricted,
the tables hold all that a step needs, and nobody is looked at. Imported late (numba).
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.kernel import compile_cached
from upwell.evidence.scan.climbing.compiled import Rule, one_of, price_of, step_of
from upwell.evidence.scan.climbing.grids import Grid, grids, margin
from upwell.evidence.scan.climbing.steps import GAIN, ROUNDS
from upwell.evidence.tables import Frame, Tables

BLOCK = 4096  # persons a block: their codes stay in the first caches while all dimensions are counted
NO_TRIPLES, NOTHING = np.zeros((0, 3), dtype=np.int64), np.zeros(0)
PERSON = 1 << 32  # one person in a count whose lower half holds the events


class People(NamedTuple):
    """Persons by column, with their answers and expectations (float32 or float64)."""

    codes: NDArray[np.uint8]
    yes: NDArray[np.bool_]
    expected: NDArray[np.float64] | NDArray[np.float32]


class Room(NamedTuple):
    """Arrays that are used again and again. tally: events, expectation and persons by dimension and value.

    counts, told: the same while they are counted. masks, held: for reading a table.
    """

    misses: NDArray[np.uint8]
    inside: NDArray[np.int64]
    near: NDArray[np.int64]
    of: NDArray[np.int64]
    counts: NDArray[np.int64]
    told: NDArray[np.float64]
    tally: NDArray[np.float64]
    masks: NDArray[np.bool_]
    held: NDArray[np.int64]


@compile_cached
def _room(dimensions, width):
    numbers = np.empty((3, BLOCK + 1), dtype=np.int64)
    misses = np.empty(BLOCK, dtype=np.uint8)
    counts, told = np.empty((dimensions, width), dtype=np.int64), np.empty((dimensions, width))
    tally, masks = np.empty((dimensions, 3, width)), np.empty((3, width), dtype=np.bool_)
    held = np.empty((3, width + 1), dtype=np.int64)
    return Room(misses, numbers[0], numbers[1], numbers[2], counts, told, tally, masks, held)


@compile_cached
def _count_misses(codes, listed, forbidden, begin, misses):
    """How many of the listed restrictions each person of a block misses."""
    misses[:] = 0
    for r in range(len(listed)):
        column, word = codes[listed[r]][begin : begin + len(misses)], forbidden[r]
        for i in range(len(misses)):
            # Code 64 is "unknown" of a dimension with 64 values: beyond the word, and always a miss.
            code = np.uint64(column[i])
            misses[i] += np.uint8(word >> (code & np.uint64(63)) & np.uint64(1) | code >> np.uint64(6))


@compile_cached
def _list(misses, wanted, listed):
    count = 0
    for i in range(len(misses)):
        listed[count] = i
        count += misses[i] == wanted
    return count


@compile_cached
def _add(people, begin, j, numbers, room):
    """Count some persons of a block by their value of one dimension."""
    column, counts, told = people.codes[j], room.counts[j], room.told[j]
    for n in range(len(numbers)):
        i = begin + numbers[n]
        counts[column[i]] += PERSON + people.yes[i]
        told[column[i]] += people.expected[i]


@compile_cached
def _missing(column, word, near, of):
    """Which of the persons who miss one restriction miss this one."""
    count = np.int64(0)
    for n in range(len(near)):
        of[count] = near[n]
        code = np.uint64(column[near[n]])
        count += np.int64(word >> (code & np.uint64(63)) & np.uint64(1) | code >> np.uint64(6))
    return count


@compile_cached
def _count(people, listed, forbidden, room):
    """Counts of every dimension among those who meet all other restrictions, in one pass over the persons."""
    room.counts[:, :] = 0
    room.told[:, :] = 0.0
    persons = people.codes.shape[1]
    for begin in range(0, persons, BLOCK):
        misses = room.misses[: min(BLOCK, persons - begin)]
        _count_misses(people.codes, listed, forbidden, begin, misses)
        inside = room.inside[: _list(misses, 0, room.inside)]
        if len(inside):
            for j in range(people.codes.shape[0]):
                _add(people, begin, j, inside, room)
        near = room.near[: _list(misses, 1, room.near)]
        for r in range(len(listed)):
            column = people.codes[listed[r]][begin : begin + len(misses)]
            _add(people, begin, listed[r], room.of[: _missing(column, forbidden[r], near, room.of)], room)
    room.tally[:, 0] = room.counts & (PERSON - 1)
    room.tally[:, 1] = room.told
    room.tally[:, 2] = room.counts // PERSON


@compile_cached
def _smallest_table(tables, j, listed):
    """The smallest table of a dimension and all (other) restricted ones; -1: there is none."""
    best, cells = -1, np.int64(0)
    for t in range(len(tables.triples)):
        holds = False
        for axis in range(3):
            holds |= tables.triples[t, axis] == j
        for r in range(len(listed)):
            held = listed[r] == j
            for axis in range(3):
                held |= tables.triples[t, axis] == listed[r]
            holds &= held
        size = tables.offsets[t + 1] - tables.offsets[t]
        if holds and (best < 0 or size < cells):
            best, cells = t, size
    return best


@compile_cached
def _read(tables, mask, rule, listed, room):
    """As `_count`, from the tables; False where they do not hold it."""
    if len(listed) > 2:
        return False
    shape = np.empty(3, dtype=np.int64)
    for j in range(len(rule.sizes)):
        t = _smallest_table(tables, j, listed)
        if t < 0:
            return False
        own = 0
        for axis in range(3):
            of = tables.triples[t, axis]
            shape[axis] = rule.sizes[of]
            room.masks[axis, :] = mask[of]
            own = axis if of == j else own
        begin, end = tables.offsets[t], tables.offsets[t + 1]
        grid = Grid(tables.events[begin:end], tables.expected[begin:end], tables.persons[begin:end], shape)
        margin(grid, room.masks, own, room.held, room.tally[j])
    return True


@compile_cached
def _restricted(mask, rule, paid, listed, forbidden):
    """How many dimensions are restricted; which, by which words, and what each costs go to the arrays."""
    count = 0
    for j in range(len(rule.sizes)):
        paid[j] = price_of(mask[j], one_of(rule, j))
        word = np.uint64(0)
        for v in range(min(rule.sizes[j], 64)):
            if not mask[j, v]:
                word |= np.uint64(1) << np.uint64(v)
        if word or not mask[j, rule.sizes[j] - 1]:
            listed[count], forbidden[count] = j, word
            count += 1
    return count


@compile_cached
def _best_change(mask, rule, state, room, kept):
    """The best single change of one dimension: score and dimension; its new values go to kept.

    state: what each dimension costs as it is, and which are restricted.
    """
    paid, listed = state
    new = np.empty(mask.shape[1], dtype=np.bool_)
    best, at = -np.inf, -1
    for j in range(len(rule.sizes)):
        size = rule.sizes[j]
        if len(listed) >= rule.most and mask[j, :size].all():
            continue
        alone = len(listed) == 0 or (len(listed) == 1 and listed[0] == j)
        found, _ = step_of(room.tally[j], one_of(rule, j), alone, new)
        found -= rule.base + paid.sum() - paid[j]
        if found > best:
            best, at = found, j
            kept[:] = new
    return best, at


@compile_cached
def _climb_lane(people, tables, mask, rule, room):
    dimensions, width = mask.shape
    paid, kept = np.zeros(dimensions), np.empty(width, dtype=np.bool_)
    listed, forbidden = np.empty(dimensions, dtype=np.int64), np.empty(dimensions, dtype=np.uint64)
    score = -np.inf
    for _ in range(ROUNDS):
        count = _restricted(mask, rule, paid, listed, forbidden)
        if not _read(tables, mask, rule, listed[:count], room):
            _count(people, listed[:count], forbidden[:count], room)
        best, at = _best_change(mask, rule, (paid, listed[:count]), room, kept)
        if best <= score + GAIN:
            break
        score = best
        mask[at, :] = kept
    return score


@compile_cached
def _climb(people, tables, masks, rule, scores):
    room = _room(masks.shape[1], masks.shape[2])
    for lane in range(masks.shape[0]):
        scores[lane] = _climb_lane(people, tables, masks[lane], rule, room)


@compile_cached
def _members(codes, listed, forbidden):
    """Numbers of the persons who miss nothing."""
    misses, inside = np.empty(BLOCK, dtype=np.uint8), np.empty(BLOCK + 1, dtype=np.int64)
    persons, held = codes.shape[1], np.int64(0)
    for begin in range(0, persons, BLOCK):
        block = misses[: min(BLOCK, persons - begin)]
        _count_misses(codes, listed, forbidden, begin, block)
        held += np.int64(np.sum(block == 0))
    members = np.empty(held, dtype=np.int64)
    held = np.int64(0)
    for begin in range(0, persons, BLOCK):
        block = misses[: min(BLOCK, persons - begin)]
        _count_misses(codes, listed, forbidden, begin, block)
        count = _list(block, 0, inside)
        for n in range(count):
            members[held + n] = begin + inside[n]
        held += count
    return members


@dataclass(frozen=True)
class Answers:
    """What is searched. yes: bool, expected: shares, each shape (persons,). tables: of the same, if there are any."""

    yes: NDArray[np.bool_]
    expected: NDArray[np.float64] | NDArray[np.float32]
    tables: Tables | None = None


def climb(
    people: Frame, answers: Answers, masks: NDArray[np.bool_], rule: Rule
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """As `steps.climb`, for the starts of one replicate."""
    ended, scores = masks.copy(), np.empty(len(masks))
    tables = answers.tables or Tables(NO_TRIPLES, np.zeros(1, dtype=np.int64), NOTHING, NOTHING, NOTHING)
    _climb(People(people.codes, answers.yes, answers.expected), grids(tables), ended, rule, scores)
    for j, size in enumerate(people.sizes):
        ended[:, j, size:] = True  # beyond the values of a dimension, so that equal sets are equal arrays
    return scores, ended


def members(people: Frame, allowed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Numbers of the persons in a sub-population, ascending; allowed: shape (dimensions, width)."""
    restricted = [j for j, size in enumerate(people.sizes) if not allowed[j, :size].all()]
    words = [sum(1 << v for v in range(min(int(people.sizes[j]), 64)) if not allowed[j, v]) for j in restricted]
    inside: NDArray[np.int64] = _members(
        people.codes, np.array(restricted, dtype=np.int64), np.array(words, dtype=np.uint64)
    )
    return inside
