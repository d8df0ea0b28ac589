"""For whoever watches the server: is it up, and can it do its work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from upwell.practice.accounts.may import open_to


@open_to("health")
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_to("health")
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers. 503 when it does not."""
    try:
        connection.ensure_connection()
        up = connection.is_usable()
    except DatabaseError:
        up = False
    return JsonResponse({"database": "up" if up else "down"}, status=200 if up else 503)
