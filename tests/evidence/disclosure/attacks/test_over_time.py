"""Releases held against each other: what grew, who left, and places told one way after another way."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import readers, sequences
from factories.readers import Printed
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.errors import RefusedError

MONTHS, PEOPLE = 3, 300


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10**6))
def test_successive_releases_give_away_what_each_alone_withholds(seed):
    months = sequences.sequence(seed, MONTHS, people=PEOPLE)

    hiding_alone = sequences.attack_sequence(months, sequences.threshold_only(months))
    forgetful = sequences.attack_sequence(months, sequences.without_memory(months))
    remembering = sequences.attack_sequence(months, sequences.with_ledger(months))

    assert hiding_alone.exact
    assert forgetful.exact
    assert remembering.exact == ()
    assert remembering.refused < MONTHS


def two_days(before, after):
    """The same table on two days, and what each day's people were."""
    drafts = []
    for day, counts in enumerate((before, after)):
        crowd = readers.cross("c", np.array(counts), ("a", "b"))
        table = readers.table(crowd, "t1", readers.lattice(crowd, ("a", "b")))
        meta = {"snapshot": f"day-{day}", "period_to": "2023-12-31"}
        drafts.append(readers.draft_of(crowd, [table], meta=meta))
    return drafts


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 3), st.sampled_from([-1, 1]))
def test_one_who_withdraws_or_joins_is_not_seen_leaving(few, way):
    # Everybody is shown on the first day; a person withdraws: two whole tables would tell of which group she was.
    first = np.array([[40, 60], [55, 70]])
    second = first.copy()
    second[0, 1] += way * few
    days = two_days(first, second)
    people = [day.crowds[0] for day in days]
    cell = Cell("c", (("a", (0,)), ("b", (1,))), (0,))

    alone = [readers.gated(day)[0].shown for day in days]
    entry = readers.gated(days[0])[1]
    try:
        together = [alone[0], readers.gated(days[1], earlier=[entry])[0].shown]
    except RefusedError:
        together = [alone[0], {}]

    assert alone[1][cell] - alone[0][cell] == way * few
    for each in readers.truth(people[0], readers.wanted(days[0], "c")):
        changed = readers.truth(people[1], [each])[each] - readers.truth(people[0], [each])[each]
        assert changed == 0 or each not in together[1]


def test_a_district_told_after_its_county_is_reckoned_with():
    # First by county, {0, 1} and {2, 3}; then, of the same people, by district, {0}, {1, 2} and {3}.
    crowd = readers.cross("c", np.array([60, 4, 70, 55]), ("tract",))
    county = readers.draft_of(crowd, [readers.table(crowd, "t1", [(("tract", (0, 1)),), (("tract", (2, 3)),)])])
    districts = readers.table(crowd, "t2", [(("tract", (0,)),), (("tract", (1, 2)),), (("tract", (3,)),)])
    later = readers.draft_of(crowd, [districts])
    between = Cell("c", (("tract", (1,)),), (0,))
    cells = [*readers.wanted(county, "c"), *readers.wanted(later, "c"), between]

    first, entry, _ = readers.gated(county)
    forgetful = Printed(first.shown | readers.gated(later)[0].shown)
    try:
        remembering = Printed(first.shown | readers.gated(later, earlier=[entry])[0].shown)
    except RefusedError:
        remembering = first

    assert readers.worked_out(crowd, cells, forgetful)[between] == (4, 4)
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, remembering))


def test_a_question_asked_twice_in_other_words_tells_no_more_than_once():
    crowd = readers.cross("c", np.array([5, 40, 60, 80]), ("a",))
    whole = readers.draft_of(crowd, [readers.table(crowd, "t1", readers.lattice(crowd, ("a",)))])
    pairs = readers.draft_of(
        crowd, [readers.table(crowd, "t1", [(("a", (0, 1)),), (("a", (2, 3)),), (("a", (1, 2)),)])]
    )
    cells = [*readers.wanted(whole, "c"), *readers.wanted(pairs, "c")]

    first, entry, _ = readers.gated(whole)
    try:
        second = readers.gated(pairs, earlier=[entry])[0].shown
    except RefusedError:
        second = {}
    everything = Printed(readers.small_hidden(crowd, cells).shown)

    assert readers.too_close(crowd, readers.worked_out(crowd, cells, everything))
    assert not readers.too_close(crowd, readers.worked_out(crowd, cells, Printed(first.shown | second)))
