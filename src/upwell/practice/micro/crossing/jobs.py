"""The job: one outbox row, done exactly once in its effect. Its only argument is the row's id.

Errors are kept as the name of their class: a message or a traceback could hold a value of somebody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from upwell.practice.micro.crossing.deliver import deliver
from upwell.practice.micro.crossing.gather import LEASE, gather
from upwell.practice.micro.crossing.match import match
from upwell.practice.micro.crossing.measure import measure
from upwell.practice.micro.models import Outbox

log = logging.getLogger("upwell.crossing")

MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=1)
"""After the first fault; each further one waits four times as long."""

WORK: dict[str, Callable[..., object]] = {
    "gather": gather,
    "deliver": deliver,
    "match": match,
    "measure": measure,
}


@task
def run(outbox_id: int) -> None:
    """Do one row, unless it is done, or another worker is at it. A fault is kept and tried again later."""
    if (outbox := claim(outbox_id)) is None:
        return
    try:
        WORK[outbox.kind](outbox=outbox)
    except Exception as error:  # noqa: BLE001 - the door of the jobs: whatever it was, it is kept by name alone
        _failed(outbox, error)
    else:
        Outbox.objects.filter(pk=outbox.pk).update(
            done_at=timezone.now(), claimed_until=None, share_done=1.0, error="", not_before=None
        )


def claim(outbox_id: int) -> Outbox | None:
    """The row, if this worker alone may work on it now; else None."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    mine = Outbox.objects.filter(free, pk=outbox_id, done_at=None, attempts__lt=MOST_ATTEMPTS).update(
        claimed_until=now + LEASE, attempts=F("attempts") + 1
    )
    return Outbox.objects.select_related("agency").get(pk=outbox_id) if mine else None


def pause(attempts: int) -> timedelta:
    """How long to wait after so many faults."""
    return FIRST_PAUSE * int(4 ** max(attempts - 1, 0))


@transaction.atomic
def _failed(outbox: Outbox, error: Exception) -> None:
    name = type(error).__name__[:60]
    log.warning("outbox %d (%s) failed: %s", outbox.pk, outbox.kind, name)
    Outbox.objects.filter(pk=outbox.pk).update(
        error=name, claimed_until=None, queued_at=None, not_before=timezone.now() + pause(outbox.attempts)
    )
