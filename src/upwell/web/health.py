"""For whoever watches the server: is it up, and can it do its work. Nothing here is about anybody."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from upwell.practice.accounts.may import open_to
from upwell.web import jobs

LATE = 300
"""Seconds without a sign of life after which the job worker counts as late; a long job takes a few minutes."""


@open_to("health")
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to("health")
def ready(request: HttpRequest) -> HttpResponse:
    """Whether the database answers (503 when it does not), when the job worker last lived, how many jobs wait."""
    try:
        connection.ensure_connection()
        up = connection.is_usable()
        waiting = jobs.waiting() if up else None
    except DatabaseError:
        up, waiting = False, None
    ago = jobs.seconds_since_beat()
    worker = "never" if ago is None else "up" if ago <= LATE else "late"
    told = {"database": "up" if up else "down", "worker": worker, "worker_seconds_ago": ago, "jobs": waiting}
    return JsonResponse(told, status=200 if up else 503)
