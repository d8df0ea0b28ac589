"""Amounts: sums of dollars or nights, where a few contributors can be told from the sum of many.

A sum is protected when too few people contribute to it, or when those who contribute much can be told by it too well:
by the p % rule (the second largest contributor takes her own part off and knows the largest one's to within p %) or by
(n, k) dominance (the n largest make up more than k %). Source of both rules: Hundepool et al., Statistical Disclosure
Control (2012), chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.disclosure.draft import Cell, Crowd
from upwell.evidence.disclosure.protection import Protection
from upwell.evidence.errors import EvidenceError

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

USUAL_PERCENT = 10.0
"""Percent of the largest contribution that a hidden sum keeps open where the protection names no p: usual practice."""


@dataclass(frozen=True)
class Contributions:
    """Who makes up the sums of some cells. persons: contributors with more than nothing, each once, shape (cells,).

    total: shape (cells,). top: the largest contributions of one person each, largest first, shape (cells, at least 2).
    """

    persons: Counts
    total: Counts
    top: Counts


def contributions(crowd: Crowd, cells: Sequence[Cell], most: int, memory: dict[bytes, Counts]) -> Contributions:
    """Contributions to each cell, looked at person by person. most: how many of the largest are kept.

    memory: cells looked at before. Raises EvidenceError for an amount below zero.
    """
    if crowd.amounts is None or (len(crowd.amounts) and crowd.amounts.min() < 0):
        raise EvidenceError("An amount is below zero. Protect what was given and what was taken back as two amounts.")
    most = max(2, most)
    people = _People(crowd)
    found = []
    for cell in cells:
        key = f"contributions|{crowd.name}|{most}|{cell.outside}|{cell.where}|{cell.outcomes}".encode()
        if key not in memory:
            memory[key] = people.largest(cell, most)
        found.append(memory[key])
    whole = np.array(found, dtype=np.int64).reshape(-1, most + 2)
    return Contributions(whole[:, 0], whole[:, 1], whole[:, 2:])


def dominated(each: Contributions, protection: Protection) -> Mask:
    """Cells whose large contributors can be told too closely, by the rules that the protection names."""
    told = np.zeros(len(each.persons), dtype=bool)
    if protection.p_percent is not None:
        rest = each.total - each.top[:, 0] - each.top[:, 1]
        told |= 100.0 * rest < protection.p_percent * each.top[:, 0]
    if protection.dominance is not None:
        n, k = protection.dominance
        told |= 100.0 * each.top[:, :n].sum(axis=1) > k * each.total
    return np.asarray(told & (each.persons > 0))


def kept_open(each: Contributions, protection: Protection, width: int) -> Counts:
    """How far apart each sum's least and greatest value stay: p % of its largest contribution, at least `width`."""
    percent = USUAL_PERCENT if protection.p_percent is None else protection.p_percent
    return np.asarray(np.maximum(width, np.ceil(percent * each.top[:, 0] / 100.0)), dtype=np.int64)


def contributors_kept(protection: Protection) -> int:
    """How many of the largest contributors the rules look at."""
    return 2 if protection.dominance is None else max(2, protection.dominance[0])


class _People:
    """A crowd's rows with those of one person beside each other."""

    def __init__(self, crowd: Crowd) -> None:
        rows = np.arange(len(crowd.outcome)) if crowd.people is None else np.argsort(crowd.people, kind="stable")
        self._amounts = np.asarray(crowd.amounts, dtype=np.int64)[rows]
        self._people = None if crowd.people is None else crowd.people[rows]
        self._outcome = crowd.outcome[rows]
        self._codes = {name: codes[rows] for name, codes in crowd.codes.items()}
        self._known: dict[tuple[str, tuple[int, ...]], Mask] = {}

    def largest(self, cell: Cell, most: int) -> Counts:
        """Contributors to a cell, their sum, and the `most` largest of them (0 where there are fewer)."""
        inside = np.ones(len(self._outcome), dtype=bool)
        for name, values in cell.where:
            inside &= self._in(name, values)
        rows = np.flatnonzero((~inside if cell.outside else inside) & self._in("", cell.outcomes))
        each = self._amounts[rows]
        if self._people is not None and len(rows):
            each = np.add.reduceat(each, np.flatnonzero(np.diff(self._people[rows], prepend=self._people[rows[0]] - 1)))
        each = each[each > 0]
        found = np.zeros(most + 2, dtype=np.int64)
        top = np.sort(np.partition(each, len(each) - most)[-most:] if len(each) > most else each)[::-1]
        found[0], found[1], found[2 : 2 + len(top)] = len(each), each.sum(), top
        return found

    def _in(self, name: str, values: tuple[int, ...]) -> Mask:
        if (name, values) not in self._known:
            self._known[name, values] = np.isin(self._codes[name] if name else self._outcome, values)
        return self._known[name, values]
