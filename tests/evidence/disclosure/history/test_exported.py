"""A ledger that was exported says as much as it should, and every change to it is noticed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from factories.ledgers import ENTRY
from upwell.evidence.disclosure.history import exported, ledger
from upwell.evidence.errors import LedgerError

from .test_ledger import three


@pytest.mark.parametrize("public", [False, True])
def test_an_export_is_whole_by_itself_and_beside_its_ledger(public):
    data = three()

    file = exported.export(data, public=public)

    assert exported.verify(file) == 3
    assert exported.verify(file, data) == 3
    assert json.loads(file)["head"] == ledger.head(data)


def test_the_lines_of_a_whole_export_are_the_ledger():
    data = three()

    lines = json.loads(exported.export(data, public=False))["lines"]

    assert "".join(f"{line}\n" for line in lines).encode() == data


def test_a_public_export_names_nothing_that_is_hidden():
    file = exported.export(three(), public=True)

    assert b"c||all" in file
    for name in ENTRY.hidden:
        assert name.encode() not in file
    assert ENTRY.crowds["c"].encode() not in file
    assert ENTRY.witnesses.encode() not in file.replace(ledger.BEGINNING.encode(), b"")


@pytest.mark.parametrize("public", [False, True])
def test_an_export_up_to_a_release_ends_there(public):
    file = exported.export(three(), public=public, release_id="r1")

    assert exported.verify(file, three()) == 2


def test_an_export_up_to_a_release_that_is_not_there_is_a_sentence():
    with pytest.raises(LedgerError, match="lists no release r9"):
        exported.export(three(), public=True, release_id="r9")


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize(("old", "new"), [(b"r1", b"r7"), (b"suppression", b"cell-key"), (b"40", b"41")])
def test_a_changed_export_is_noticed(public, old, new):
    file = exported.export(three(), public=public)

    with pytest.raises(LedgerError, match="changed after it was made"):
        exported.verify(file.replace(old, new))


def test_a_forged_export_is_noticed_by_the_ledger_at_hand():
    other = ledger.append(b"", replace(ENTRY, shown={"c||0,1": 41}))
    forged = exported.export(other, public=True)

    assert exported.verify(forged) == 1
    with pytest.raises(LedgerError, match="never had the head"):
        exported.verify(forged, three())


def test_entries_taken_out_of_a_public_export_are_noticed():
    content = json.loads(exported.export(three(), public=True))
    del content["entries"][1], content["check"]

    with pytest.raises(LedgerError, match="does not follow"):
        exported.verify(exported._signed_off(content))


@pytest.mark.parametrize("file", [b"", b"[]", b"{}", b"no json", b'{"form":"upwell ledger 1","check":""}', b"\xff"])
def test_what_is_no_export_is_said_to_be_none(file):
    with pytest.raises(LedgerError, match="no export of a ledger"):
        exported.verify(file)
