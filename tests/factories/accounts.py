"""What the tests of accounts need beyond the five."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone

from factories.five import worker
from upwell.practice.accounts import lock
from upwell.practice.accounts.models import Agency, AuditEntry, Role, Team, Worker


def idle(browser: Client, *, minutes: int) -> None:
    """Nobody has touched the browser for this long."""
    session = browser.session
    session[lock.SEEN] = time.time() - 60 * minutes
    session.save()


def entry(agency: Agency, worker: Worker | None = None, *, at: datetime | None = None, **more: object) -> AuditEntry:
    """A row of the audit, an hour old unless said otherwise."""
    fields: dict[str, object] = {
        "actor": "worker" if worker else "system",
        "act": "case.open",
        "object": "micro.Case:1",
        "is_read": True,
    }
    at = at or timezone.now() - timedelta(hours=1)
    return AuditEntry.objects.create(at=at, agency=agency, worker=worker, **(fields | more))


def administrator(agency: Agency, team: Team | None = None, name: str = "Fay Fox") -> Worker:
    """Somebody who manages workers."""

    return worker(name, agency, team, Role.ADMINISTRATOR)
