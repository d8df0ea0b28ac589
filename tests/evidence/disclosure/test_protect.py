"""The gate: whatever comes out survives the attack, and what cannot be made safe does not come out."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts, joint
from upwell.evidence.disclosure import protection, release
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.errors import RefusedError

KEY = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)
FEW = replace(USUAL, threshold=3, width=2, sparse_share=1.0)


def gate(draft, rules=USUAL, *, earlier=(), seed=1):
    return protect(draft, rules, earlier=earlier, key=KEY, made_on=DAY, seed=seed, ledger_head=ledger.BEGINNING)


@cache
def released(seed, rules=USUAL):
    """The release of a random draft, made once for every test that looks at it."""
    return gate(drafts.random_draft(seed), rules)[0]


def printed_counts(signed):
    return [n for t in signed.release.tables for row in t.rows for n in (row.persons, row.yes, row.no) if n is not None]


def printed_cells(signed, draft):
    """Cell -> persons, as a reader who knows what each row means sees it."""
    drafted = {
        (table.id, len(table.rows)): table for table in (*draft.tables, *(t.coarser for t in draft.tables if t.coarser))
    }
    seen = {}
    for table in signed.release.tables:
        for row, drawn in zip(table.rows, drafted[table.id, len(table.rows)].rows, strict=True):
            pairs = ((drawn.persons, row.persons), (drawn.yes, row.yes), (drawn.no, row.no))
            seen |= {cell: persons for cell, persons in pairs if cell is not None and persons is not None}
    return seen


def two_by(counts, **more):
    """A crowd in one column "a" from (yes, no) a value, its headline and its table."""
    codes = [value for value, (yes, no) in enumerate(counts) for _ in range(yes + no)]
    outcome = [code for yes, no in counts for code in [1] * yes + [0] * no]
    crowd = replace(drafts.crowd("c", {"a": codes}, outcome, **more), sizes={"a": len(counts)})
    return crowd, [drafts.headline(crowd, (1,), "t01", "q"), drafts.by_table(crowd, "a", (1,), "t02", "q")]


def table_of(signed, number):
    return next((table for table in signed.release.tables if table.id == number), None)


def test_a_release_is_signed_and_reads_back_as_it_was():
    signed, _ = gate(drafts.random_draft(1))

    assert release.read(signed.data, PUBLIC) == signed.release


def test_the_same_request_gives_the_same_bytes():
    draft = drafts.random_draft(3)

    assert gate(draft)[0].data == gate(draft)[0].data


@pytest.mark.parametrize("name", protection.names())
def test_no_count_below_the_threshold_is_ever_printed(name):
    rules = protection.load(name, DAY)
    for seed in range(3):
        signed = released(seed, rules)

        assert all(n >= rules.threshold or (n == 0 and not rules.full) for n in printed_counts(signed))


def test_a_table_of_large_counts_is_shown_whole():
    crowd, tables = two_by([(40, 60), (30, 70), (50, 50)])

    signed, _ = gate(drafts.draft_of([crowd], tables))

    assert None not in [n for t in signed.release.tables for row in t.rows for n in (row.persons, row.yes, row.no)]
    assert signed.release.loss.share_large_shown == 1.0
    assert signed.release.searched[0].persons == 300


def test_the_complement_of_a_small_count_is_hidden_with_it():
    crowd, tables = two_by([(40, 5), (60, 80), (50, 70)])

    signed, _ = gate(drafts.draft_of([crowd], tables))

    row = table_of(signed, "t02").rows[0]
    assert row.no is None
    assert row.yes is None or row.persons is None


def test_two_shown_parts_never_leave_the_third_withheld():
    for seed in range(4):
        signed = released(seed)
        for table in signed.release.tables:
            if table.split:
                assert all((row.persons, row.yes, row.no).count(None) != 1 for row in table.rows)


def test_all_but_a_few_is_as_telling_as_a_few():
    # 95 of 100 in one group: whoever prints both has printed that five are elsewhere, in two groups of three and two.
    crowd, tables = two_by([(45, 50), (1, 2), (1, 1)])

    signed, _ = gate(drafts.draft_of([crowd], tables), replace(USUAL, sparse_share=1.0))

    total, row = table_of(signed, "t01").rows[0].persons, table_of(signed, "t02").rows[0].persons
    assert total is None or row is None


def test_zeros_may_be_shown_and_are_hidden_where_nobody_would_tell_of_each_one():
    counts = [(40, 60), (0, 70), (50, 30)]
    plain, tables = two_by(counts)
    sensitive, _ = two_by(counts, sensitive=("a",))

    shown, _ = gate(drafts.draft_of([plain], tables))
    hidden, _ = gate(drafts.draft_of([sensitive], tables))
    scottish, _ = gate(drafts.draft_of([plain], tables), protection.load("public-health-scotland", DAY))

    assert table_of(shown, "t02").rows[1].yes == 0
    assert table_of(hidden, "t02").rows[1].yes is None
    assert table_of(scottish, "t02").rows[1].yes is None


def test_everybody_in_a_sensitive_group_is_hidden_as_nobody_is():
    crowd, tables = two_by([(40, 60), (70, 0), (50, 30)], sensitive=("a",))

    signed, _ = gate(drafts.draft_of([crowd], tables))

    row = table_of(signed, "t02").rows[1]
    assert row.no is None
    assert row.yes is None or row.persons is None


def test_a_sparse_table_is_made_coarser_and_then_left_out():
    random = np.random.default_rng(4)
    crowd = drafts.random_crowd(random, "c", 120, {"time": 12}, 2)
    tables = [drafts.headline(crowd, (1,), "t01", "q"), drafts.series(crowd, (1,), "t02", "q")]
    few = drafts.random_crowd(random, "d", 24, {"time": 12}, 2)
    none = [drafts.headline(few, (1,), "t03", "r"), drafts.series(few, (1,), "t04", "r")]

    signed, _ = gate(drafts.draft_of([crowd, few], [*tables, *none]))

    assert len(table_of(signed, "t02").rows) == 2
    assert table_of(signed, "t04") is None
    assert any("made coarser" in note for note in signed.release.loss.coarsened)
    assert any("left out" in note for note in signed.release.loss.coarsened)


def test_a_pattern_leaves_only_with_every_count_behind_it():
    crowd, tables = two_by([(40, 60), (30, 70), (50, 50)])
    large = drafts.finding(crowd, (("a", (0,)),), (1,), "t03", "q")
    small_crowd, small_tables = two_by([(4, 60), (30, 70), (50, 50)])
    small = drafts.finding(small_crowd, (("a", (0,)),), (1,), "t03", "q")

    kept, _ = gate(drafts.draft_of([crowd], [*tables, large]))
    gone, _ = gate(drafts.draft_of([small_crowd], [*small_tables, small]))

    assert [pattern.table for pattern in kept.release.patterns] == ["t03"]
    assert gone.release.patterns == ()
    assert table_of(gone, "t03") is None


@pytest.mark.parametrize(("yes_in_second_month", "leaves"), [(30, True), (4, False)])
def test_an_onset_leaves_only_with_the_months_it_was_read_from(yes_in_second_month, leaves):
    people = [(a, month, yes) for a in (0, 1) for month in range(3) for yes in (0, 1) for _ in range(40)]
    kept = [p for at, p in enumerate(people) if p != (0, 1, 1) or at % 40 < yes_in_second_month]
    codes = {"a": [a for a, _, _ in kept], "time": [month for _, month, _ in kept]}
    crowd = drafts.crowd("c", codes, [yes for _, _, yes in kept])
    where = (("a", (0,)),)
    tables = [
        drafts.headline(crowd, (1,), "t01", "q"),
        drafts.finding(crowd, where, (1,), "t02", "q"),
        drafts.inside_by(crowd, where, (1,), "t03", "q"),
    ]
    draft = drafts.draft_of([crowd], tables)
    dated = replace(
        draft.patterns[0],
        **{"series": "t03", "onset": "Mar 2023", "persists": True},
        **{"onset_month": 2, "onset_low_month": 1, "onset_high_month": 2},
    )

    signed, _ = gate(replace(draft, patterns=(dated,)))

    pattern = signed.release.patterns[0]
    assert (pattern.onset, pattern.onset_month, pattern.persists) == (
        ("time 2", 2, True) if leaves else ("", -1, None)  # as the step of the series, never as a finer month
    )
    assert (pattern.onset_low_month, pattern.onset_high_month) == ((1, 2) if leaves else (-1, -1))


def test_patterns_are_ranked_anew():
    crowd, tables = two_by([(40, 60), (30, 70), (50, 50)])
    tables += [drafts.finding(crowd, (("a", (at,)),), (1,), f"t1{at}", "q") for at in range(3)]
    draft = drafts.draft_of([crowd], tables)
    ranked = tuple(replace(pattern, rank=rank) for pattern, rank in zip(draft.patterns, (7, 2, 4), strict=True))

    signed, _ = gate(replace(draft, patterns=ranked))

    assert [(pattern.rank, pattern.table) for pattern in signed.release.patterns] == [
        (1, "t11"),
        (2, "t12"),
        (3, "t10"),
    ]


def test_a_gap_compares_rows_that_are_shown_whole():
    for seed in range(4):
        signed = released(seed)
        tables = {table.id: table for table in signed.release.tables}
        for gap in signed.release.gaps:
            for at in (gap.group, gap.reference):
                row = tables[gap.table].rows[at]
                assert None not in (row.persons, row.yes, row.no)


def test_tables_that_cross_too_much_are_given_up_by_priority():
    random = np.random.default_rng(3)
    sizes = {f"column {at}": 6 for at in range(5)} | {"time": 6}
    crowd = drafts.random_crowd(random, "c", 5000, sizes, 2)
    names = sorted(set(sizes) - {"time"})
    wheres = [tuple((name, (value, (value + at) % 6)) for at, name in enumerate(names, 1)) for value in range(5)]
    wheres = [tuple((name, tuple(sorted(set(values)))) for name, values in where) for where in wheres]
    tables = [drafts.headline(crowd, (1,), "t01", "q")]
    tables += [drafts.inside_by(crowd, where, (1,), f"t1{at}", "q") for at, where in enumerate(wheres)]

    signed, _ = gate(drafts.draft_of([crowd], tables), replace(USUAL, sparse_share=1.0))

    assert any("too many tables cross" in note for note in signed.release.loss.coarsened)
    assert table_of(signed, "t01").rows[0].persons == 5000


def test_a_handful_of_people_is_refused_with_a_way_out():
    crowd, tables = two_by([(2, 3), (1, 2)])

    with pytest.raises(RefusedError, match="longer period"):
        gate(drafts.draft_of([crowd], tables))


def test_no_true_table_and_no_witness_is_in_what_leaves():
    draft = drafts.random_draft(5, sparse=True)

    signed, entry = gate(draft)

    whole = json.loads(signed.data)
    assert set(whole) == {"release", "public_key", "signature"}
    assert "witness" not in signed.data.decode()
    hidden = set(entry.hidden)
    assert not hidden & set(entry.shown)
    assert all(
        entry.shown[name] == persons for cell, persons in printed_cells(signed, draft).items() for name in [cell.id]
    )


@st.composite
def tiny_drafts(draw):
    """At most eight people in two columns, with their totals, tables and one finding."""
    people = draw(st.lists(st.tuples(*[st.integers(0, 1)] * 3), min_size=3, max_size=8))
    crowd = drafts.crowd("c", {"a": [p[0] for p in people], "b": [p[1] for p in people]}, [p[2] for p in people])
    tables = [drafts.headline(crowd, (1,), "t01", "q")]
    for number, column in (("t02", "a"), ("t03", "b")):
        if draw(st.booleans()):
            tables.append(drafts.by_table(crowd, column, (1,), number, "q"))
    where = (("a", (draw(st.integers(0, 1)),)), ("b", (draw(st.integers(0, 1)),)))
    if draw(st.booleans()):
        tables.append(drafts.finding(crowd, where, (1,), "t04", "q"))
    return crowd, drafts.draft_of([crowd], tables)


@settings(max_examples=60, deadline=None)
@given(tiny_drafts(), st.sampled_from([FEW, replace(FEW, full=True, width=2), replace(FEW, group_disclosure=True)]))
def test_writing_out_every_possible_table_leaves_each_hidden_count_its_width(drawn, rules):
    crowd, draft = drawn
    try:
        signed, _ = gate(draft, rules)
    except RefusedError:
        return
    seen = printed_cells(signed, draft)
    everybody = Cell("c", (), (0, 1))
    if everybody not in seen:
        return  # without the total there are endlessly many tables; the auditor has that case

    kept = {table.id for table in signed.release.tables}
    hidden = {cell for table in draft.tables if table.id in kept for cell in cells_of(table)} - set(seen)
    possible = joint.possible_values(crowd, seen, sorted(hidden))

    kinds = joint.kinds_of_people(crowd)
    people = [
        ({name: int(crowd.codes[name][i]) for name in crowd.sizes}, int(out)) for i, out in enumerate(crowd.outcome)
    ]
    true = np.array([people.count(kind) for kind in kinds])
    for cell in hidden:
        persons = int(true @ joint.counts_in(kinds, cell))
        if 0 < persons < rules.threshold or (rules.full and persons == 0):
            assert max(possible[cell]) - min(possible[cell]) >= rules.width
        if rules.full and persons < rules.threshold:
            assert set(range(rules.threshold)) <= possible[cell]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from(protection.names()))
def test_any_draft_under_any_protection_is_safe_or_refused(seed, sparse, name):
    rules = protection.load(name, DAY)
    try:
        signed, _ = gate(drafts.random_draft(seed, sparse=sparse), rules)
    except RefusedError as refusal:
        assert "Ask for" in str(refusal)
        return

    assert all(n >= rules.threshold or n == 0 for n in printed_counts(signed))
    assert "none of the protected ones" in signed.release.loss.attacked


def test_random_linked_tables_survive_the_auditor_with_other_seeds():
    from bench import disclosure  # noqa: PLC0415 - the benchmark's own measure, at a reduced size

    base = secrets.randbelow(2**31)
    drafts_asked = 10_000 if os.environ.get("UPWELL_SLOW") == "full" else 60

    measured = disclosure.measure(base, drafts_asked)

    assert measured.exact == 0, f"seed {base}"
    assert measured.narrow == 0, f"seed {base}"
    assert measured.refused <= 0.05 * drafts_asked, f"seed {base}"
    assert measured.share_large_shown >= 0.5, f"seed {base}"
