"""Any releases in any order: the ledger holds together, and all of it together gives no small count or change away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import sequences
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.errors import RefusedError

from .test_past import NEXT, draft_of, gate, with_others


@settings(max_examples=4, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    order=st.permutations(range(4)),
    leaving=st.sampled_from([0.0, 0.02, 0.2]),
    people=st.sampled_from([150, 600, 3_000]),
)
def test_any_order_of_requests_leaves_a_whole_ledger_that_keeps_its_promise(seed, order, leaving, people):
    months = sequences.sequence(seed, releases=4, people=people, leaving=leaving)
    asked = [months[at] for at in order]
    data, shown = b"", {}

    for at, draft in zip(order, asked, strict=True):
        try:
            entry = sequences.gate(draft, ledger.read(data))
        except RefusedError:
            continue
        data += ledger.append(data, replace(entry, previous=ledger.head(data)))
        shown[at] = entry.shown

    assert len(ledger.verify(data)) == len(shown)
    in_time = [shown.get(at, {}) for at in range(4)]
    report = sequences.attack_sequence(months, in_time, leavers=None)
    assert not report.exact
    assert not report.near


@pytest.mark.parametrize("leaver", range(4))
def test_older_records_after_somebody_left_are_refused_by_name_or_show_nothing_new(leaver):
    counts = [(40, 60), (7, 53), (22, 61), (31, 80)]
    fewer = [(yes, no - (at == leaver)) for at, (yes, no) in enumerate(counts)]
    before, after = draft_of(counts), with_others(draft_of(fewer, **NEXT))
    first = gate(replace(before, tables=before.tables[:1]))[1]
    second = gate(after, first)[1]

    try:
        again = gate(before, first, second)[1].shown
    except RefusedError as refusal:
        assert "counted the same people from newer records" in str(refusal)
        assert "Use the newest export" in str(refusal)
        return

    for name in again.keys() & second.shown.keys():
        assert not 0 < abs(again[name] - second.shown[name]) < 11, name


def test_a_correction_of_a_few_is_withheld_and_one_of_many_is_shown():
    first = gate(draft_of([(40, 60), (30, 70), (50, 50)]))[1]
    corrected = draft_of([(42, 58), (30, 90), (50, 50)], **NEXT, corrects=first.release_id)

    entry = gate(corrected, first)[1]

    assert entry.about == first.release_id
    assert "c|a=0|1" not in entry.shown
    assert entry.shown["c|a=1|0"] == 90


@pytest.mark.parametrize(("before", "now"), [("cell-key", "suppression"), ("noise", "suppression")])
def test_another_method_for_the_same_people_is_refused(before, now):
    entry = replace(gate(draft_of([(40, 60), (30, 70)]))[1], method=before, settings={"p_table": "d5-v5"})

    with pytest.raises(RefusedError, match=f"another method .{before}. .* {now} beside it"):
        gate(draft_of([(45, 90), (30, 70)], **NEXT), entry)


def test_another_method_is_refused_beside_a_suppressed_release_too():
    entry = gate(draft_of([(40, 60), (30, 70)]))[1]

    with pytest.raises(RefusedError, match=r"another method .suppression. .* cell-key beside it"):
        past_of(draft_of([(45, 90), (30, 70)], **NEXT), [entry], method="cell-key")


def test_another_method_for_other_people_or_another_period_is_no_matter():
    entry = replace(gate(draft_of([(40, 60), (30, 70)]))[1], method="cell-key")
    later = {"snapshot": "snapshot-2", "period_from": "2025-01-01", "period_to": "2025-12-31"}

    assert gate(draft_of([(45, 90), (30, 70)], **later), entry)
    assert gate(draft_of([(45, 90), (30, 70)], **NEXT), replace(entry, crowds={"others": "digest"}))


def test_a_withdrawn_release_goes_on_binding():
    draft = draft_of([(40, 60), (30, 70), (50, 50)])
    data = ledger.append(b"", gate(draft)[1])
    first = ledger.read(data)[0]
    back = ledger.withdrawal(data, first.release_id, because="wrong", made_on="2026-02-01", software="upwell 1")
    data += ledger.append(data, back)

    after = gate(draft_of([(43, 60), (30, 90), (50, 50)], **NEXT), *ledger.read(data))[1]

    assert "c|a=0|1" not in after.shown
