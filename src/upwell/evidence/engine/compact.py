"""Number an attribute's codes again: only values that occur, at most 64 of them, unknown behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upwell.evidence.engine.coding import MOST_VALUES, Coding, unlike

AT_ONCE = 1 << 20  # codes a step, so that no second array of their size is made


@dataclass(frozen=True)
class Compact:
    """values: words by code; recoded: uint8, shape (256,), the new code of each code read. said: of folding, or ""."""

    values: tuple[str, ...]
    recoded: NDArray[np.uint8]
    said: str


def compact(read: Coding, rows: NDArray[np.int64]) -> Compact:
    """How the codes of an attribute are numbered again. rows: shape (256,), how many have each code."""
    held = {code: words for code, words in enumerate(read.values) if rows[code]}
    order = sorted(held, key=lambda code: (code == 0 and read.folded, code))
    kept, folded = order, []
    if len(order) > MOST_VALUES:
        common = set(sorted(order, key=lambda code: (-rows[code], code))[: MOST_VALUES - 1])
        kept, folded = [c for c in order if c in common], [c for c in order if c not in common]
    values = [held[code] for code in kept]
    said = read.said
    recoded = np.full(256, len(values) + bool(folded), dtype=np.uint8)
    recoded[kept] = np.arange(len(kept))
    if folded:
        values.append(unlike("other", values))
        said = f"{read.name!r} has more than {MOST_VALUES} values: all but the {len(kept)} most frequent are told " + (
            f'as "{values[-1]}".'
        )
        recoded[folded] = len(values) - 1
    return Compact(tuple(values), recoded, said)


def recode(codes: NDArray[np.uint8], recoded: NDArray[np.uint8]) -> None:
    """Give codes their new numbers, in place."""
    for begin in range(0, len(codes), AT_ONCE):
        part = codes[begin : begin + AT_ONCE]
        part[:] = recoded[part]


def stays(recoded: NDArray[np.uint8], rows: NDArray[np.int64]) -> bool:
    """Whether every code that occurs keeps its number."""
    return bool((recoded == np.arange(256))[rows > 0].all())
