"""Which columns of a sheet lie within which, as its rows tell, whether or not both are asked for.

Two requests on one sheet, by county and then by tract, are read together by whoever knows the map. So columns that
hang together are told in one axis whichever of them are asked for: the finest of them, or all combinations of several
finest ones. A cell of any former request is then a sum of the same codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.records.tables.trees import parents

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class Columns:
    """Coded columns: the values of each, and their number in each row."""

    values: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Codes]

    def lies_within(self, narrow: str, wide: str) -> bool:
        """Whether each value of a column stands with one value only of another that has several."""
        return len(self.values[wide]) > 1 and self._tells(narrow, wide)

    def _tells(self, narrow: str, wide: str) -> bool:
        sizes = (len(self.values[narrow]), len(self.values[wide]))
        return sizes[0] >= sizes[1] and not isinstance(parents(self.codes[narrow], self.codes[wide], sizes), int)

    def finest(self, names: Sequence[str]) -> tuple[str, ...]:
        """Columns that no other of them lies within; of those that tell the same, the first by name."""
        kept = []
        for name in sorted(names):
            finer = [each for each in names if each != name and self._tells(each, name)]
            if not any(not self._tells(name, each) or each in kept for each in finer):
                kept.append(name)
        return tuple(kept)


def joined(
    groups: Sequence[Sequence[str]], beside: Sequence[str], columns: Columns
) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """Each group of columns asked for with the further ones that hang together with it; and the loose ones.

    A column is loose when it lies within columns of several groups: it tells of both at once, and no axis can hold it.
    """
    found = [list(group) for group in groups]
    left = list(beside)
    loose: list[str] = []
    while True:
        homes = {name: [at for at, group in enumerate(found) if _touches(name, group, columns)] for name in left}
        near = next((name for name in left if homes[name]), None)
        if near is None:
            return [tuple(group) for group in found], tuple(sorted(loose))
        left.remove(near)
        inside = [at for at in homes[near] if any(columns.lies_within(near, each) for each in found[at])]
        if len(inside) > 1:
            loose.append(near)
        else:
            found[(inside or homes[near])[0]].append(near)


def _touches(name: str, group: Sequence[str], columns: Columns) -> bool:
    return any(columns.lies_within(name, each) or columns.lies_within(each, name) for each in group)
