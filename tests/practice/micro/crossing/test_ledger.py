"""The web keeps its ledger by the same functions as the command line, and a broken one lets nothing cross."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from factories import crossing
from factories.five import five
from factories.ledgers import ENTRY
from upwell.evidence.disclosure.history import exported, ledger
from upwell.practice.bridge.models import Crossed, Issue
from upwell.practice.errors import ChangedMeanwhileError, PracticeError
from upwell.practice.micro.crossing import finish, gather, vault
from upwell.practice.micro.crossing.actions import candidate_approve, candidate_return
from upwell.practice.micro.crossing.table import source_id
from upwell.practice.micro.models import Candidate
from upwell.state import ledgers

CHANGED = (b'"seed":1', b'"seed":2')
DAMAGES = ("changed", "cut short", "emptied", "another agency's")


@pytest.fixture
def crowd():
    return crossing.crowded()


def approve(crowd, candidate):
    return candidate_approve(candidate=candidate, by=crowd.five.ben, statements=[])


def ledger_path(agency):
    return vault.home(agency) / "sources" / source_id(agency) / "ledger.jsonl"


def damaged(agency, damage):
    path = ledger_path(agency)
    content = path.read_bytes()
    other = ledger.entry_from(json.loads(content.splitlines()[0])["entry"] | {"source_id": "another"})
    path.write_bytes(
        {
            "changed": content.replace(*CHANGED),
            "cut short": content[: len(content) // 2],
            "emptied": b"",
            "another agency's": ledger.append(b"", other),
        }[damage]
    )
    return path.read_bytes()


def test_what_the_desk_enters_is_a_ledger_as_the_command_line_reads_it(crowd):
    candidate = approve(crowd, crossing.gathered(crowd.five.agency))

    lines = ledgers.peek(vault.home(crowd.five.agency), source_id(crowd.five.agency))

    (entry,) = ledger.verify(lines, source_id=source_id(crowd.five.agency))
    assert entry == finish.entry_of(candidate)
    assert entry.values
    assert exported.verify(exported.export(lines, public=True), lines) == 1


def test_a_candidate_of_an_earlier_version_still_fits_the_ledger(crowd):
    candidate = crossing.gathered(crowd.five.agency)
    held = json.loads(candidate.entry)
    candidate.entry = json.dumps({name: each for name, each in held.items() if name not in ledger.LATER})
    candidate.save()

    approve(crowd, candidate)

    assert len(vault.entries_now(crowd.five.agency)) == 1


def test_a_broken_ledger_lets_nothing_cross_and_says_so(crowd):
    approve(crowd, crossing.gathered(crowd.five.agency))
    crossing.many(crowd.five.agency, 120, 60, 9, towns=crowd.towns)
    candidate = crossing.gathered(crowd.five.agency)
    whole = ledger_path(crowd.five.agency).read_bytes()

    for damage in DAMAGES:  # one pair of releases serves for all: they are the slow part
        ledger_path(crowd.five.agency).write_bytes(whole)
        before = damaged(crowd.five.agency, damage)
        for decide in (
            lambda: approve(crowd, candidate),
            lambda: candidate_return(candidate=candidate, by=crowd.five.ben, why="Too small."),
        ):
            with pytest.raises(PracticeError) as said:
                decide()
            assert str(said.value).endswith("."), damage

        assert (Crossed.objects.count(), Issue.objects.count()) == (1, 0), damage
        assert Candidate.objects.get(pk=candidate.pk).state == Candidate.State.WAITING, damage
        assert ledger_path(crowd.five.agency).read_bytes() == before, damage


def test_nothing_is_gathered_beside_a_broken_ledger_and_the_desk_reads_why(crowd):
    approve(crowd, crossing.gathered(crowd.five.agency))
    crossing.many(crowd.five.agency, 120, 60, 9, towns=crowd.towns)
    damaged(crowd.five.agency, "changed")
    outbox = crossing.outbox(crowd.five.agency)

    made = gather.gather(outbox=outbox)

    outbox.refresh_from_db()
    assert made is None
    assert "shorter or other than it was" in outbox.said


def entered(agency, protection):
    """A line of a release under a protection, in the agency's ledger."""
    source = source_id(agency)
    with ledgers.held(vault.home(agency), source) as held:
        lines = held.lines()
        entry = replace(ENTRY, source_id=source, protection=protection, previous=ledger.head(lines))
        held.append(ledger.append(lines, entry))


@pytest.mark.parametrize(("before", "now"), [("cms", "sud"), ("cms", "victim-services"), ("victim-services", "cms")])
def test_releases_that_stand_apart_never_share_a_ledger_with_others(before, now):
    agency = five().agency
    entered(agency, before)
    agency.protection = now
    agency.save()
    outbox = crossing.outbox(agency)

    made = gather.gather(outbox=outbox)

    assert made is None
    assert outbox.said == vault.MIXED[:300] == vault.MIXED


@pytest.mark.parametrize("protection", ["cms", "ferpa", "own-pack-of-the-agency"])
def test_releases_under_rules_of_the_same_kind_share_a_ledger(protection):
    agency = five().agency
    entered(agency, protection)

    assert vault.lines_of(agency)


def test_what_waits_at_the_desk_is_overtaken_when_the_agency_changes_its_rules(crowd):
    candidate = crossing.gathered(crowd.five.agency)
    crowd.five.agency.protection = "victim-services"
    crowd.five.agency.save()
    candidate.agency.refresh_from_db()

    with pytest.raises(ChangedMeanwhileError, match="rules of protection"):
        approve(crowd, candidate)

    candidate.refresh_from_db()
    assert candidate.state == Candidate.State.STALE
    assert vault.entries_now(crowd.five.agency) == ()
