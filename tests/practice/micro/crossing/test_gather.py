"""Gathering: what comes to the desk, and what does not."""

from __future__ import annotations

import base64
import json

import pytest
from django.utils import timezone

from factories import crossing
from factories.five import consent, five
from upwell.evidence.disclosure.history import ledger
from upwell.practice.accounts.models import AuditEntry, Notice
from upwell.practice.bridge.models import Crossed, Issue
from upwell.practice.micro.crossing import gather, jobs, vault
from upwell.practice.micro.crossing.actions import candidate_approve, candidate_return
from upwell.practice.micro.models import Candidate
from upwell.practice.person.actions import consent_revoke
from upwell.practice.person.models import Consent


def test_a_gathering_puts_a_signed_candidate_on_the_desk():
    crowd = crossing.crowded()

    candidate = crossing.gathered(crowd.five.agency)

    made = crossing.release(candidate)
    assert candidate.state == Candidate.State.WAITING
    assert made.id == candidate.release_id
    assert any(pattern.question.startswith("policy") for pattern in made.patterns)
    assert candidate.ledger_head == ledger.BEGINNING


def test_nothing_is_in_the_ledger_nor_on_the_bridge_before_the_desk_says_so():
    crowd = crossing.crowded()

    crossing.gathered(crowd.five.agency)

    assert vault.entries_now(crowd.five.agency) == ()
    assert not Crossed.objects.exists()
    assert not Issue.objects.exists()


def test_what_waits_lies_encrypted():
    crowd = crossing.crowded()
    candidate = crossing.gathered(crowd.five.agency)

    raw = bytes(Candidate.objects.filter(pk=candidate.pk).extra(select={"raw": "signed"}).values_list("raw")[0][0])

    assert base64.b64decode(candidate.signed)[:20] not in raw
    assert b"people-in-contact" not in raw


def test_every_withheld_count_is_named_by_its_place_and_no_count_is():
    crowd = crossing.crowded()

    candidate = crossing.gathered(crowd.five.agency)

    tables = {table.id: table for table in crossing.release(candidate).tables}
    assert candidate.withheld
    assert all(getattr(tables[table].rows[row], part) is None for table, row, part in candidate.withheld)


def test_the_desk_is_told_and_the_audit_knows():
    crowd = crossing.crowded()

    candidate = crossing.gathered(crowd.five.agency)

    assert Notice.objects.filter(worker=crowd.five.ben, kind="desk").count() == 1
    assert not Notice.objects.exclude(worker=crowd.five.ben).exists()
    entry = AuditEntry.objects.get(act="candidate.make")
    assert (entry.actor, entry.agency, entry.object) == ("system", crowd.five.agency, f"micro.Candidate:{candidate.pk}")


def test_the_same_people_and_the_same_ledger_make_no_second_candidate():
    crowd = crossing.crowded()
    crossing.gathered(crowd.five.agency)

    again = gather.gather(outbox=crossing.outbox(crowd.five.agency))

    assert again is None
    assert Candidate.objects.count() == 1


def test_other_people_overtake_what_waits():
    crowd = crossing.crowded()
    first = crossing.gathered(crowd.five.agency)
    consent(crowd.five.eve)

    second = crossing.gathered(crowd.five.agency)

    first.refresh_from_db()
    assert (first.state, second.state) == (Candidate.State.STALE, Candidate.State.WAITING)


def test_people_who_were_released_are_not_gathered_again():
    crowd = crossing.crowded()
    candidate_approve(candidate=crossing.gathered(crowd.five.agency), by=crowd.five.ben, statements=())

    again = gather.gather(outbox=crossing.outbox(crowd.five.agency))

    assert again is None


def test_what_was_returned_comes_again_only_by_hand():
    crowd = crossing.crowded()
    candidate = crossing.gathered(crowd.five.agency)
    candidate_return(candidate=candidate, by=crowd.five.ben, why="Wait for the board.")

    nightly = gather.gather(outbox=crossing.outbox(crowd.five.agency))
    by_hand = gather.gather(outbox=crossing.outbox(crowd.five.agency, target="by hand"))

    assert nightly is None
    assert by_hand is not None


def test_too_few_people_are_said_and_are_no_fault():
    world = five()
    consent(world.eve)
    outbox = crossing.outbox(world.agency)

    jobs.run.call(outbox.pk)

    outbox.refresh_from_db()
    assert outbox.done_at is not None
    assert outbox.said == gather.TOO_FEW
    assert outbox.error == ""
    assert not Candidate.objects.exists()


def test_a_refused_release_is_said_and_are_no_fault():
    crowd = crossing.crowded()
    candidate_approve(candidate=crossing.gathered(crowd.five.agency), by=crowd.five.ben, statements=())
    given = Consent.objects.get(person=crowd.caseload.people[0])
    consent_revoke(consent=given, at=timezone.now())
    outbox = crossing.outbox(crowd.five.agency)

    jobs.run.call(outbox.pk)

    outbox.refresh_from_db()
    assert outbox.done_at is not None
    assert outbox.error == ""
    assert bool(outbox.said) != Candidate.objects.filter(state=Candidate.State.WAITING).exists()


def test_the_ledger_entry_of_a_candidate_fits_the_ledger():
    crowd = crossing.crowded()
    candidate = crossing.gathered(crowd.five.agency)

    entry = json.loads(candidate.entry)

    assert entry["release_id"] == candidate.release_id
    assert entry["previous"] == candidate.ledger_head


def test_progress_is_written_while_it_works(monkeypatch: pytest.MonkeyPatch):
    crowd = crossing.crowded(60, concerns=60)
    outbox = crossing.outbox(crowd.five.agency)
    seconds = iter(range(0, 100_000, 2))
    monkeypatch.setattr(gather.time, "monotonic", lambda: next(seconds))

    gather.gather(outbox=outbox)

    outbox.refresh_from_db()
    assert 0 < outbox.share_done <= 1
    assert outbox.claimed_until is not None
