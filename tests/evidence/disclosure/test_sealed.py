"""What leaves holds no digest that somebody could find the hidden counts by, trying table after table."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace

from tests.factories import tabled

from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.draft import Draft
from upwell.evidence.disclosure.history import exported, ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protect import Signed, protect
from upwell.evidence.disclosure.sealed import sealed

RULE = protection.load("hmis-agency", tabled.TODAY)
KEY, OTHER = tabled.KEY, bytes(32)


def released(key: bytes = KEY) -> tuple[Draft, tuple[Signed, LedgerEntry]]:
    drafted = tabled.drafted(tabled.table())
    made = protect(drafted, RULE, earlier=(), key=key, made_on=tabled.TODAY, seed=1, ledger_head=ledger.BEGINNING)
    return drafted, made


def test_the_records_are_named_in_a_release_by_a_seal_and_not_by_their_digest() -> None:
    drafted, (signed, entry) = released()

    assert drafted.meta["snapshot"].encode() not in signed.data
    assert signed.release.snapshot == sealed(KEY, "snapshot", drafted.meta["snapshot"])
    assert entry.snapshot == drafted.meta["snapshot"], "the ledger stays on the case side"


def test_the_same_records_have_the_same_seal_and_another_agencys_another() -> None:
    once, again, elsewhere = (released(key)[1][0].release.snapshot for key in (KEY, KEY, OTHER))

    assert once == again != elsewhere


def test_who_knows_all_counts_cannot_make_the_line_whose_hash_is_public() -> None:
    _, (_, entry) = released()
    _, (_, theirs) = released(OTHER)
    line = ledger.append(b"", entry)

    guessed = replace(theirs, release_id=entry.release_id, source_id=entry.source_id)

    assert asdict(guessed) | {"seal": entry.seal} == asdict(entry), "all but the seal can be guessed"
    assert ledger.append(b"", guessed) != line


def test_no_digest_of_the_case_side_stands_in_a_public_export() -> None:
    drafted, (_, entry) = released()
    told = exported.export(ledger.append(b"", entry), public=True)

    for kept in (drafted.meta["snapshot"], entry.seal, entry.witnesses, entry.request, *entry.crowds.values()):
        assert kept.encode() not in told
    assert json.loads(told)["head"] == hashlib.sha256(ledger.append(b"", entry).rstrip(b"\n")).hexdigest()


def test_a_ledger_from_before_there_were_seals_is_read_as_it_was() -> None:
    _, (_, entry) = released()
    line = ledger.append(b"", replace(entry, seal=""))

    assert b'"seal"' not in line
    assert ledger.read(line)[0].seal == ""
