"""What the marks themselves tell: zeros that are always printed, everybody in a group, nobody in a group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts, readers
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.draft import Cell

FULL = protection.load("full", readers.DAY)


def column(counts, **more):
    crowd = readers.cross("c", np.array(counts), ("a",), **more)
    return crowd, readers.draft_of(crowd, [readers.table(crowd, "t1", readers.lattice(crowd, ("a",)))])


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 4), st.lists(st.integers(11, 90), min_size=2, max_size=4))
def test_zeros_that_are_always_printed_make_every_hidden_count_at_least_one(ones, others):
    # So many hidden counts add up to their number: each is 1. A reader who may suspect a zero cannot say so.
    crowd, draft = column([*[1] * ones, *others, 0])
    cells = readers.wanted(draft, "c")

    naive = readers.small_hidden(crowd, cells)
    with_floor = readers.worked_out(crowd, cells, naive, floor=1)
    without = readers.worked_out(crowd, cells, naive)
    printed, _, _ = readers.gated(draft)

    assert len(readers.exact(with_floor)) == ones
    assert not readers.exact(without)
    assert printed.shown
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


def test_a_hidden_zero_stands_among_the_hidden_counts_of_a_release():
    # Whoever takes each withheld count for at least one is wrong about some: the mark says 0 to 10.
    wrong = 0
    for few in range(1, 11):
        crowd, draft = column([few, 0, 60, 70])
        printed, _, _ = readers.gated(draft)
        true = readers.truth(crowd, readers.wanted(draft, "c"))
        wrong += any(true[cell] == 0 for cell in true if cell not in printed.shown)

    assert wrong


@pytest.mark.parametrize("everybody", [(70, 0), (0, 70)])
def test_all_or_nobody_of_a_sensitive_group_tells_of_each_one(everybody):
    counts = [(40, 60), everybody, (50, 30)]
    plain, sensitive = readers.asked("c", counts), readers.asked("c", counts, sensitive=("a",))
    none = Cell("c", (("a", (1,)),), (0,) if everybody[0] else (1,))
    found = []
    for crowd in (plain, sensitive):
        draft = drafts.draft_of(
            [crowd], [drafts.headline(crowd, (1,), "t1", "q"), drafts.by_table(crowd, "a", (1,), "t2", "q")]
        )
        printed, _, _ = readers.gated(draft)
        found.append((printed, readers.worked_out(crowd, readers.wanted(draft, "c"), printed)))

    (naive, _), (printed, told) = found
    low, high = told[none]

    assert naive.shown[none] == 0  # the group is not called sensitive: 70 of 70 is printed
    assert high - low >= readers.WIDTH


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10), st.lists(st.integers(30, 90), min_size=3, max_size=5))
def test_full_protection_leaves_every_value_from_0_to_10_to_each_hidden_count(few, others):
    crowd, draft = column([few, *others])
    cells = readers.wanted(draft, "c")
    small = Cell("c", (("a", (0,)),), (0,))

    naive = readers.worked_out(crowd, cells, readers.small_hidden(crowd, cells))
    printed, _, _ = readers.gated(draft, FULL)
    low, high = readers.worked_out(crowd, cells, printed)[small]

    assert few == 0 or naive[small] == (few, few)
    assert printed.shown
    assert high - low >= 3  # the auditor measures no farther than it is asked
    assert low <= few <= high
