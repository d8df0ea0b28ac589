"""The compiled way to fill tables. Imported late: numba alone costs most of a second."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.kernel import compile_cached

BLOCK = 4096  # persons a block: their codes stay in the first-level cache while all tables take them


class Layout(NamedTuple):
    """Where each table's cells lie."""

    triples: NDArray[np.int64]
    sizes: NDArray[np.int64]
    offsets: NDArray[np.int64]


@compile_cached
def _fill(codes, weights, layout, out):  # type: ignore[no-untyped-def] # numba infers the types
    triples, sizes, offsets = layout.triples, layout.sizes, layout.offsets
    persons = codes.shape[1]
    for begin in range(0, persons, BLOCK):
        end = min(begin + BLOCK, persons)
        for t in range(triples.shape[0]):
            first, second, third = codes[triples[t, 0]], codes[triples[t, 1]], codes[triples[t, 2]]
            size_second, size_third = sizes[triples[t, 1]], sizes[triples[t, 2]]
            table = out[offsets[t] : offsets[t + 1]]
            for i in range(begin, end):
                table[(first[i] * size_second + second[i]) * size_third + third[i]] += weights[i]


def fill(
    codes: NDArray[np.uint8], weights: NDArray[np.int64], triples: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Sums of weights in every cell of every table; see `engine.fill.fill`."""
    offsets = np.concatenate(([0], np.cumsum(sizes[triples].prod(axis=1)))).astype(np.int64)
    out = np.zeros(int(offsets[-1]), dtype=np.int64)
    _fill(codes, weights, Layout(triples, sizes, offsets), out)
    return out
