"""The job worker: does what is due, finishes what a killed one left, and is alone."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from factories.caseload import export, upload
from factories.five import five
from upwell.practice.micro.actions import caseload as actions
from upwell.practice.micro.caseload.jobs import step
from upwell.practice.micro.models import CaseloadImport
from upwell.web import jobs
from upwell.web.health import LATE


def beat_file() -> Path:
    return Path(settings.UPWELL_HOME) / jobs.HEARTBEAT


def running(attempts: int = 1) -> DBTaskResult:  # type: ignore[type-arg]
    """A job as a killed worker leaves it."""
    world = five()
    batch = actions.caseload_begin(by=world.ben, uploads=[upload(export(1))])
    if not DBTaskResult.objects.exists():  # sent for on commit, where the test has real transactions
        step.enqueue(str(batch.pk))
    row = DBTaskResult.objects.get()
    row.status, row.worker_ids, row.started_at = "RUNNING", [uuid4().hex] * attempts, timezone.now()
    row.save()
    return row


@pytest.mark.django_db(transaction=True)  # the worker closes connections between its steps
def test_what_a_killed_worker_left_is_done_by_the_next() -> None:
    row = running()

    call_command("work", once=True)

    assert DBTaskResult.objects.get(pk=row.pk).status == "SUCCESSFUL"
    assert CaseloadImport.objects.get().state == CaseloadImport.State.PREVIEWED


@pytest.mark.django_db(transaction=True)  # the worker closes connections between its steps
def test_a_job_that_ends_its_worker_each_time_is_given_up() -> None:
    row = running(attempts=jobs.MOST_ATTEMPTS)

    call_command("work", once=True)

    assert DBTaskResult.objects.get(pk=row.pk).status == "FAILED"


def test_two_workers_of_one_home_are_one_too_many() -> None:
    with jobs.alone(), pytest.raises(CommandError, match="one is enough"):
        call_command("work", once=True)


@pytest.mark.django_db(transaction=True)  # the worker closes connections between its steps
def test_a_step_that_fails_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from upwell.practice.micro.crossing import pending  # noqa: PLC0415 - the module that is made to fail

    def fails(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(pending, "sweep", fails)
    row = running()

    call_command("work", once=True)

    assert DBTaskResult.objects.get(pk=row.pk).status == "SUCCESSFUL"


def test_jobs_that_ended_long_ago_are_forgotten() -> None:
    row = running()
    row.status, row.finished_at = "SUCCESSFUL", timezone.now() - timedelta(days=8)
    row.save()

    jobs.forget_finished()

    assert not DBTaskResult.objects.exists()


def test_health_tells_database_worker_and_jobs(client: Client) -> None:
    beat_file().unlink(missing_ok=True)
    assert client.get("/health/ready").json() == {
        "database": "up", "worker": "never", "worker_seconds_ago": None, "jobs": 0,
    }  # fmt: skip

    jobs.beat()
    assert client.get("/health/ready").json()["worker"] == "up" and beat_file().read_bytes() == b""

    long_ago = timezone.now().timestamp() - LATE - 10
    os.utime(beat_file(), (long_ago, long_ago))
    assert client.get("/health/ready").json()["worker"] == "late"
    assert client.get("/health/live").content == b"ok\n"
