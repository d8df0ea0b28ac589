"""What is printed in place of withheld counts: as many rounded shares and classes as stay safe. Try, then give up.

The counts come first: which of them are withheld is settled before. Then everything asked for is tried at once, proved
and attacked; what lies around a cell that does not hold is joined with its neighbour or left out, and so on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.attacking.attack import attack
from upwell.evidence.disclosure.draft import Cell, DraftTable
from upwell.evidence.disclosure.plan import Side, check
from upwell.evidence.disclosure.rounded import Limit, Rounded, asked, banded, lessened
from upwell.evidence.disclosure.rules import Case
from upwell.evidence.disclosure.suppression.prove import prove
from upwell.evidence.disclosure.system import UNBOUNDED

Mask = NDArray[np.bool_]

TRIES = 12
"""Times that something is left out, before nothing is printed in place of a crowd's withheld counts."""

RETURNS = 40
"""What was left out and is tried again by itself, at most."""

MOST_LEAVES = 4_000
"""Leaves of a system in which whole-number tables are searched for again; in larger ones nothing stands in place."""


def with_rounded(case: Case, side: Side, *, seed: int) -> Side:
    """The same cells withheld, and what may be printed in their place. Same seed, same answer."""
    offered = _offered(case, side)
    tables = {table.id: table for table in case.tables}
    wanted = [] if len(side.system.leaves) > MOST_LEAVES else _not_pinned(offered, tables, side)
    proved = _proved(side, wanted, tables, seed)
    while proved.rounded:
        narrowed = proved.narrowed(attack(proved.public(), width=proved.widest, seed=seed + 1))
        if not narrowed.any():
            check(proved)
            break
        proved = _proved(side, _fewer(proved.rounded, tables, _cells(side, narrowed)), tables, seed)
    return replace(proved, notes=_notes(offered, proved.rounded, tables))


def _proved(side: Side, wanted: Sequence[Rounded], tables: Mapping[str, DraftTable], seed: int) -> Side:
    """As much of what is wanted as leaves every protected cell its proof, found by leaving out and trying again."""
    asked_for = list(wanted)
    for _ in range(TRIES):
        if not wanted:
            break
        tried = _tried(side, wanted, seed)
        if not tried.hiding.unproved.any():
            return _with_more(side, tried, [each for each in asked_for if each not in wanted], seed)
        wanted = _fewer(wanted, tables, _cells(side, tried.hiding.unproved))
    return _with_more(side, side, asked_for, seed)


def _with_more(side: Side, found: Side, more: Sequence[Rounded], seed: int) -> Side:
    """What was found, with each of the others that can stand beside it."""
    for each in more[:RETURNS]:
        if not any((each.table, each.row) == (other.table, other.row) for other in found.rounded):
            tried = _tried(side, [*found.rounded, each], seed)
            found = found if tried.hiding.unproved.any() else tried
    return found


def _cells(side: Side, blamed: Mask) -> set[Cell]:
    return {side.system.cells[at] for at in np.flatnonzero(blamed)}


def _offered(case: Case, side: Side) -> list[Rounded]:
    """Everything asked for, but shares of amounts, and shares of 0 or 100 % where these tell of each one in a group."""
    tables, values = case.tables, side.values()
    hidden = dict(zip(side.system.cells, side.hiding.hidden.tolist(), strict=True))
    offered = asked(tables, values, hidden)
    if case.crowd.amounts is not None:
        return [each for each in offered if not each.percent]
    return [each for each in offered if not each.percent or not case.tells_of_each_one(_yes_of(each), values)]


def _yes_of(share: Rounded) -> tuple[Cell, Cell]:
    (yes, _), (persons, _) = share.limits[0].weights
    return yes, persons


def _tried(side: Side, wanted: Sequence[Rounded], seed: int) -> Side:
    """A crowd with so much printed in place of its withheld counts, and what is proved of it then."""
    system = banded(side.system, [limit for each in wanted for limit in each.limits])
    hiding = prove(system, side.demand, side.hiding, seed=seed)
    return replace(side, system=system, hiding=hiding, rounded=tuple(wanted))


def _not_pinned(offered: Sequence[Rounded], tables: Mapping[str, DraftTable], side: Side) -> list[Rounded]:
    """Without what alone, beside shown counts, tells a protected count too closely."""
    kept = []
    for each in offered:
        found: Rounded | None = each
        while found is not None and _pins(found, side):
            found = lessened(found, tables[found.table])
        kept += [found] if found is not None else []
    return kept


def _pins(rounded: Rounded, side: Side) -> bool:
    number = {cell: at for at, cell in enumerate(side.system.cells) if cell in rounded.cells}
    hidden = {cell for cell, at in number.items() if side.hiding.hidden[at]}
    if len(hidden) != 1:
        return False
    (cell,) = hidden
    at = number[cell]
    shown = {other: int(side.system.values[number[other]]) for other in rounded.cells - hidden}
    least, most = _range(cell, rounded.limits, shown)
    return bool(side.demand.primary[at] and most - least < side.demand.width[at])


def _range(cell: Cell, limits: Sequence[Limit], shown: Mapping[Cell, int]) -> tuple[int, int]:
    """Least and greatest count of the one hidden cell of some limits."""
    low, high = 0, UNBOUNDED
    for limit in limits:
        weight = dict(limit.weights)[cell]
        rest = sum(each * shown[other] for other, each in limit.weights if other != cell)
        ends = [(end - rest) / weight for end in (limit.least, limit.most) if abs(end) < UNBOUNDED]
        lower = (limit.least > -UNBOUNDED) == (weight > 0)
        if len(ends) == 2:
            low, high = max(low, ceil(min(ends))), min(high, floor(max(ends)))
        elif lower:
            low = max(low, ceil(ends[0]))
        else:
            high = min(high, floor(ends[0]))
    return low, high


def _fewer(wanted: Sequence[Rounded], tables: Mapping[str, DraftTable], blamed: set[Cell]) -> list[Rounded]:
    """Less of what says something of the blamed cells; where nothing does, the later half goes."""
    if not any(each.cells & blamed for each in wanted):
        return list(wanted[: len(wanted) // 2])
    less = ((lessened(each, tables[each.table]) if each.cells & blamed else each) for each in wanted)
    return [each for each in less if each is not None]


def _notes(offered: Sequence[Rounded], kept: Sequence[Rounded], tables: Mapping[str, DraftTable]) -> tuple[str, ...]:
    """Sentences on the tables in which something was left out or joined."""
    there = {(each.table, each.row, bool(each.percent)): each for each in kept}
    left = {(e.table, bool(e.percent)) for e in offered if (e.table, e.row, bool(e.percent)) not in there}
    joined = {e.table for e in offered if there.get((e.table, e.row, bool(e.percent)), e) != e}
    because = "to protect the people behind the counts"
    return tuple(
        sentence
        for table in dict.fromkeys(each.table for each in offered)
        for sentence, is_so in (
            (f"{tables[table].title}: some shares are left out, {because}.", (table, True) in left),
            (f"{tables[table].title}: some classes are left out, {because}.", (table, False) in left),
            (f"{tables[table].title}: some classes are joined with their neighbours, {because}.", table in joined),
        )
        if is_so
    )
