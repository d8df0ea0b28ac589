"""Where a request comes from, as far as it can be known."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address that guessing is counted by: behind our own proxy the last one it wrote down, else the peer's.

    Earlier entries of X-Forwarded-For are the sender's own words and are not believed.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.HTTPS:
        return peer
    return str(request.headers.get("X-Forwarded-For", "")).rpartition(",")[2].strip()[:64] or peer
