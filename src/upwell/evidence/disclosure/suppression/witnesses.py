"""The pool of witnesses of one search: every circuit found so far, and what they prove of a pattern."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from upwell.evidence.disclosure.suppression.net import Circuit, Counts, Net

Mask = NDArray[np.bool_]


class Pool:
    """Circuits of one net. aims: the cells (their numbers) that are to be proved."""

    def __init__(self, net: Net, aims: Counts) -> None:
        self.net, self.aims = net, aims
        self.circuits: list[Circuit] = []
        self._known: set[tuple[bytes, bytes]] = set()
        self._place = np.full(len(net.persons), -1, dtype=np.int64)
        self._place[aims] = np.arange(len(aims))
        self._moves = np.zeros((64, net.cells), dtype=bool)
        self._low = np.zeros((64, len(aims)), dtype=np.int64)
        self._high = np.zeros((64, len(aims)), dtype=np.int64)

    def add(self, circuit: Circuit) -> bool:
        """Keep a circuit; False when it is known already or cannot be made even once."""
        turned = -1 if circuit.gains[0] < 0 else 1
        name = (circuit.nodes.tobytes(), (turned * circuit.gains).tobytes())
        if name in self._known or circuit.forth + circuit.back == 0:
            return False
        at = len(self.circuits)
        if at == len(self._moves):
            self._moves, self._low, self._high = (
                np.concatenate([each, np.zeros_like(each)]) for each in (self._moves, self._low, self._high)
            )
        self._known.add(name)
        self.circuits.append(circuit)
        self._moves[at, circuit.nodes[circuit.nodes < self.net.cells]] = True
        places, low, high = self.reach(circuit)
        self._low[at, places], self._high[at, places] = low, high
        return True

    def reach(self, circuit: Circuit) -> tuple[Counts, Counts, Counts]:
        """The aims that a circuit moves (their places among the aims), and how far down (0 or less) and up."""
        places = self._place[circuit.nodes]
        forth, back = circuit.forth * circuit.gains, -circuit.back * circuit.gains
        aimed = places >= 0
        return places[aimed], np.minimum(forth, back)[aimed], np.maximum(forth, back)[aimed]

    def valid(self, hidden: Mask) -> Counts:
        """Numbers of the circuits that move no shown cell."""
        return np.flatnonzero(~self._moves[: len(self.circuits), ~hidden].any(axis=1))

    def bounds(self, hidden: Mask) -> tuple[Counts, Counts]:
        """How far down (0 or less) and up each aim is known to go when only these cells are hidden; persons."""
        valid = self.valid(hidden)
        return self._low[valid].min(axis=0, initial=0), self._high[valid].max(axis=0, initial=0)

    def proofs(self, hidden: Mask) -> tuple[sparse.csr_matrix, Counts, Counts]:
        """The witnesses that prove most of each aim: moves of leaves, shape (witnesses, leaves), the first of nobody.

        Also for each cell the number of the witness that has it least, and most; 0 for cells that are no aim.
        """
        valid = self.valid(hidden)
        rows: dict[tuple[int, int], int] = {}
        lowest, highest = np.zeros(self.net.cells, dtype=np.int64), np.zeros(self.net.cells, dtype=np.int64)
        for reached, number, best in ((self._low, lowest, np.argmin), (self._high, highest, np.argmax)):
            if not len(valid):
                break
            for place, at in enumerate(valid[best(reached[valid], axis=0)].tolist()):
                far = int(reached[at, place])
                if far:
                    circuit, cell = self.circuits[at], int(self.aims[place])
                    gain = int(circuit.gains[circuit.nodes == cell][0])
                    number[cell] = rows.setdefault((at, far // gain), len(rows) + 1)
        return self._tables(list(rows)), lowest, highest

    def _tables(self, rows: list[tuple[int, int]]) -> sparse.csr_matrix:
        """Each circuit made so many times, as a move of leaves, below a row of nobody."""
        nodes = len(self.net.persons)
        pointer = np.cumsum([0, 0, *(len(self.circuits[at].nodes) for at, _ in rows)])
        blank = np.empty(0, dtype=np.int64)
        where = np.concatenate([blank, *(self.circuits[at].nodes for at, _ in rows)])
        gains = np.concatenate([blank, *(times * self.circuits[at].gains for at, times in rows)])
        moves = sparse.csr_matrix((gains, where, pointer), shape=(len(rows) + 1, nodes), dtype=np.int64)
        return moves.tocsc()[:, self.net.leaf].tocsr()
