"""Rounding tells more than it seems to: percentages, classes on a map, counts rounded a little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts, readers
from factories.readers import Between, Printed
from upwell.evidence.disclosure.draft import Cell

GROUP = (("a", (0,)),)
PERSONS, YES = Cell("c", GROUP, (0, 1)), Cell("c", GROUP, (1,))


def with_shares(counts, decimals):
    """A headline and a table by group that asks for its shares where a count is withheld."""
    crowd = readers.asked("c", counts)
    by = replace(drafts.by_table(crowd, "a", (1,), "t2", "q"), decimals=decimals)
    return crowd, drafts.draft_of([crowd], [drafts.headline(crowd, (1,), "t1", "q"), by])


@pytest.mark.parametrize(
    ("decimals", "persons", "pinned"),
    [(0, 50, 10), (0, 200, 0), (0, 900, 0), (1, 50, 10), (1, 900, 10), (1, 5000, 0), (2, 900, 10), (2, 5000, 10)],
)
def test_a_percentage_of_a_known_number_gives_the_count_back(decimals, persons, pinned):
    # Of the counts 1 to 10: how many follow from the number of people and the rounded share alone. Of 200, halves
    # rounded up leave two values each; rounded to even they would give three counts away.
    crowd = readers.asked("c", [(5, persons - 5), (60, 60)])

    known = 0
    for few in range(1, 11):
        percent = readers.percent_of(few, persons, decimals)
        printed = Printed({PERSONS: persons}, readers.share(percent, YES, PERSONS))
        low, high = readers.worked_out(crowd, [PERSONS, YES], printed)[YES]
        known += low == high == few

    assert known == pinned


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2), st.integers(1, 10), st.sampled_from([50, 200, 900]), st.integers(15, 40))
def test_no_share_that_the_gate_prints_gives_a_count_back(decimals, few, persons, other):
    crowd, draft = with_shares([(few, persons - few), (other, 60), (other + 9, 80)], decimals)
    cells = readers.wanted(draft, "c")

    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([(0, 5, 6, 11), (0, 3, 4, 5, 6, 7, 8, 9, 10, 11)]), st.integers(20, 70))
def test_the_class_of_a_map_gives_a_count_back_where_it_holds_one_value(classes, other):
    crowd = readers.cross("c", np.array([5, other, other + 5, other + 30]), ("place",))
    places = [(("place", (code,)),) for code in range(4)]
    drawn = replace(readers.table(crowd, "t2", places), classes=classes)
    draft = readers.draft_of(crowd, [readers.table(crowd, "t1", [()]), drawn])
    cells = readers.wanted(draft, "c")
    five = Cell("c", places[0], (0,))

    naive = Printed({}, [Between({five: 1}, 5, 5)])  # the class "5 to under 6"
    printed, _, _ = readers.gated(draft)

    assert readers.worked_out(crowd, cells, naive)[five] == (5, 5)
    assert printed.shown
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 10), st.integers(12, 19), st.integers(25, 60))
def test_classes_that_add_up_to_a_printed_total_are_reckoned_with(few, some, many):
    # Classes of two places and the count of the third, with their total: the reader adds the ends.
    crowd = readers.cross("c", np.array([few, some, many]), ("place",))
    places = [(("place", (code,)),) for code in range(3)]
    drawn = replace(readers.table(crowd, "t2", places), classes=(0, 11, 20, 50))
    draft = readers.draft_of(crowd, [readers.table(crowd, "t1", [()]), drawn])
    cells = readers.wanted(draft, "c")
    first, second = (Cell("c", place, (0,)) for place in places[:2])

    ends = [Between({first: 1}, 0, 10), Between({second: 1}, 11, 19)]
    edge = 0 if few + some < 20 else few + some
    naive = readers.worked_out(
        crowd, cells, Printed({Cell("c", (), (0,)): few + some + many, Cell("c", places[2], (0,)): many}, ends)
    )
    printed, _, _ = readers.gated(draft)

    assert naive[first][1] <= few + some - 11
    assert edge == 0 or naive[first][0] >= few + some - 19
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


def test_counts_rounded_to_the_nearest_five_are_undone_by_an_exact_total():
    # 3, 8 and 13 round up to 5, 10 and 15; their exact total leaves each only its smallest value.
    counts = [3, 8, 13]
    crowd = readers.cross("c", np.array(counts), ("a",))
    draft = readers.draft_of(crowd, [readers.table(crowd, "t1", readers.lattice(crowd, ("a",)))])
    cells = readers.wanted(draft, "c")
    each = [Cell("c", (("a", (at,)),), (0,)) for at in range(3)]
    rounded = [
        Between({cell: 1}, 5 * round(n / 5) - 2, 5 * round(n / 5) + 2) for cell, n in zip(each, counts, strict=True)
    ]

    naive = readers.worked_out(crowd, cells, Printed({Cell("c", (), (0,)): sum(counts)}, rounded))
    printed, _, _ = readers.gated(draft)

    assert readers.exact(naive) == set(each)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 10), min_size=3, max_size=4), st.integers(20, 60))
def test_small_counts_rounded_to_three_are_told_within_one_and_ours_are_not(few, many):
    crowd = readers.cross("c", np.array([*few, many]), ("a",))
    draft = readers.draft_of(crowd, [readers.table(crowd, "t1", readers.lattice(crowd, ("a",)))])
    cells = readers.wanted(draft, "c")
    each = [Cell("c", (("a", (at,)),), (0,)) for at in range(len(few))]
    rounded = [
        Between({cell: 1}, 3 * round(n / 3) - 1, 3 * round(n / 3) + 1) for cell, n in zip(each, few, strict=True)
    ]

    naive = readers.worked_out(crowd, cells, Printed({}, rounded))
    printed, _, _ = readers.gated(draft)

    assert readers.too_close(crowd, naive) == set(each)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))
