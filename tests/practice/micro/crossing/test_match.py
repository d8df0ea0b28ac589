"""The case finder: whose cases a practice note may touch, and that nobody else learns it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from factories import crossing
from factories.five import case, five, person
from upwell.practice.accounts.models import Notice
from upwell.practice.bridge.models import PracticeNote
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.micro.crossing.match import match
from upwell.practice.micro.models import Case, Entry, NoteMatch, Referral


@pytest.fixture
def world():
    return five()


def a_note(world, **more):
    fields = {
        "agency": world.agency,
        "title": "Certificates may be fetched in person",
        "what_changed": "From now on.",
        "who_affected": "People who wait for one.",
        "what_to_do": "Go to the counter.",
        "effective_on": crossing.TODAY,
        "state": PracticeNote.State.SENT,
        "sent_at": timezone.now(),
    }
    return PracticeNote.objects.create(**(fields | more))


def found(world, note):
    match(outbox=crossing.outbox(world.agency, "match", str(note.pk)))
    return [each.case for each in NoteMatch.objects.all()]


def test_a_case_whose_concern_names_the_rule_is_found_and_its_worker_told(world):
    crossing.raised(world.case, world.ana, policy=world.policy)

    assert found(world, a_note(world, policy=world.policy)) == [world.case]
    assert [(each.worker, each.kind) for each in Notice.objects.all()] == [(world.ana, "practice_note")]


def test_the_institution_is_enough(world):
    crossing.raised(world.case, world.ana, system=world.office)

    assert found(world, a_note(world, system=world.office)) == [world.case]


@pytest.mark.parametrize(
    ("domains", "barriers", "is_found"),
    [
        ([Domain.DOCUMENTS], [Barrier.TOO_SLOW], True),
        ([Domain.DOCUMENTS], [], True),
        ([], [Barrier.TOO_SLOW], True),
        ([Domain.DOCUMENTS], [Barrier.UNFAIR], False),
        ([Domain.HOUSING], [Barrier.TOO_SLOW], False),
        ([], [], False),
    ],
)
def test_domain_and_barrier_must_both_fit(world, domains, barriers, is_found):
    crossing.raised(world.case, world.ana)

    note = a_note(world, finder_domains=domains, finder_barriers=barriers)

    assert bool(found(world, note)) is is_found


def test_an_entry_that_was_superseded_finds_nothing(world):
    fields = {"case": world.case, "by": world.ana, "domain": Domain.DOCUMENTS, "on": crossing.TODAY}
    Entry.objects.create(**fields, state=Entry.State.SUPERSEDED)
    note = a_note(world, finder_domains=[Domain.DOCUMENTS])
    assert found(world, note) == []

    Entry.objects.create(**fields)

    match(outbox=crossing.outbox(world.agency, "match", str(note.pk), crossing.TODAY + timedelta(days=1)))
    assert NoteMatch.objects.count() == 1


def test_a_referral_to_the_institution_finds_its_case(world):
    Referral.objects.create(case=world.case, by=world.ana, service=world.service, made_on=crossing.TODAY)

    assert found(world, a_note(world, system=world.office)) == [world.case]


def test_closed_cases_and_other_agencies_are_left_alone(world):
    closed = case(person(world.agency, "Invented", "Closed"), world.team, world.ana, state=Case.State.CLOSED)
    crossing.raised(closed, world.ana, policy=world.policy)
    crossing.raised(world.dovs_case, world.dov, policy=world.policy)

    assert found(world, a_note(world, policy=world.policy)) == []
    assert not Notice.objects.exists()


def test_a_draft_finds_nothing(world):
    crossing.raised(world.case, world.ana, policy=world.policy)

    assert found(world, a_note(world, policy=world.policy, state=PracticeNote.State.DRAFTED)) == []


def test_run_twice_it_marks_a_case_once(world):
    crossing.raised(world.case, world.ana, policy=world.policy)
    note = a_note(world, policy=world.policy)
    outbox = crossing.outbox(world.agency, "match", str(note.pk))

    match(outbox=outbox)
    match(outbox=outbox)

    assert NoteMatch.objects.count() == 1
    assert Notice.objects.count() == 1


def test_the_shared_side_gets_no_number(world):
    crossing.raised(world.case, world.ana, policy=world.policy)
    note = a_note(world, policy=world.policy)
    before = list(PracticeNote.objects.values())

    found(world, note)

    assert list(PracticeNote.objects.values()) == before
    assert not Notice.objects.filter(worker=world.cleo).exists()
