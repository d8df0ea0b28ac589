"""The job worker's work: due tasks of the database, without a trace of anybody's values, and its sign of life."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any  # a task's own arguments and answer

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from upwell.web.logs import place

log = logging.getLogger("upwell.web.jobs")
HEARTBEAT = "worker.alive"
_LOCK = "worker.lock"
MOST_ATTEMPTS = 5
"""A job that was cut off this often most likely ends its worker itself; it is given up and stays visible as failed."""
KEPT = timedelta(days=7)
"""Finished jobs are kept this long."""


class AlreadyAtWorkError(Exception):
    """Another job worker serves this state folder."""


class Runner(DatabaseWorker):
    """django-tasks' own worker, which keeps of an error its class and place only."""

    def __init__(self, name: str) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
        )

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run one task and note how it ended. Its traceback could hold values, so it is not kept."""
        beat()
        try:
            task, given = db_task_result.task, db_task_result.args_kwargs
            db_task_result.set_successful(task.call(*given["args"], **given["kwargs"]))
        except Exception as error:
            log.exception("A job failed")
            _give_up(db_task_result, f"{type(error).__module__}.{type(error).__qualname__}", place(error))


def recover() -> int:
    """Put back what a killed worker was doing; how many. Call it while alone(): nobody else is at work then."""
    left = list(DBTaskResult.objects.running())
    for row in left:
        if len(row.worker_ids) >= MOST_ATTEMPTS:
            _give_up(row, "", f"cut off {MOST_ATTEMPTS} times")
        else:
            row.status, row.started_at = TaskResultStatus.READY, None
            row.save(update_fields=["status", "started_at"])
    return len(left)


def _give_up(row: DBTaskResult[Any, Any], error_class: str, where: str) -> None:
    row.status, row.finished_at = TaskResultStatus.FAILED, timezone.now()
    row.exception_class_path, row.traceback, row.return_value = error_class, where, None
    row.save(update_fields=["status", "finished_at", "exception_class_path", "traceback", "return_value"])


def forget_finished() -> None:
    """Drop jobs that ended long ago."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()


def waiting() -> int:
    """How many jobs are due and not begun."""
    return DBTaskResult.objects.ready().count()


@contextmanager
def alone() -> Iterator[None]:
    """Be the only job worker of this state folder. Raises AlreadyAtWorkError when there is one."""
    descriptor = os.open(Path(settings.UPWELL_HOME) / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise AlreadyAtWorkError from None
    finally:
        os.close(descriptor)


def beat() -> None:
    """Leave a sign of life: the time of an empty file."""
    (Path(settings.UPWELL_HOME) / HEARTBEAT).touch(mode=0o600)


def seconds_since_beat() -> int | None:
    """How long ago the worker last gave a sign of life; None when it never did."""
    try:
        return max(0, int(time.time() - (Path(settings.UPWELL_HOME) / HEARTBEAT).stat().st_mtime))
    except FileNotFoundError:
        return None
