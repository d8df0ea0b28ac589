"""Joint tables that hold all small tables: one addition a person then serves several of them.

A table of six attributes with few values holds the twenty tables of any three of them. While it stays in the fast
caches, one addition there costs as much as one in a small table; the small tables are its sums.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, permutations
from math import prod

import numpy as np

Sets = tuple[tuple[int, ...], ...]


@lru_cache(maxsize=64)
def covering(sizes: tuple[int, ...], triples: Sets, most: int) -> Sets:
    """Sets of attributes whose joint tables hold every wanted triple (or pair), of at most `most` cells if it can be.

    A triple that is larger by itself stands alone. Greedy: the largest triple not yet held takes in the attribute that
    brings most others, the smaller one of equals. Same arguments, same sets, each in the order of rising size.
    """
    if triples and len(triples[0]) == 2:  # a third attribute of one value makes triples of them
        idle = len(sizes)
        sets = covering((*sizes, 1), tuple((*pair, idle) for pair in triples), most)
        return tuple(tuple(j for j in each if j != idle) for each in sets)
    wanted = np.zeros((len(sizes),) * 3, dtype=np.bool_)
    for triple in triples:
        for order in permutations(triple):
            wanted[order] = True
    found = []
    for triple in sorted(triples, key=lambda t: (-prod(sizes[j] for j in t), t)):
        if wanted[triple]:
            grown = _grown(list(triple), np.array(sizes, dtype=np.int64), wanted, most)
            wanted[np.ix_(grown, grown, grown)] = False
            found.append(tuple(sorted(grown, key=lambda j: (sizes[j], j))))
    return tuple(found)


def _grown(chosen: list[int], sizes: np.ndarray, wanted: np.ndarray, most: int) -> list[int]:
    cells = int(sizes[chosen].prod())
    while True:
        brings = wanted[np.ix_(chosen, chosen)].sum(axis=(0, 1))
        brings[chosen] = 0
        brings[cells * sizes > most] = 0
        if not brings.any():
            return chosen
        best = int(np.lexsort((np.arange(len(sizes)), sizes, -brings))[0])
        chosen.append(best)
        cells *= int(sizes[best])


def holders(sets: Sets, triples: Sets) -> tuple[int, ...]:
    """For each triple the number of the first set that holds it."""
    found: dict[tuple[int, ...], int] = {}
    width = len(triples[0]) if triples else 3
    for number, each in enumerate(sets):
        for triple in combinations(sorted(each), width):
            found.setdefault(triple, number)
    return tuple(found[triple] for triple in triples)
