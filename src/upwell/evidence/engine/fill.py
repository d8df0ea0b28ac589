"""Fill low-order tables of events and expectation in one pass over the persons.

Two ways give equal tables: plain NumPy, the reference, and a compiled kernel for many persons.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MANY = 2_000
"""Persons from which the compiled kernels pay for being loaded (about 0.8 CPU seconds, once a run)."""

EVENT_BIT = 40
"""Bits below an event in a packed weight; they hold the sum of expectations in whole units."""


def unit_bits(persons: int) -> int:
    """Binary digits kept of an expectation, so that the sum over all persons stays below one event's bit."""
    return min(30, EVENT_BIT - int(persons).bit_length())


def pack(yes: NDArray[np.bool_], expected: NDArray[np.float64]) -> NDArray[np.int64]:
    """One weight a person that carries the event and the expectation through a single addition.

    expected: 0..1. Error: of an expectation, at most 2**-(unit_bits + 1); events are exact up to 2**23 of them.
    """
    units = np.rint(expected * float(1 << unit_bits(len(yes)))).astype(np.int64)
    return units + (yes.astype(np.int64) << EVENT_BIT)


def unpack(table: NDArray[np.int64], persons: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Events and expectation of each cell of a packed table, both in persons."""
    events = (table >> EVENT_BIT).astype(np.float64)
    expected = (table & ((1 << EVENT_BIT) - 1)).astype(np.float64) / float(1 << unit_bits(persons))
    return events, expected


def fill(
    codes: NDArray[np.uint8], weights: NDArray[np.int64], triples: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Sums of weights in every cell of every table, one table after the other, last attribute fastest.

    codes: shape (attributes, persons), each below its size. triples: shape (tables, 3), attribute numbers.
    """
    if codes.shape[1] > MANY:
        from upwell.evidence.engine import compiled  # noqa: PLC0415 - numba is slow to import

        filled: NDArray[np.int64] = compiled.fill(codes, weights, triples, sizes)
        return filled
    return fill_plain(codes, weights, triples, sizes)


def fill_plain(
    codes: NDArray[np.uint8], weights: NDArray[np.int64], triples: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """As `fill`, in NumPy alone."""
    # bincount adds floats, exact only below 2**53: events and units are therefore added apart.
    events, units = weights >> EVENT_BIT, weights & ((1 << EVENT_BIT) - 1)
    tables = []
    for first, second, third in triples:
        cell = (codes[first].astype(np.int64) * sizes[second] + codes[second]) * sizes[third] + codes[third]
        cells = int(sizes[first] * sizes[second] * sizes[third])
        above = np.bincount(cell, weights=events, minlength=cells).astype(np.int64)
        below = np.bincount(cell, weights=units, minlength=cells).astype(np.int64)
        tables.append((above << EVENT_BIT) + below)
    return np.concatenate(tables) if tables else np.zeros(0, dtype=np.int64)
