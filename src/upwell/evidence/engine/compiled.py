"""The compiled way to fill tables. Imported late: numba alone costs most of a second.

Each person makes one 64-bit addition to each joint table (see `covering`): from the top a bit for the person, one for
the event, and the expectation in units. A cell whose persons reach 2**12 is emptied into wide sums before any of the
three can run over into the next; that is so rare that it costs nothing.
"""

# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disallow-untyped-calls=False
# mypy: disallow-any-expr=False
# numba infers the types of these functions from their arguments; annotations would say nothing it reads.

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.covering import Sets, covering, holders
from upwell.evidence.engine.fill import UNIT, Block, Counts, Plan
from upwell.evidence.engine.kernel import compile_cached

PERSON_BIT, EVENT_BIT = 51, 38  # 2**12 persons set the sign bit; 2**12 expectations of 2**25 units stay below an event
FIELD = (1 << (PERSON_BIT - EVENT_BIT)) - 1
UNITS = (1 << EVENT_BIT) - 1
BLOCK = 4096  # persons a block: their codes stay in the fast caches while all tables take them


class Layout(NamedTuple):
    """Joint tables. sets, strides, sizes: int64, shape (tables, widest); widths: attributes of each.

    offsets: each table's first cell.
    """

    sets: NDArray[np.int64]
    widths: NDArray[np.int64]
    sizes: NDArray[np.int64]
    strides: NDArray[np.int64]
    offsets: NDArray[np.int64]


@compile_cached
def _index(codes, joint, table, begin, cell):
    """Each person's cell in one joint table, attribute by attribute: plain loops become vector instructions."""
    for i in range(len(cell)):
        cell[i] = 0
    for k in range(joint.widths[table]):
        column = codes[joint.sets[table, k]][begin : begin + len(cell)]
        stride = np.uint32(joint.strides[table, k])
        for i in range(len(cell)):
            cell[i] += np.uint32(column[i]) * stride


@compile_cached
def _empty(narrow, wide, at):
    """Move what one cell holds into the wide sums."""
    held = narrow[at]
    wide[0, at] += (held >> PERSON_BIT) & FIELD
    wide[1, at] += (held >> EVENT_BIT) & FIELD
    wide[2, at] += held & UNITS
    narrow[at] = 0


@compile_cached
def _fill(people, span, joint, narrow, wide):
    codes, yes, expected = people
    cells = np.empty(BLOCK, np.uint32)
    weights = np.empty(BLOCK, np.int64)
    for begin in range(span[0], span[1], BLOCK):
        size = min(BLOCK, span[1] - begin)
        cell = cells[:size]
        for i in range(size):
            units = np.int64(np.rint(np.float64(expected[begin + i]) * UNIT))
            weights[i] = (1 << PERSON_BIT) + (np.int64(yes[begin + i]) << EVENT_BIT) + units
        for table in range(len(joint.widths)):
            _index(codes, joint, table, begin, cell)
            first = joint.offsets[table]
            sums = narrow[first : joint.offsets[table + 1]]
            for i in range(size):
                held = sums[cell[i]] + weights[i]
                sums[cell[i]] = held
                if held < 0:
                    _empty(narrow, wide, first + cell[i])


@compile_cached
def _empty_all(narrow, wide):
    for at in range(len(narrow)):
        if narrow[at] != 0:
            _empty(narrow, wide, at)


@compile_cached
def _sum_up(wide, joint, triples, out):
    """Sums of joint tables for each triple."""
    holder, steps, offsets = triples
    for t in range(len(holder)):
        table = holder[t]
        width = joint.widths[table]
        inner, step = joint.sizes[table, width - 1], steps[t, width - 1]
        first = joint.offsets[table]
        rows = (joint.offsets[table + 1] - first) // inner
        for row in range(rows):
            rest, base = row, offsets[t]
            for k in range(width - 2, -1, -1):
                base += (rest % joint.sizes[table, k]) * steps[t, k]
                rest //= joint.sizes[table, k]
            at = first + row * inner
            for part in range(3):
                for c in range(inner):
                    out[part, base + c * step] += wide[part, at + c]


@compile_cached
def take(read, into, tally, ahead):
    """Copy codes, given so much ahead, and count each: four tallies, so that runs of one code do not wait in line."""
    apart = np.zeros((4, 256), np.int64)
    whole = len(read) - len(read) % 4
    for i in range(0, whole, 4):
        for k in range(4):
            into[i + k] = np.uint8(read[i + k] - ahead)
            apart[k, into[i + k]] += 1
    for i in range(whole, len(read)):
        into[i] = np.uint8(read[i] - ahead)
        apart[0, into[i]] += 1
    for k in range(4):
        for code in range(256):
            tally[code] += apart[k, code]


class Filling:
    """Tables that take block after block of persons; private to one thread."""

    def __init__(self, wanted: Plan, most: int) -> None:
        """most: cells of a joint table. A larger one saves additions, and misses the fast caches more often."""
        triples = tuple(tuple(int(j) for j in triple) for triple in wanted.triples)
        self._wanted = wanted
        sets = covering(tuple(int(size) for size in wanted.used), triples, most)
        self._joint = _layout(sets, wanted.used)
        self._holder = np.array(holders(sets, triples), dtype=np.int64)
        cells = int(self._joint.offsets[-1])
        self._narrow, self._wide = np.zeros(cells, dtype=np.int64), np.zeros((3, cells), dtype=np.int64)

    def add(self, people: Block, span: tuple[int, int] | None = None) -> None:
        """Count some more persons; no code may be beyond what the plan's `used` tells.

        span: only those from one place to before another.
        """
        # Columns must lie in one piece each, or the kernel would step through them one by one.
        held = (np.ascontiguousarray(people.codes), people.yes, people.expected)
        _fill(held, span or (0, people.codes.shape[1]), self._joint, self._narrow, self._wide)

    def counts(self) -> Counts:
        """All tables so far."""
        _empty_all(self._narrow, self._wide)
        offsets = self._wanted.offsets
        out = np.zeros((3, int(offsets[-1])), dtype=np.int64)
        _sum_up(self._wide, self._joint, (self._holder, self._steps(), offsets), out)
        return Counts(out[0], out[1], out[2])

    def _steps(self) -> NDArray[np.int64]:
        """For each triple the strides of its cells along its holder's attributes, 0 for those it sums over."""
        steps = np.zeros((len(self._holder), self._joint.sets.shape[1]), dtype=np.int64)
        for t, triple in enumerate(self._wanted.triples):
            of = self._joint.sets[self._holder[t]]
            below = np.cumprod(self._wanted.sizes[triple][::-1])[::-1]
            for j, step in zip(triple, (*below[1:], 1), strict=True):
                steps[t, int(np.flatnonzero(of == j)[0])] = step
        return steps


def _layout(sets: Sets, used: NDArray[np.int64]) -> Layout:
    widest = max((len(each) for each in sets), default=1)
    of = np.full((len(sets), widest), -1, dtype=np.int64)
    sizes, strides = np.ones_like(of), np.zeros_like(of)
    cells = [0]
    for table, each in enumerate(sets):
        of[table, : len(each)] = each
        sizes[table, : len(each)] = used[list(each)]
        below = np.cumprod(sizes[table, : len(each)][::-1])[::-1]
        strides[table, : len(each)] = np.append(below[1:], 1)
        cells.append(int(below[0]))
    widths = np.array([len(each) for each in sets], dtype=np.int64)
    return Layout(of, widths, sizes, strides, np.cumsum(np.array(cells, dtype=np.int64)))
