"""The ledger notices every line that was changed, cut, moved, removed, or that is another source's."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace

import pytest

from factories.ledgers import ENTRY
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.errors import LedgerError


def three():
    data = b""
    for number in range(3):
        data += ledger.append(data, replace(ENTRY, release_id=f"r{number}", previous=ledger.head(data)))
    return data


def test_what_is_read_is_what_was_appended():
    entries = ledger.read(three())

    assert [entry.release_id for entry in entries] == ["r0", "r1", "r2"]
    assert entries[0] == replace(ENTRY, release_id="r0")


def test_an_empty_ledger_has_the_beginning_as_its_head():
    assert ledger.read(b"") == ()
    assert ledger.head(b"") == ledger.BEGINNING


def test_a_changed_count_is_noticed_in_every_line():
    lines = three().splitlines(keepends=True)
    for at in range(3):
        changed = [line.replace(b":40", b":41") if number == at else line for number, line in enumerate(lines)]

        with pytest.raises(LedgerError, match=f"Line {at + 1} of the ledger was changed"):
            ledger.verify(b"".join(changed))


def test_a_line_removed_or_moved_is_noticed():
    first, second, third = three().splitlines(keepends=True)

    for broken in (first + third, second + third, first + third + second):
        with pytest.raises(LedgerError, match="does not follow"):
            ledger.verify(broken)


def test_half_a_line_is_noticed():
    with pytest.raises(LedgerError, match="Line 3 of the ledger is cut off"):
        ledger.verify(three()[:-20])


def test_missing_last_lines_are_noticed_by_a_head_that_was_noted():
    whole = three()
    shorter = b"".join(whole.splitlines(keepends=True)[:2])

    assert len(ledger.verify(whole, expected_head=ledger.head(whole))) == 3
    assert len(ledger.verify(whole, expected_head=ledger.head(shorter))) == 3
    with pytest.raises(LedgerError, match="lacks a release"):
        ledger.verify(shorter, expected_head=ledger.head(whole))


def test_another_sources_line_is_refused():
    data = three()

    with pytest.raises(LedgerError, match="another source"):
        ledger.append(data, replace(ENTRY, source_id="source-2", previous=ledger.head(data)))


def test_an_entry_made_before_another_one_was_written_is_refused():
    data = three()

    with pytest.raises(LedgerError, match="Run the same command again"):
        ledger.append(data, ENTRY)


@pytest.mark.parametrize("line", [b"no json\n", b"[]\n", b'{"entry":{}}\n', b'{"check":"","entry":{"seed":1}}\n'])
def test_what_is_no_ledger_is_said_to_be_unreadable(line):
    with pytest.raises(LedgerError, match="Line 1 of the ledger cannot be read"):
        ledger.verify(line)


def withdrawn_second():
    data = three()
    entry = ledger.withdrawal(
        data, "r1", because="counted one  shelter twice", made_on="2024-02-01", software="upwell 1"
    )
    return data + ledger.append(data, entry)


def test_a_withdrawn_release_stays_in_the_ledger_with_the_reason():
    entries = ledger.read(withdrawn_second())

    assert [entry.kind for entry in entries] == ["release", "release", "release", "withdrawal"]
    assert ledger.withdrawn(entries) == {"r1": "counted one shelter twice"}
    assert entries[1].shown == ENTRY.shown
    assert not entries[3].shown and not entries[3].hidden and not entries[3].snapshot


@pytest.mark.parametrize(
    ("release_id", "because", "said"),
    [("r9", "a reason", "lists no release r9"), ("r1", "a reason", "withdrawn before"), ("r0", "  ", "Say why")],
)
def test_a_withdrawal_needs_a_release_that_stands_and_a_reason(release_id, because, said):
    with pytest.raises(LedgerError, match=said):
        ledger.withdrawal(withdrawn_second(), release_id, because=because, made_on="2024-02-01", software="upwell 1")


def test_ledgers_of_the_first_version_stay_as_they_are_to_the_byte():
    later = json.loads(three().splitlines()[0])["entry"]

    assert not later.keys() & ledger.LATER.keys()
    assert ledger.read(three())[0].kind == "release"


def test_fields_that_came_later_come_back_as_they_were():
    entry = replace(
        ENTRY, values={"c|a": ("x", "y")}, bands=(((("c|a=0|1", 2), ("c||0,1", -1)), 0, 5),), settings={"epsilon": "1"}
    )

    assert ledger.read(ledger.append(b"", entry)) == (entry,)
    assert ledger.entry_from(json.loads(json.dumps(asdict(entry)))) == entry


def test_an_entry_of_a_newer_version_is_named_as_such():
    content = json.loads(three().splitlines()[0])["entry"] | {"one_day": 1}
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    check = hashlib.sha256(written).hexdigest().encode()

    with pytest.raises(LedgerError, match="newer version of Upwell"):
        ledger.verify(b'{"check":"' + check + b'","entry":' + written + b"}\n")


def test_another_agencys_ledger_is_not_taken_for_ours():
    assert ledger.verify(three(), source_id="source-1")
    with pytest.raises(LedgerError, match="another source"):
        ledger.verify(three(), source_id="source-2")
