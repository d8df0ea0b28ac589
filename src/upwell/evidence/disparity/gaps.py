"""Gaps: differences between groups of one table, from shown numbers alone.

Every group is compared with the largest one, because its rate is the surest - not because it is the norm. Groups keep
the order they came in: nothing here ranks them. Unknown answers are never compared, withheld numbers cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upwell.evidence.disparity import rates
from upwell.evidence.disparity.rates import Group, Interval

WHY = "the largest group"
HOLDS = 0.05


@dataclass(frozen=True)
class Gap:
    """A group against the reference. group, reference: places in the table's groups. ratio, difference: of shares.

    p: two-sided. q: after false-discovery control over all gaps asked together. holds: q <= 0.05.
    """

    table: str
    group: int
    reference: int
    why: str
    ratio: Interval
    difference: Interval
    p: float
    q: float

    @property
    def holds(self) -> bool:
        """Whether the gap stands among so many comparisons."""
        return self.q <= HOLDS


def gaps(tables: Mapping[str, Sequence[Group]]) -> tuple[Gap, ...]:
    """All gaps of some tables, in their order; tables: id -> groups, as shown.

    A table without two groups that are known, shown, and have the trouble in them gives none.
    """
    compared = [
        (table, groups, place, reference)
        for table, groups in tables.items()
        if (reference := _reference(groups)) is not None
        for place in range(len(groups))
        if place != reference and _comparable(groups[place])
    ]
    p = [rates.equal_shares_p(**_counts(groups[place], groups[reference])) for _, groups, place, reference in compared]
    return tuple(
        Gap(
            table,
            place,
            reference,
            WHY,
            rates.ratio(**_counts(groups[place], groups[reference])),
            rates.difference(**_counts(groups[place], groups[reference])),
            own,
            q,
        )
        for (table, groups, place, reference), own, q in zip(compared, p, rates.false_discovery(p), strict=True)
    )


def _comparable(group: Group) -> bool:
    return group.known and bool(group.yes) and bool(group.persons)


def _reference(groups: Sequence[Group]) -> int | None:
    """The largest comparable group; the first of equals."""
    usable = [place for place, group in enumerate(groups) if _comparable(group)]
    return max(usable, key=lambda place: (groups[place].persons or 0, -place)) if len(usable) > 1 else None


def _counts(group: Group, other: Group) -> dict[str, int]:
    return {
        "yes": group.yes or 0,
        "persons": group.persons or 0,
        "other_yes": other.yes or 0,
        "other_persons": other.persons or 0,
    }
