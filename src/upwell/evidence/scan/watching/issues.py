"""Known issues at a look: what is another side of them, which became worse, and which are over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.scan.surely.tail import at_least
from upwell.evidence.scan.watching import memory
from upwell.evidence.scan.watching.memory import Memory, Part
from upwell.evidence.scan.watching.watch import Alarm, Looking, Seen

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FOR_WORSE = 0.25  # share of a look's false alarms kept for known issues that become worse
LATELY, LONG_AGO = 3, 6  # months
FEWEST_LATELY = 30
OVERLAP = 0.25  # Jaccard of two sub-populations of one issue
NOT_THE_REST = 0.01  # p below which what lies outside a known issue is a trouble of its own


def issue_of(looking: Looking, known: Memory, seen: Seen, share: Floats) -> int | None:
    """The known issue that this is another side of; None for a trouble of its own."""
    keys, among = memory.keys_of(seen.where, looking.columns), looking.lately(seen.months)
    for at, issue in enumerate(known.issues):
        for part in issue.parts:
            held = memory.members(looking.asked, looking.columns, part) & among
            both, either = int((held & seen.inside).sum()), int((held | seen.inside).sum())
            if both and (both >= OVERLAP * either or _only_there(looking.asked.yes, share, seen.inside & ~held)):
                return at
            if _beside(part.where, keys):
                return at
    return None


def _only_there(yes: Bools, share: Floats, rest: Bools) -> bool:
    """Whether nothing is unusual in the rest that lies outside a known issue."""
    return at_least(int(yes[rest].sum()), share[rest]) > NOT_THE_REST


def _beside(one: memory.Keys, other: memory.Keys) -> bool:
    """Whether two descriptions restrict the same columns, two at least, and share values in all but one of them."""
    if len(one) < 2 or [name for name, _ in one] != [name for name, _ in other]:
        return False
    return sum(not set(a) & set(b) for (_, a), (_, b) in zip(one, other, strict=True)) <= 1


def worse(looking: Looking, known: Memory) -> tuple[tuple[Alarm, ...], Memory]:
    """Known issues whose last months are clearly above what was told of them, the error of that included."""
    asked, watch, now = looking.asked, looking.watch, looking.present.now
    line = watch.alpha * FOR_WORSE / max(len(known.issues), 1)
    share = memory.raised(looking.usual.share, looking.lift(known, told_only=True))
    alarms: list[Alarm] = []
    for at, issue in enumerate(known.issues):
        part = issue.parts[0]
        since = min(LATELY, now - issue.last_told)  # months that the telling did not know
        inside = memory.members(asked, looking.columns, part) & looking.lately(since)
        yes, persons = int(asked.yes[inside].sum()), int(inside.sum())
        spread = float((share[inside] * (1 - share[inside])).sum())
        if min(yes, persons - yes) < watch.least or not memory.is_placed(part, looking.columns):
            continue
        error = max(each.error for each in issue.parts if each.told)
        p = at_least(yes, share[inside], inflation=1 + spread * error**2)
        if p > line:
            continue
        told = float(share[inside].sum())
        odds = max(yes * (persons - told) / ((persons - yes) * told), 1.0 + 1e-6)
        where = memory.where_of(part.where, looking.columns)
        years = 1 / (p * watch.looks)
        alarms.append(Alarm("worse", at, where, now - since + 1, now, inside, persons, yes, told, odds, p, years))
        known = known.with_part(at, Part(part.where, odds, spread**-0.5), now=now)
    return tuple(alarms), known


def without_ended(looking: Looking, known: Memory) -> tuple[Memory, int]:
    """Forget issues that half a year later are no more than usual: should they come back, they are news."""
    asked, share = looking.asked, looking.usual.share
    kept = []
    for issue in known.issues:
        inside = memory.members(asked, looking.columns, issue.parts[0]) & looking.lately(LONG_AGO)
        old = looking.present.now - issue.last_told >= LONG_AGO and inside.sum() >= FEWEST_LATELY
        old = old and memory.is_placed(issue.parts[0], looking.columns)
        if not (old and at_least(int(asked.yes[inside].sum()), share[inside]) > 0.5):
            kept.append(issue)
    return replace(known, issues=tuple(kept)), len(known.issues) - len(kept)
