"""What is due, and that each piece of work is done once, by one worker, however often it is sent for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from factories import crossing
from factories.five import consent, five
from practice.micro.crossing.test_deliver import a_reply, an_issue
from practice.micro.crossing.test_match import a_note
from practice.micro.crossing.test_measure import declared
from upwell.practice.micro.crossing import jobs, pending
from upwell.practice.micro.models import Outbox, Word

NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # noon in New York
NIGHT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # half past one


@pytest.fixture
def world():
    return five()


def kinds():
    return sorted(Outbox.objects.values_list("kind", flat=True))


def test_a_sweep_makes_a_row_for_everything_that_is_due(world):
    a_reply(an_issue(world))
    a_note(world)
    declared(world)

    made = pending.sweep(NOON)

    assert sorted(each.kind for each in made) == ["deliver", "gather", "gather", "match", "measure"]
    assert {each.agency_id for each in made if each.kind == "gather"} == {world.agency.pk, world.other_agency.pk}


def test_a_second_sweep_makes_nothing(world):
    a_reply(an_issue(world))
    pending.sweep(NOON)
    before = kinds()

    assert pending.sweep(NOON + timedelta(minutes=1)) == []
    assert kinds() == before


def test_a_night_is_gathered_once_an_agency_and_not_before_it_ends(world):
    assert pending.sweep(NIGHT) == []

    pending.sweep(NOON)
    pending.sweep(NOON + timedelta(hours=3))
    pending.sweep(NOON + timedelta(days=1))

    assert Outbox.objects.filter(kind="gather", agency=world.agency).count() == 2


def test_a_measure_is_due_when_its_time_is_over(world):
    declared(world, after_to=NOON.date())

    pending.sweep(NOON)
    assert "measure" not in kinds()

    pending.sweep(NOON + timedelta(days=1))
    assert "measure" in kinds()


def test_a_job_is_sent_for_only_when_its_row_is_in_the_database(world, django_capture_on_commit_callbacks):
    a_reply(an_issue(world))

    with django_capture_on_commit_callbacks(execute=True) as sent:
        pending.sweep(NOON)
        assert not DBTaskResult.objects.exists()

    assert len(sent) == 3
    assert DBTaskResult.objects.count() == 3


def test_the_only_argument_of_a_job_is_the_id_of_a_row(world, django_capture_on_commit_callbacks):
    a_reply(an_issue(world))
    with django_capture_on_commit_callbacks(execute=True):
        pending.sweep(NOON)

    given = [task.args_kwargs for task in DBTaskResult.objects.all()]

    assert {each["args"][0] for each in given} == set(Outbox.objects.values_list("pk", flat=True))
    assert all(len(each["args"]) == 1 and not each["kwargs"] for each in given)


def test_what_is_under_way_is_not_sent_for_again(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as first:
        pending.sweep(NOON)
    with django_capture_on_commit_callbacks() as second:
        pending.sweep(NOON + timedelta(seconds=2))

    assert (len(first), len(second)) == (2, 0)


def test_a_job_that_never_began_is_sent_for_again(world, django_capture_on_commit_callbacks):
    pending.sweep(timezone.now())
    Outbox.objects.update(queued_at=timezone.now() - timedelta(hours=2))

    with django_capture_on_commit_callbacks() as sent:
        pending.sweep(timezone.now())

    assert len(sent) == Outbox.objects.filter(done_at=None).count()


def a_delivery(world):
    consent(world.eve)
    crossing.raised(world.case, world.ana)
    return crossing.outbox(world.agency, "deliver", str(a_reply(an_issue(world)).pk))


def test_a_job_does_its_row_and_marks_it_done(world):
    outbox = a_delivery(world)

    jobs.run.call(outbox.pk)

    outbox.refresh_from_db()
    assert (outbox.done_at is not None, outbox.attempts, outbox.share_done) == (True, 1, 1.0)
    assert Word.objects.count() == 1


def test_a_row_that_is_done_is_not_done_again(world):
    outbox = a_delivery(world)
    jobs.run.call(outbox.pk)

    jobs.run.call(outbox.pk)

    outbox.refresh_from_db()
    assert outbox.attempts == 1


def test_of_two_workers_one_does_it(world):
    outbox = a_delivery(world)

    assert jobs.claim(outbox.pk) is not None
    assert jobs.claim(outbox.pk) is None

    jobs.run.call(outbox.pk)
    assert not Word.objects.exists()


def test_the_work_of_a_worker_that_died_is_taken_over(world):
    outbox = a_delivery(world)
    jobs.claim(outbox.pk)
    Outbox.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    jobs.run.call(outbox.pk)

    assert Word.objects.count() == 1


def test_a_fault_is_kept_by_the_name_of_its_class_alone(world, monkeypatch, caplog):
    outbox = a_delivery(world)

    def fail(**given):
        raise ValueError("Evelina Ostrowska")

    monkeypatch.setitem(jobs.WORK, "deliver", fail)

    jobs.run.call(outbox.pk)

    outbox.refresh_from_db()
    assert (outbox.error, outbox.done_at) == ("ValueError", None)
    assert outbox.not_before > timezone.now()
    assert "Evelina" not in caplog.text


def test_after_five_faults_it_is_left_alone(world, monkeypatch, django_capture_on_commit_callbacks):
    outbox = a_delivery(world)
    monkeypatch.setitem(jobs.WORK, "deliver", lambda **given: 1 / 0)
    for _ in range(7):
        jobs.run.call(outbox.pk)

    outbox.refresh_from_db()
    assert outbox.attempts == jobs.MOST_ATTEMPTS
    Outbox.objects.update(not_before=None)
    with django_capture_on_commit_callbacks() as sent:
        pending.sweep(NIGHT)
    assert not sent


def test_each_pause_is_longer():
    pauses = [jobs.pause(attempts) for attempts in range(1, 6)]

    assert pauses == sorted(set(pauses))
    assert pauses[0] == timedelta(minutes=1)


def test_a_row_that_is_gone_is_no_fault():
    jobs.run.call(10**9)


def test_what_somebody_asks_for_again_is_done_again(world):
    outbox = pending.again(kind="gather", agency=world.agency, target="by hand", on=crossing.TODAY)
    jobs.run.call(outbox.pk)

    again = pending.again(kind="gather", agency=world.agency, target="by hand", on=crossing.TODAY)

    assert again.pk == outbox.pk
    assert again.done_at is None
