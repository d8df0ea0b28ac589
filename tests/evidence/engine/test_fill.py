from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from upwell.evidence.engine import compiled, fill


def _made(seed: int, persons: int):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 9, 5).astype(np.int64)
    codes = np.stack([rng.integers(0, size, persons) for size in sizes]).astype(np.uint8)
    triples = np.array([(0, 1, 2), (0, 3, 4), (2, 3, 4)], dtype=np.int64)
    return codes, rng.random(persons) < 0.3, rng.random(persons), triples, sizes


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9000))
def test_the_compiled_tables_equal_the_plain_ones(seed, persons):
    codes, yes, expected, triples, sizes = _made(seed, persons)
    weights = fill.pack(yes, expected)

    quick = compiled.fill(codes, weights, triples, sizes)

    assert np.array_equal(quick, fill.fill_plain(codes, weights, triples, sizes))


def test_every_table_adds_up_to_all_events_and_all_expectation():
    codes, yes, expected, triples, sizes = _made(7, 3000)

    tables = fill.fill_plain(codes, fill.pack(yes, expected), triples, sizes)
    first = tables[: int(sizes[:3].prod())]
    events, told = fill.unpack(first, 3000)

    assert events.sum() == yes.sum()
    assert abs(told.sum() - expected.sum()) < 1e-4


def test_a_cell_holds_exactly_its_own_people():
    codes, yes, expected, triples, sizes = _made(8, 500)

    tables = fill.fill_plain(codes, fill.pack(yes, expected), triples, sizes)
    events, told = fill.unpack(tables, 500)
    inside = (codes[0] == 1) & (codes[1] == 0) & (codes[2] == 1)
    cell = (1 * sizes[1] + 0) * sizes[2] + 1

    assert events[cell] == yes[inside].sum()
    assert abs(told[cell] - expected[inside].sum()) < 1e-5


def test_ten_million_expectations_stay_below_one_event():
    assert 10**7 * (1 << fill.unit_bits(10**7)) < 1 << fill.EVENT_BIT
