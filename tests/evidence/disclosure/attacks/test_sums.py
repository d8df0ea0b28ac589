"""Adding and subtracting: totals, linked tables, complements, excluded cases, geographies that cut across each other.

Each attack is shown to succeed on a naive release first, so that no test passes because its attacker is weak.
"""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from factories import drafts, readers
from factories.lattices import Shape, axes_of, caseload, demand_of, overlapping
from factories.readers import Printed
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.suppression.suppress import suppress
from upwell.evidence.disclosure.system import build

one_small = st.tuples(
    st.integers(1, 10), st.lists(st.one_of(st.just(0), st.integers(11, 60)), min_size=2, max_size=6), st.integers(0, 6)
)


def column(counts, columns=("a",)):
    crowd = readers.cross("c", np.array(counts), columns)
    return crowd, readers.draft_of(crowd, [readers.table(crowd, "t1", readers.lattice(crowd, columns))])


def small(crowd, cells):
    return {cell for cell, persons in readers.truth(crowd, cells).items() if 0 < persons < 11}


@settings(max_examples=15, deadline=None)
@given(one_small)
def test_a_total_gives_a_single_small_count_away_unless_the_gate_hides_a_second(drawn):
    few, others, at = drawn
    assume(sum(others) > 10)
    counts = [*others[:at], few, *others[at:]]
    crowd, draft = column(counts)
    cells = readers.wanted(draft, "c")

    naive = readers.worked_out(crowd, cells, readers.small_hidden(crowd, cells))
    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert readers.exact(naive) == small(crowd, cells)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_cross_tables_with_totals_are_broken_where_only_small_counts_are_hidden(seed):
    counts = caseload(np.random.default_rng(seed), [4, 5], 900).reshape(4, 5)
    crowd, draft = column(counts, ("a", "b"))
    cells = readers.wanted(draft, "c")
    naive = readers.worked_out(crowd, cells, readers.small_hidden(crowd, cells), floor=1, ceiling=10)
    assume(readers.exact(naive))

    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


def test_tables_that_are_safe_one_by_one_are_broken_together():
    # Table 1 hides 5 and a second count behind its total; table 2 prints that second count's parts.
    counts = np.array([[2, 3], [14, 16], [25, 35]])
    crowd = readers.cross("c", counts, ("a", "b"))
    first = readers.table(crowd, "t1", readers.lattice(crowd, ("a",)))
    second = readers.table(crowd, "t2", [where for where in readers.lattice(crowd, ("a", "b")) if len(where) == 2])
    alone = Printed()
    for each in (first, second):
        cells = [row.persons for row in each.rows]
        system = build(crowd, cells)
        hiding = suppress(system, demand_of(system), seed=1)
        alone.shown |= {system.cells[at]: int(system.values[at]) for at in np.flatnonzero(~hiding.hidden)}
        beside = Printed({cell: alone.shown[cell] for cell in cells if cell in alone.shown})
        assert not readers.too_close(crowd, readers.worked_out(crowd, cells, beside))
    draft = readers.draft_of(crowd, [first, second])
    cells = readers.wanted(draft, "c")

    linked = readers.worked_out(crowd, cells, alone)
    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert Cell("c", (("a", (0,)),), (0,)) in readers.exact(linked)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 10), st.integers(20, 80), st.integers(20, 80))
def test_the_complement_of_what_is_printed_is_as_small(few, yes, other):
    crowd = readers.asked("c", [(yes, few), (other, 60)])
    draft = drafts.draft_of(
        [crowd], [drafts.headline(crowd, (1,), "t1", "q"), drafts.by_table(crowd, "a", (1,), "t2", "q")]
    )
    cells = readers.wanted(draft, "c")
    no = Cell("c", (("a", (0,)),), (0,))

    naive = readers.worked_out(crowd, cells, readers.small_hidden(crowd, cells))
    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert naive[no] == (few, few)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 10), st.integers(11, 200))
def test_the_cases_that_were_excluded_are_a_count_too(few, kept):
    # "Of 105 people served, 100 were asked": nobody prints the five, and everybody can read them.
    crowd = readers.cross("c", np.array([few, kept, kept + 7]), ("status",))
    everybody = readers.table(crowd, "t1", [()])
    asked = readers.table(crowd, "t2", [(("status", (1, 2)),)])
    excluded = Cell("c", (("status", (0,)),), (0,))
    draft = readers.draft_of(crowd, [everybody, asked])
    cells = [*readers.wanted(draft, "c"), excluded]

    naive = readers.worked_out(crowd, cells, readers.small_hidden(crowd, readers.wanted(draft, "c")))
    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert naive[excluded] == (few, few)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


def test_a_district_that_cuts_across_a_county_leaves_the_difference():
    # Tracts 0..3; counties {0, 1}, {2, 3}; districts {0}, {1, 2}, {3}. A county less a district is one tract.
    crowd = readers.cross("c", np.array([60, 4, 70, 55]), ("tract",))
    county = readers.table(crowd, "t1", [(("tract", (0, 1)),), (("tract", (2, 3)),)])
    district = readers.table(crowd, "t2", [(("tract", (0,)),), (("tract", (1, 2)),), (("tract", (3,)),)])
    draft = readers.draft_of(crowd, [county, district])
    between = Cell("c", (("tract", (1,)),), (0,))
    cells = [*readers.wanted(draft, "c"), between]

    naive = readers.worked_out(crowd, cells, readers.small_hidden(crowd, readers.wanted(draft, "c")))
    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert naive[between] == (4, 4)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_overlapping_places_by_race_keep_their_width(seed):
    random = np.random.default_rng(seed)
    shape = Shape(counties=2, tracts=6, ages=2, races=3, times=0, people=1200)
    places = overlapping(random, 6, axes_of(shape)[0], tracts_told=False)
    crowd = readers.cross("c", caseload(random, [6, 3], 1200).reshape(6, 3), ("tract", "race"))
    wheres = [
        tuple(sorted((*race, *([("tract", group)] if len(group) < 6 else []))))
        for group in places
        for race in [(), *((("race", (code,)),) for code in range(3))]
    ]
    draft = readers.draft_of(crowd, [readers.table(crowd, "t1", wheres)])
    cells = readers.wanted(draft, "c")
    naive = readers.worked_out(crowd, cells, readers.small_hidden(crowd, cells), floor=1, ceiling=10)
    assume(readers.exact(naive))

    printed, _, _ = readers.gated(draft)

    assert printed.shown
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, printed))
