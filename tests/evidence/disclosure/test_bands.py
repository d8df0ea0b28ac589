"""Rounded shares and classes in place of withheld counts: printed where they are safe, and never where they tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import drafts
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.attacking.attack import Public, attack
from upwell.evidence.disclosure.draft import Cell, DraftRow, DraftTable
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.protect import Gate, protect
from upwell.evidence.disclosure.rounded import banded, classed, lessened, share
from upwell.evidence.disclosure.system import UNBOUNDED, build
from upwell.evidence.errors import RefusedError

KEY = bytes(range(32))
DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)
PERSONS, YES = Cell("c", (), (0, 1)), Cell("c", (), (1,))
BREAKS = (0, 11, 50, 100)


def gate(draft, rules=USUAL, *, earlier=()):
    return protect(draft, rules, earlier=earlier, key=KEY, made_on=DAY, seed=1, ledger_head=ledger.BEGINNING)


def one_row(*, decimals=None, classes=()):
    row = DraftRow("everybody", PERSONS, YES, Cell("c", (), (0,)))
    return DraftTable("t01", "by", "q", "q", "a", (row,), decimals=decimals, classes=classes)


def possible(persons, printed):
    """Every count of yes that a printed share leaves, by trying each one."""
    return [
        yes
        for yes in range(persons + 1)
        if all(
            limit.least
            <= sum(weight * {YES: yes, PERSONS: persons}[cell] for cell, weight in limit.weights)
            <= limit.most
            for limit in printed.limits
        )
    ]


def crossed(crowd, number, **more):
    """Two columns crossed: the finest table of a crowd with columns a and b."""
    rows = tuple(
        drafts.row(crowd, (("a", (a,)), ("b", (b,))), (1,), f"a {a}, b {b}")
        for a in range(crowd.sizes["a"])
        for b in range(crowd.sizes["b"])
    )
    return DraftTable(number, "by", "q by a and b", "q", "a", rows, **more)


def county(seed=1, persons=4_000, **more):
    """A crowd with its headline, its two tables and the cross of both, all asking for shares or classes."""
    crowd = drafts.random_crowd(np.random.default_rng(seed), "c", persons, {"a": 5, "b": 4}, 2)
    tables = [
        drafts.headline(crowd, (1,), "t01", "q"),
        drafts.by_table(crowd, "a", (1,), "t02", "q", **more),
        drafts.by_table(crowd, "b", (1,), "t03", "q", **more),
        crossed(crowd, "t04", **more),
    ]
    return crowd, drafts.draft_of([crowd], tables)


def in_place(signed):
    """Rows of a release that print something in place of a count."""
    return [row for table in signed.release.tables for row in table.rows if row.percent or row.between]


@pytest.mark.parametrize(
    ("decimals", "persons", "told"),
    [(0, 50, 10), (0, 200, 0), (0, 900, 0), (1, 50, 10), (1, 200, 10), (1, 900, 10), (1, 5_000, 0), (2, 5_000, 10)],
)
def test_a_share_tells_small_counts_exactly_unless_its_whole_is_large(decimals, persons, told):
    table = one_row(decimals=decimals)

    exact = [yes for yes in range(1, 11) if len(possible(persons, share(table, 0, {YES: yes, PERSONS: persons}))) == 1]

    assert len(exact) == told


@given(st.integers(1, 10**6), st.data(), st.integers(0, 3))
def test_a_share_is_printed_with_halves_rounded_up_and_its_limits_hold(persons, data, decimals):
    yes = data.draw(st.integers(0, persons))

    printed = share(one_row(decimals=decimals), 0, {YES: yes, PERSONS: persons})

    exact = Decimal(200 * yes * 10**decimals + persons) // Decimal(2 * persons)  # half up, in units of the last digit
    assert Decimal(printed.percent) == (exact / 10**decimals).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    for limit in printed.limits:
        assert limit.least <= sum(weight * {YES: yes, PERSONS: persons}[cell] for cell, weight in limit.weights)
        assert limit.most >= sum(weight * {YES: yes, PERSONS: persons}[cell] for cell, weight in limit.weights)
    if yes:
        assert yes in possible(persons, printed) if persons < 500 else True


@given(st.integers(0, 300))
def test_a_class_holds_its_count_and_is_joined_by_pairs_from_below(persons):
    table = one_row(classes=BREAKS)

    (found,) = classed(table, 0, {PERSONS: persons})
    wider = lessened(found, table)

    first, second = found.between
    assert first <= persons and (second < 0 or persons < second)
    assert wider is None or wider.between in ((0, 50), (50, -1))
    assert wider is None or lessened(wider, table) is None


def test_counts_below_the_first_break_have_no_class():
    assert classed(one_row(classes=(11, 50)), 0, {PERSONS: 4}) == []


def test_shown_rows_need_nothing_in_their_place():
    crowd = drafts.crowd("c", {"a": [0] * 200 + [1] * 300}, ([0] * 100 + [1] * 100) + [0] * 150 + [1] * 150)
    table = drafts.by_table(crowd, "a", (1,), "t02", "q", decimals=1, classes=BREAKS)

    signed, entry = gate(drafts.draft_of([crowd], [drafts.headline(crowd, (1,), "t01", "q"), table]))

    assert in_place(signed) == []
    assert entry.bands == ()


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_the_share_of_a_small_count_among_few_is_never_printed(decimals):
    outcome = ([1] * 5 + [0] * 85) + ([1] * 7 + [0] * 113) + [1] * 60 + [0] * 60
    crowd = drafts.crowd("c", {"a": [0] * 90 + [1] * 120 + [2] * 120}, outcome)
    table = drafts.by_table(crowd, "a", (1,), "t02", "q", decimals=decimals)

    signed, _ = gate(drafts.draft_of([crowd], [drafts.headline(crowd, (1,), "t01", "q"), table]))

    for row in signed.release.tables[1].rows[:2]:
        assert row.persons is None or not row.percent


def test_a_share_stands_in_for_a_count_where_many_counts_have_it():
    # 6 of 1,400 is 0.4 %, rounded to 0 %: so is everything from 0 to 6, and that is wide enough.
    outcome = ([1] * 6 + [0] * 1394) + ([1] * 8 + [0] * 1500) + [1] * 400 + [0] * 1000
    crowd = drafts.crowd("c", {"a": [0] * 1400 + [1] * 1508 + [2] * 1400}, outcome)
    table = drafts.by_table(crowd, "a", (1,), "t02", "q", decimals=0)

    signed, entry = gate(drafts.draft_of([crowd], [drafts.headline(crowd, (1,), "t01", "q"), table]))

    row = signed.release.tables[1].rows[0]
    assert (row.persons, row.yes, row.no, row.percent) == (1400, None, None, "0")
    assert len(entry.bands) == 2 * len(in_place(signed)) > 0
    assert any("some shares" in note for note in signed.release.loss.coarsened) == (len(in_place(signed)) < 2)


def test_a_naive_share_beside_a_protected_table_gives_the_count_away():
    crowd = drafts.crowd("c", {"a": [0] * 200 + [1] * 200}, ([1] * 7 + [0] * 193) + [1] * 60 + [0] * 140)
    table = drafts.by_table(crowd, "a", (1,), "t02", "q", decimals=1)
    cells = [cell for row in table.rows for cell in (row.persons, row.yes, row.no)]
    system = build(crowd, cells)
    values = dict(zip(system.cells, system.values.tolist(), strict=True))
    naive = banded(system, share(table, 0, values).limits)
    shown = np.array([values[cell] if cell == table.rows[0].persons else -1 for cell in naive.cells])

    report = attack(
        Public(
            tuple(c.id for c in naive.cells),
            shown,
            naive.counts,
            naive.ties,
            naive.sums,
            naive.bands,
            naive.least,
            naive.most,
        ),
        width=3,
        seed=1,
    )

    assert table.rows[0].yes.id in report.exact
    signed, _ = gate(drafts.draft_of([crowd], [table]))
    assert all(not row.percent or row.persons is None for row in signed.release.tables[0].rows)


def test_nobody_and_everybody_in_a_sensitive_group_is_not_told_by_a_share():
    outcome = [0] * 800 + ([1] * 9 + [0] * 791) + [1] * 800
    crowd = drafts.crowd("c", {"a": [0] * 800 + [1] * 800 + [2] * 800}, outcome, sensitive=("a",))
    table = drafts.by_table(crowd, "a", (1,), "t02", "q", decimals=0)

    signed, _ = gate(drafts.draft_of([crowd], [drafts.headline(crowd, (1,), "t01", "q"), table]))

    rows = signed.release.tables[1].rows
    assert rows[0].percent == rows[2].percent == ""


def test_the_complement_of_a_share_is_as_telling_as_the_share():
    # 1,395 of 1,400 is 99.6 %: the five who did not are as few as five who did.
    outcome = ([0] * 5 + [1] * 1395) + ([0] * 300 + [1] * 300)
    crowd = drafts.crowd("c", {"a": [0] * 1400 + [1] * 600}, outcome)
    tables = [
        drafts.headline(crowd, (1,), "t01", "q"),
        drafts.by_table(crowd, "a", (1,), "t02", "q", decimals=1),
    ]

    signed, _ = gate(drafts.draft_of([crowd], tables))

    assert signed.release.tables[1].rows[0].percent == ""


@pytest.mark.parametrize(
    "more", [{"decimals": 0}, {"decimals": 1}, {"classes": BREAKS}, {"classes": (0, 5, 11, 20, 50)}]
)
def test_what_stands_in_place_survives_the_auditor_with_other_seeds(more):
    printed = 0
    for seed in range(3):
        _, draft = county(seed, **more)
        plan = Gate(draft, USUAL, past_of(draft, ()), seed).run()
        for side in plan.done.values():
            report = attack(side.public(), width=USUAL.width, seed=seed + 991)

            assert not side.narrowed(report).any()
            printed += len(side.rounded)
    assert printed > 0 or more == {"decimals": 1}


def test_classes_that_would_tell_are_joined_or_left_out_and_it_is_said():
    _, draft = county(3, persons=1_200, classes=(0, 3, 6, 9, 11, 20, 50))

    signed, _ = gate(draft)

    said = " ".join(signed.release.loss.coarsened)
    assert "classes are joined" in said or "classes are left out" in said
    for row in in_place(signed):
        first, second = row.between
        assert second < 0 or second - 1 - first >= USUAL.width or first >= USUAL.threshold


def test_what_was_printed_in_place_binds_the_next_release_of_the_same_records():
    _, draft = county(1, decimals=0, classes=BREAKS)
    _, entry = gate(draft)
    again = replace(draft, tables=draft.tables[:3])

    past = past_of(again, [entry])
    plan = Gate(again, USUAL, past, 5).run()

    assert sum(len(each) for each in past.limits.values()) == len(entry.bands) > 0
    (side,) = plan.done.values()
    assert side.system.bands.shape[0] >= len(entry.bands)
    assert not side.narrowed(attack(side.public(), width=USUAL.width, seed=77)).any()


def test_the_ledger_reads_back_what_was_printed_in_place():
    _, draft = county(1, decimals=0)
    _, entry = gate(draft)

    (read,) = ledger.read(ledger.append(b"", entry))

    assert read.bands == entry.bands
    assert all(abs(end) <= UNBOUNDED for _, least, most in entry.bands for end in (least, most))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(300, 6_000), st.sampled_from([0, 1, 2, None]), st.booleans())
def test_any_table_with_shares_and_classes_is_safe_or_refused(seed, persons, decimals, with_classes):
    _, draft = county(seed, persons=persons, decimals=decimals, classes=BREAKS if with_classes else ())
    try:
        plan = Gate(draft, USUAL, past_of(draft, ()), 1).run()
    except RefusedError as refusal:
        assert "Ask for" in str(refusal)
        return

    for side in plan.done.values():
        report = attack(side.public(), width=USUAL.width, seed=seed + 5)
        assert not side.narrowed(report).any(), f"seed {seed}"
