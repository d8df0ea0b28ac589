"""Where a request comes from, as far as it can be known."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address that guessing is counted by: behind our own proxies what the first of them wrote, else the peer's.

    Earlier entries of X-Forwarded-For are the sender's own words and are not believed.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    written = str(request.headers.get("X-Forwarded-For", "")).split(",")
    if not proxies or len(written) < proxies:
        return peer
    return written[-proxies].strip()[:64] or peer
