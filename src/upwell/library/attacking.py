"""Attack a printed table, ours or others': two-way as lists, or long as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from upwell.evidence.disclosure.attacking.attack import attack
from upwell.evidence.disclosure.attacking.explain import explain
from upwell.evidence.disclosure.attacking.outside import Outside, outside
from upwell.evidence.disclosure.attacking.told import sentences
from upwell.evidence.errors import EvidenceError
from upwell.library.given import Frame, Given, Relation, columns_of
from upwell.library.table import Table, name_of, rectangle
from upwell.records.tables.marks import Printed
from upwell.records.tables.published import Layout, Line, Published, published_sheet
from upwell.records.tables.sheet import of_columns


@dataclass(frozen=True, repr=False)
class Attacked:
    """What anybody can work out of a printed table. bounds: withheld cell -> least and greatest possible count.

    how: withheld cell that follows -> the sentences that prove it. said: what was taken for granted.
    """

    bounds: Mapping[str, tuple[int, int]]
    how: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    said: tuple[str, ...] = ()

    @property
    def exact(self) -> tuple[tuple[str, int], ...]:
        """Withheld cells whose count follows from what is shown, with that count."""
        return tuple((name, low) for name, (low, high) in self.bounds.items() if low == high)

    def __repr__(self) -> str:
        """The verdict, without the counts."""
        verdict = (
            f"NOT PROTECTED: {len(self.exact)} withheld counts follow" if self.exact else "no withheld count follows"
        )
        return f"Attacked({verdict} from what is shown, of {len(self.bounds)})"


def attack_tables(
    table: Table | Given,
    *,
    width: int = 3,
    seed: int = 1,
    layout: Layout | None = None,
    zeros_shown: bool | None = None,
    absent: str = "",
) -> Attacked:
    """What anybody can work out of a printed table, ours or others'.

    table: two-way as lists, the last row and the last column totals, None withheld; or long, as a mapping of columns or
    anything with named columns, with totals as named values and marks ("*", "<11", None) where counts are withheld.
    width: intervals at least this wide are not measured to their ends. layout, zeros_shown, absent: how a long table is
    to be read, as the options of `upwell attack`. Raises EvidenceError when the shown counts contradict each other.

    >>> seen = {"county": ["North", "South", "Total"], "persons": ["<11", "40", "47"]}
    >>> attack_tables(seen).how["North"]
    ('North is 7: 47 (everybody) less 40 (South).',)
    """
    if isinstance(table, Mapping | Relation | Frame):
        read = published_sheet(of_columns(columns_of(table), "The table"), layout or Layout())
        seen = outside([read], zeros_shown=zeros_shown, absent=absent)
        return _attacked(seen, [cell.words for cell in seen.cells], width, seed)
    seen, names = _two_way(table)
    return _attacked(seen, names, width, seed)


def _two_way(table: Table) -> tuple[Outside, list[str]]:
    shown = rectangle([[-1 if each is None else each for each in row] for row in table])
    rows, columns = shown.shape[0] - 1, shown.shape[1] - 1
    if rows < 1 or columns < 1:
        raise EvidenceError("A table has at least one row and one column, and their totals.")
    lines, names = [], []
    for (row, column), persons in np.ndenumerate(shown):
        values = (
            None if row == rows else f"row {row + 1}",
            None if column == columns else f"column {column + 1}",
        )
        lines.append(Line(values, Printed(int(persons), mark="" if persons >= 0 else "withheld"), "the table"))
        names.append(name_of(row, column, (rows, columns)))
    return outside([Published("the table", ("row", "column"), tuple(lines))]), names


def _attacked(seen: Outside, names: Sequence[str], width: int, seed: int) -> Attacked:
    try:
        report = attack(seen.public, width=width, seed=seed, floor=seen.floor, ceiling=seen.ceiling)
    except ValueError:
        raise EvidenceError("The shown counts of this table do not add up.") from None
    hidden = np.flatnonzero(seen.public.shown < 0).tolist()
    ends = dict(zip(hidden, zip(report.low.tolist(), report.high.tolist(), strict=True), strict=True))
    found = {cell: low for cell, (low, high) in ends.items() if low == high}
    proved = explain(seen.public, found, floor=seen.floor, ceiling=seen.ceiling, shares=seen.shares) if found else ()
    return Attacked(
        {names[cell]: each for cell, each in ends.items()},
        {names[each.cell]: sentences(each, seen) for each in proved},
        seen.said,
    )
