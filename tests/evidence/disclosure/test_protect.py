"""The gate: whatever comes out survives the auditor, and what cannot be made safe does not come out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from factories import drafts

from upwell.evidence.disclosure import ledger, protection, release
from upwell.evidence.disclosure.protect import protect

KEY = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
DAY = date(2026, 1, 1)


def gate(draft, name="hmis-agency", earlier=(), head=ledger.BEGINNING, seed=1):
    return protect(
        draft, protection.load(name, DAY), earlier=earlier, key=KEY, made_on=DAY, seed=seed, ledger_head=head
    )


def test_a_release_is_signed_and_reads_back_as_it_was():
    signed, _ = gate(drafts.random_draft(1))

    assert release.read(signed.data, PUBLIC) == signed.release


def test_no_count_below_the_threshold_is_ever_printed():
    for seed in range(5):
        signed, _ = gate(drafts.random_draft(seed))
        printed = [n for t in signed.release.tables for r in t.rows for n in (r.persons, r.yes, r.no) if n is not None]

        assert all(n == 0 or n >= 11 for n in printed)


def test_the_same_request_gives_the_same_bytes():
    draft = drafts.random_draft(3)

    first, second = gate(draft)[0], gate(draft)[0]

    assert first.data == second.data
