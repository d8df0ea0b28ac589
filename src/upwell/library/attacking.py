"""Attack a printed table, ours or others'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from upwell.evidence.disclosure import attack as attacker
from upwell.evidence.errors import EvidenceError
from upwell.library.table import Table, name_of, rectangle


@dataclass(frozen=True, repr=False)
class Attacked:
    """What anybody can work out of a printed table. bounds: withheld cell -> least and greatest possible count."""

    bounds: Mapping[str, tuple[int, int]]

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


def attack_tables(table: Table, *, width: int = 3, seed: int = 1) -> Attacked:
    """What anybody can work out of a printed two-way table with totals, ours or others'.

    table: the last row and the last column are totals; None is withheld. width: intervals at least this wide are not
    measured to their ends. Raises EvidenceError when the shown counts contradict each other.
    """
    shown = rectangle([[-1 if each is None else each for each in row] for row in table])
    rows, columns = shown.shape[0] - 1, shown.shape[1] - 1
    if rows < 1 or columns < 1:
        raise EvidenceError("A table has at least one row and one column, and their totals.")
    names = tuple(name_of(row, column, (rows, columns)) for row in range(rows + 1) for column in range(columns + 1))
    unknowns = np.arange(rows * columns).reshape(rows, columns)
    parts = sparse.lil_matrix((len(names), rows * columns))
    for number in range(len(names)):
        row, column = divmod(number, columns + 1)
        inside = unknowns[slice(None) if row == rows else row, slice(None) if column == columns else column]
        parts[number, np.ravel(inside)] = 1
    nothing = sparse.csr_matrix((0, rows * columns)), np.empty(0, dtype=np.int64)
    public = attacker.Public(names, shown.ravel(), parts.tocsr(), *nothing)
    try:
        report = attacker.attack(public, width=width, seed=seed)
    except ValueError:
        raise EvidenceError("The shown counts of this table do not add up.") from None
    ends = zip(report.names, report.low.tolist(), report.high.tolist(), strict=True)
    return Attacked({name: (low, high) for name, low, high in ends})
