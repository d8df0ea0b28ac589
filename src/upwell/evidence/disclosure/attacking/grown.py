"""Grown: releases of one population over time as one system: who was counted then is counted still, others have come.

Each unknown is split by the release at which people joined. That nobody has left is an outsider's guess; where it
contradicts what is printed, the releases are attacked each by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy import sparse

from upwell.evidence.disclosure.attacking.attack import Public
from upwell.evidence.disclosure.attacking.outside import Outside


def grown(seen: Outside, moment: Mapping[str, int]) -> Outside:
    """The same counts over people and newcomers. moment: table name -> 0, 1, 2 ... in the order of time."""
    times = max(moment.values(), default=0) + 1
    if times == 1:
        return seen
    public = seen.public
    at = np.array([moment[cell.table] for cell in seen.cells], dtype=np.int64)
    bands = np.array([moment[name] for name in seen.band_tables], dtype=np.int64)
    ties = sparse.block_diag([public.ties] * times, format="csr")
    told = Public(
        public.names,
        public.shown,
        _so_far(public.parts, at, times),
        ties.astype(np.int64),
        np.zeros(ties.shape[0], dtype=np.int64),
        _so_far(public.bands, bands, times),
        public.least,
        public.most,
    )
    return replace(seen, public=told)


def _so_far(rows: sparse.csr_matrix, at: np.ndarray[tuple[int], np.dtype[np.int64]], times: int) -> sparse.csr_matrix:
    """Rows over the people of the first release and the newcomers until each row's own."""
    layers = [rows.multiply((at >= layer).astype(np.int64)[:, None]) for layer in range(times)]
    return sparse.hstack(layers).tocsr().astype(np.int64)
