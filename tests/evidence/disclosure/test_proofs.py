"""Every release is proved again before anything is written, and the proof itself never leaves."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import get_type_hints

import numpy as np
import pytest

from factories import drafts
from upwell.evidence import errors
from upwell.evidence.disclosure import instead, protect, protection
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.history.past import past_of
from upwell.evidence.disclosure.plan import Side, check
from upwell.evidence.disclosure.protect import Gate, Signed
from upwell.evidence.disclosure.release import Release
from upwell.evidence.disclosure.suppression.prove import MOST_APART, proved_apart
from upwell.evidence.errors import ProofError

KEY = bytes(range(32))
DAY = date(2026, 1, 1)
USUAL = protection.load("hmis-agency", DAY)


def gate(draft):
    return protect.protect(
        draft, USUAL, earlier=(), key=KEY, made_on=DAY, seed=1, ledger_head=ledger.BEGINNING
    )  # fmt: skip


def sides(draft):
    return list(Gate(draft, USUAL, past_of(draft, ()), 1).run().done.values())


def proved(seed=1):
    """A crowd of some draft that has protected cells."""
    return next(side for side in sides(drafts.random_draft(seed)) if side.demand.primary.any())


def with_witness(side, table):
    return replace(side, hiding=replace(side.hiding, witnesses=table))


def test_an_honest_proof_holds():
    check(proved())


def test_a_witness_in_which_one_person_moved_is_found():
    side = proved()
    table = np.array(side.hiding.witnesses)
    table[-1, int(np.argmax(side.system.leaves))] += 1

    with pytest.raises(ProofError, match="Nothing is released"):
        check(with_witness(side, table))


def test_a_witness_with_fewer_than_nobody_is_found():
    side = proved()
    table = np.array(side.hiding.witnesses)
    table[-1, int(np.argmin(side.system.leaves))] = -1

    with pytest.raises(ProofError):
        check(with_witness(side, table))


def test_a_proof_that_proves_too_little_is_found():
    side = proved()
    same = np.tile(side.system.leaves, (len(side.hiding.witnesses), 1))

    with pytest.raises(ProofError):
        check(with_witness(side, same))


def test_a_protected_cell_that_is_shown_after_all_is_found():
    side = proved()
    hidden = side.hiding.hidden.copy()
    hidden[int(np.flatnonzero(side.demand.primary)[0])] = False

    with pytest.raises(ProofError):
        check(replace(side, hiding=replace(side.hiding, hidden=hidden)))


def test_a_witness_that_breaks_a_printed_share_is_found():
    side = proved()
    counts = side.system.counts[[int(np.flatnonzero(side.demand.primary)[0])]]
    value = side.system.values[np.flatnonzero(side.demand.primary)[:1]]
    pinned = replace(side.system, bands=counts, least=value, most=value)

    with pytest.raises(ProofError):
        check(replace(side, system=pinned))


def test_a_search_gone_wrong_releases_nothing(monkeypatch):
    honest = protect.suppress

    def corrupted(system, demand, **more):
        hiding = honest(system, demand, **more)
        table = np.array(hiding.witnesses)
        table[-1, 0] += 1
        return replace(hiding, witnesses=table)

    monkeypatch.setattr(protect, "suppress", corrupted)

    with pytest.raises(ProofError):
        gate(drafts.random_draft(1))


def test_a_proof_spoilt_after_the_attack_releases_nothing(monkeypatch):
    def spoilt(case, side, **more):
        found = instead.with_rounded(case, side, **more)
        table = np.array(found.hiding.witnesses)
        table[:, 0] += 1
        return with_witness(found, table)

    monkeypatch.setattr(protect, "with_rounded", spoilt)

    with pytest.raises(ProofError):
        gate(drafts.random_draft(1))


def held_by(kind, seen=None):
    """Every type that a dataclass holds, however deep."""
    seen = set() if seen is None else seen
    for hint in get_type_hints(kind).values():
        for part in (hint, *getattr(hint, "__args__", ())):
            if is_dataclass(part) and part not in seen:
                seen.add(part)
                held_by(part, seen)
            elif isinstance(part, type):
                seen.add(part)
    return seen


@pytest.mark.parametrize("leaves", [Signed, LedgerEntry, Release])
def test_nothing_that_leaves_can_hold_a_witness(leaves):
    held = held_by(leaves)

    assert np.ndarray not in held
    assert not {each.__module__ for each in held} & {
        f"upwell.evidence.disclosure.{name}"
        for name in (
            "suppression.suppress",
            "suppression.prove",
            "suppression.flow",
            "system",
            "plan",
            "rules",
            "draft",
        )
    }
    assert Side not in held


def test_the_ledger_keeps_of_the_witnesses_their_digest_alone():
    draft = drafts.random_draft(1)

    _, entry = gate(draft)

    assert len(entry.witnesses) == 64
    int(entry.witnesses, 16)
    assert {each.name for each in fields(LedgerEntry) if "witness" in each.name} == {"witnesses"}


def test_no_table_of_the_search_stands_in_what_is_written():
    draft = drafts.random_draft(1)
    tables = [table for side in sides(draft) for table in np.array(side.hiding.witnesses)]

    signed, entry = gate(draft)

    written = json.dumps(json.loads(signed.data)) + json.dumps(dataclasses.asdict(entry))
    assert tables
    for table in tables:
        if len(table) > 3:
            assert ", ".join(map(str, table.tolist())) not in written


def test_an_error_holds_words_and_titles_alone():
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]

    for kind in kinds:
        error = kind("A sentence.")
        assert all(isinstance(value, str | tuple) for value in vars(error).values())
        assert error.args == ("A sentence.",)


def test_what_a_search_left_unproved_is_proved_apart():
    side = proved()
    open_cells = side.demand.primary
    assert 0 < open_cells.sum() <= MOST_APART
    nothing = replace(
        side.hiding, hidden=side.demand.primary | side.demand.silent, unproved=open_cells,
        witnesses=side.system.leaves[np.newaxis], lowest=0 * side.hiding.lowest, highest=0 * side.hiding.highest,
    )  # fmt: skip

    found = proved_apart(side.system, side.demand, nothing, seed=1)

    assert not found.unproved.any()
    check(replace(side, hiding=found))


def test_what_is_proved_stays_as_it_is():
    side = proved()

    assert proved_apart(side.system, side.demand, side.hiding, seed=1) is side.hiding
