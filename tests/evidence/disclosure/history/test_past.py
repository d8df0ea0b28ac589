"""What was released before is known: it stays public, it betrays nothing new, and small changes are hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from factories import drafts
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.attacking.attack import Public, attack
from upwell.evidence.disclosure.draft import Cell
from upwell.evidence.disclosure.history import ledger, past
from upwell.evidence.disclosure.protect import protect
from upwell.evidence.disclosure.rules import cells_of
from upwell.evidence.disclosure.system import build
from upwell.evidence.errors import RefusedError

DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)
NEXT = {"snapshot": "snapshot-2", "period_from": "2023-01-01", "period_to": "2024-03-31"}


def gate(draft, *earlier):
    return protect(draft, USUAL, earlier=earlier, key=bytes(32), made_on=DAY, seed=1, ledger_head=ledger.BEGINNING)


def crowd_of(counts):
    """Persons in column "a" from (yes, no) a value."""
    codes = [value for value, (yes, no) in enumerate(counts) for _ in range(yes + no)]
    outcome = [code for yes, no in counts for code in [1] * yes + [0] * no]
    return replace(drafts.crowd("c", {"a": codes}, outcome), sizes={"a": len(counts)})


def draft_of(counts, **meta):
    crowd = crowd_of(counts)
    tables = [drafts.headline(crowd, (1,), "t01", "q"), drafts.by_table(crowd, "a", (1,), "t02", "q")]
    return drafts.draft_of([crowd], tables, meta=meta)


def with_others(draft):
    """The same with a headline about other people, so that there is something to release."""
    others = drafts.crowd("others", {"a": [0] * 90}, [1] * 40 + [0] * 50)
    return replace(
        draft, crowds=(*draft.crowds, others), tables=(*draft.tables, drafts.headline(others, (1,), "t09", "r"))
    )


def count(signed, table, row, part):
    found = next(each for each in signed.release.tables if each.id == table)
    return getattr(found.rows[row], part)


def test_what_is_public_of_the_same_snapshot_is_shown_again_and_counted_as_a_look():
    draft = draft_of([(40, 60), (30, 5), (50, 50)])
    first, entry = gate(draft)

    again, _ = gate(draft, entry)

    assert again.release.tables == first.release.tables
    assert again.release.earlier_looks == 1


def test_an_earlier_hidden_count_is_not_given_away_by_other_questions_on_the_same_snapshot():
    random = np.random.default_rng(8)
    crowd = drafts.random_crowd(random, "c", 260, {"a": 5, "b": 4, "time": 6}, 3)
    all_tables = [
        drafts.headline(crowd, (1,), "t01", "q"),
        drafts.by_table(crowd, "a", (1,), "t02", "q"),
        drafts.by_table(crowd, "b", (1,), "t03", "q"),
        drafts.series(crowd, (1,), "t04", "q"),
        drafts.headline(crowd, (2,), "t05", "r"),
        drafts.by_table(crowd, "a", (2,), "t06", "r"),
        drafts.by_table(crowd, "a", (1, 2), "t07", "s"),
    ]
    entries = []
    for part in (all_tables[:2], all_tables[4:6], all_tables[6:], all_tables):
        _, entry = gate(drafts.draft_of([crowd], part), *entries)
        entries.append(entry)

    known = {name: persons for entry in entries for name, persons in entry.shown.items()}
    cells = [past.cell_of(text, name) for entry in entries for name, text in entry.cells.items()]
    system = build(crowd, cells)
    shown = np.array([known.get(cell.id, -1) for cell in system.cells])
    names = tuple(cell.id for cell in system.cells)
    report = attack(Public(names, shown, system.counts, system.ties, system.sums), width=3, seed=9)

    small = {cell.id for cell, value in zip(system.cells, system.values, strict=True) if 0 < value < 11}
    assert small & set(report.names)
    assert not small & set(known)
    assert not small & set(report.exact)
    assert not small & set(report.narrower_than(3))


def test_a_total_that_grew_by_few_waits():
    before = draft_of([(40, 60), (30, 70), (50, 50)])
    _, entry = gate(before)

    after, _ = gate(draft_of([(43, 60), (30, 90), (50, 50)], **NEXT), entry)

    assert count(after, "t02", 0, "yes") is None
    assert count(after, "t02", 1, "no") == 90


def test_whoever_withdraws_is_not_seen_in_the_difference():
    _, entry = gate(draft_of([(40, 60), (30, 70), (50, 50)]))

    after, _ = gate(draft_of([(39, 60), (30, 90), (50, 50)], **NEXT), entry)

    assert count(after, "t02", 0, "yes") is None
    assert count(after, "t01", 0, "yes") is None
    assert count(after, "t01", 0, "persons") == 319


@pytest.mark.parametrize("leaver", range(4))
def test_a_count_that_hid_another_does_not_come_out_when_somebody_withdraws(leaver):
    counts = [(40, 60), (7, 53), (22, 61), (31, 80)]
    _, before = gate(with_others(draft_of(counts)))
    fewer = [(yes, no - (at == leaver)) for at, (yes, no) in enumerate(counts)]

    _, after = gate(with_others(draft_of(fewer, **NEXT)), before)

    # a reader who takes every count withheld then and shown now to be what it was
    crowd = crowd_of(counts)
    cells = [cell for table in draft_of(counts).tables for cell in cells_of(table)]
    system = build(crowd, cells)
    taken = {name: persons for name, persons in after.shown.items() if name in before.hidden} | before.shown
    known = np.array([taken.get(cell.id, -1) for cell in system.cells])
    names = tuple(cell.id for cell in system.cells)
    report = attack(Public(names, known, system.counts, system.ties, system.sums), width=3, seed=1)
    assert not set(before.protected) & set(report.narrower_than(3))


def test_a_release_waits_while_fewer_than_the_threshold_have_changed():
    _, entry = gate(draft_of([(40, 60), (30, 70), (50, 50)]))

    with pytest.raises(RefusedError, match="wait for more changes"):
        gate(draft_of([(39, 60), (30, 70), (50, 50)], **NEXT), entry)


def test_periods_that_do_not_meet_are_different_people():
    _, entry = gate(draft_of([(40, 60), (30, 70), (50, 50)]))
    later = {"snapshot": "snapshot-2", "period_from": "2024-01-01", "period_to": "2024-12-31"}

    after, _ = gate(draft_of([(43, 60), (30, 90), (50, 50)], **later), entry)

    assert count(after, "t02", 0, "yes") == 43


def test_another_sources_releases_say_nothing():
    _, entry = gate(draft_of([(40, 60), (30, 70), (50, 50)]))

    after, _ = gate(draft_of([(43, 60), (30, 90), (50, 50)], **NEXT), replace(entry, source_id="another"))

    assert count(after, "t02", 0, "yes") == 43


def test_a_cell_is_read_back_from_the_ledger_as_it_was():
    draft = drafts.random_draft(6)
    for cell in {cell for table in draft.tables for cell in cells_of(table)}:
        assert past.cell_of(past.written(cell), "") == cell
    outside = Cell("c", (("a", (0, 1)), ("b", (2,))), (0, 1), True)
    assert past.cell_of(past.written(outside), "") == outside


def test_a_crowds_digest_changes_with_one_answer():
    assert past.digest(crowd_of([(3, 4), (1, 1)])) == past.digest(crowd_of([(3, 4), (1, 1)]))
    assert past.digest(crowd_of([(3, 4), (1, 1)])) != past.digest(crowd_of([(4, 3), (1, 1)]))
