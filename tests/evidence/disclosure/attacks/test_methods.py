"""Two methods on the same cells: exact totals take the noise off their parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factories import readers
from factories.readers import Between, Printed
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.errors import RefusedError


def test_exact_totals_take_the_noise_off_their_parts_so_one_method_is_kept():
    # Counts moved by at most 2 (a cell key), and their exact total: both moves were the greatest there are.
    crowd = readers.cross("c", np.array([5, 12]), ("a",))
    parts = [Cell("c", (("a", (at,)),), (0,)) for at in range(2)]
    noisy = [Between({cell: 1}, n, n + 4) for cell, n in zip(parts, (5, 12), strict=True)]
    naive = readers.worked_out(crowd, parts, Printed({Cell("c", (), (0,)): 17}, noisy))
    alone = readers.worked_out(crowd, parts, Printed({}, noisy))

    _, entry, _ = readers.gated(large())
    by_key = replace(entry, method="cell-key")

    assert not readers.exact(alone)
    assert readers.exact(naive) == set(parts)
    with pytest.raises(RefusedError, match="another method"):
        readers.gated(large(), earlier=[by_key])


def large():
    crowd = readers.cross("c", np.array([50, 40, 60]), ("a",))
    return readers.draft_of(crowd, [readers.table(crowd, "t1", readers.lattice(crowd, ("a",)))])
