"""Within a pattern: which hidden cells move together, which cannot move at all, and which proofs hang on a cell.

Shown cells do not move, so most rows of a net shrink to "this one is still" or "these two move together". What is left
is a small programme, asked again and again from where it stood last.
"""

from __future__ import annotations

import highspy
import numpy as np

from upwell.evidence.disclosure.suppression.flow import OPTIONS, pass_programme, solver_with
from upwell.evidence.disclosure.suppression.net import Counts, Net, Numbers
from upwell.evidence.disclosure.suppression.witnesses import Mask

PRIMAL = 4
FAR = 1_000.0
"""Persons that no hidden cell moves beyond: far more than any proof asks."""


class Inside:
    """The moves of a net that keep everything but the hidden cells.

    group: for each node the number of those that move together with it, -1 where it is still. sign: its direction.
    """

    def __init__(self, net: Net, hidden: Mask) -> None:
        self.net = net
        tied = _Ties(net, np.concatenate([hidden, np.ones(len(net.persons) - net.cells, dtype=bool)]))
        self.group, self.sign = tied.groups()
        self.groups = int(self.group.max(initial=-1)) + 1
        self.solved = self.work = 0
        self._solver = self._programme(tied)

    def together(self, node: int) -> Counts:
        """Nodes that are still as soon as this one is."""
        return np.flatnonzero(self.group == self.group[node]) if self.group[node] >= 0 else np.array([node])

    def close(self, node: int) -> None:
        """Keep a node, and all that moves with it, as it is from now on."""
        if self.group[node] >= 0:
            self.least[self.group[node]] = self.most[self.group[node]] = 0.0

    def farthest(self, still: int, reward: Numbers, far: tuple[Numbers, Numbers]) -> Numbers | None:
        """The move that earns most while one node is still. reward: per person gained at each node.

        far: persons down (0 or less) and up, the farthest that each node may move. None when the solver gave up.
        """
        moving = np.flatnonzero((reward != 0) & (self.group >= 0))
        group, sign = self.group[moving], self.sign[moving]
        cost = np.zeros(self.groups)
        np.subtract.at(cost, group, sign * reward[moving])
        least, most = self.least.copy(), self.most.copy()
        low = np.where(sign > 0, far[0][moving], -far[1][moving])
        high = np.where(sign > 0, far[1][moving], -far[0][moving])
        np.maximum.at(least, group, low)
        np.minimum.at(most, group, high)
        if self.group[still] >= 0:
            least[self.group[still]] = most[self.group[still]] = 0.0
        every = np.arange(self.groups, dtype=np.int32)
        self._solver.changeColsBounds(self.groups, every, least, most)
        self._solver.changeColsCost(self.groups, every, cost)
        self._solver.run()
        self.solved += 1
        self.work += self.groups
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()
            return None
        moved = np.asarray(self._solver.getSolution().col_value)
        return np.where(self.group >= 0, self.sign * moved[self.group], 0.0)

    def _programme(self, tied: _Ties) -> highspy.Highs:
        self.least, self.most = np.full(self.groups, -FAR), np.full(self.groups, FAR)
        on = self.group >= 0
        group, sign, persons = self.group[on], self.sign[on], self.net.persons[on].astype(np.float64)
        np.maximum.at(self.least, group, np.where(sign > 0, -persons, -FAR))
        np.minimum.at(self.most, group, np.where(sign > 0, FAR, persons))
        rows = [row for row in tied.rows.values() if row]
        numbers = {name: at for at, name in enumerate(tied.names())}
        entries = [(numbers[name], at, weight) for at, row in enumerate(rows) for name, weight in row.items()]
        entries.sort()
        column = np.array([each[0] for each in entries], dtype=np.int64)
        kept = np.array([number for number, row in tied.rows.items() if row], dtype=np.int64)
        solver = solver_with(OPTIONS | {"simplex_strategy": PRIMAL})
        pass_programme(
            solver,
            cost=np.zeros(self.groups),
            lower=self.least,
            upper=self.most,
            rows=(self.net.least[kept], self.net.most[kept]),
            start=np.searchsorted(column, np.arange(self.groups + 1)),
            index=np.array([each[1] for each in entries], dtype=np.int64),
            value=np.array([each[2] for each in entries], dtype=np.float64),
        )
        return solver


class _Ties:
    """Nodes joined as the rows say: signed groups, and what is left of the rows over them."""

    def __init__(self, net: Net, loose: Mask) -> None:
        rows = net.rows[:, np.flatnonzero(loose)].tocsr()
        names = np.flatnonzero(loose).tolist()
        self._exact = (net.least == 0) & (net.most == 0)
        self._head = {name: (name, 1) for name in names}
        self._members = {name: [name] for name in names}
        self._at: dict[int, set[int]] = {name: set() for name in names}
        self.rows: dict[int, dict[int, float]] = {}
        self._nodes = len(loose)
        for at in range(rows.shape[0]):
            part = slice(rows.indptr[at], rows.indptr[at + 1])
            row = {names[place]: weight for place, weight in
                   zip(rows.indices[part].tolist(), rows.data[part].tolist(), strict=True)}  # fmt: skip
            if row:
                self.rows[at] = row
                for name in row:
                    self._at[name].add(at)
        self._shrink()

    def _shrink(self) -> None:
        waiting = [at for at, row in self.rows.items() if len(row) < 3]
        while waiting:
            at = waiting.pop()
            row = self.rows.get(at)
            if row is None or not self._exact[at]:
                continue
            if len(row) == 1:
                waiting += self._still(next(iter(row)))
            elif len(row) == 2 and abs(sum(map(abs, row.values())) - 2 * abs(next(iter(row.values())))) < 0.5:
                waiting += self._join(*row.items())
            if not self.rows.get(at, True):
                del self.rows[at]

    def _still(self, name: int) -> list[int]:
        """Nothing of this group moves. Gives the rows that became shorter."""
        touched = sorted(self._at.pop(name))
        for at in touched:
            del self.rows[at][name]
        del self._members[name]
        return touched

    def _join(self, kept: tuple[int, float], gone: tuple[int, float]) -> list[int]:
        """One group takes the other in, with the direction that their row says. Gives the rows that changed."""
        if len(self._at[kept[0]]) < len(self._at[gone[0]]):
            kept, gone = gone, kept
        (name, weight), (other, against) = kept, gone
        sign = -1 if weight * against > 0 else 1
        for member in self._members.pop(other):
            self._head[member] = (name, sign * self._head[member][1])
            self._members[name].append(member)
        touched = sorted(self._at.pop(other))
        for at in touched:
            row = self.rows[at]
            new = row.get(name, 0.0) + sign * row.pop(other)
            if new:
                row[name] = new
                self._at[name].add(at)
            else:
                row.pop(name, None)
                self._at[name].discard(at)
        return touched

    def names(self) -> list[int]:
        """The groups that may move, by the node they are called after."""
        return sorted(self._members)

    def groups(self) -> tuple[Counts, Counts]:
        """For each node the number of its group (-1: still) and its direction."""
        group, sign = np.full(self._nodes, -1, dtype=np.int64), np.ones(self._nodes, dtype=np.int64)
        for number, name in enumerate(self.names()):
            for member in self._members[name]:
                group[member], sign[member] = number, self._head[member][1]
        return group, sign
