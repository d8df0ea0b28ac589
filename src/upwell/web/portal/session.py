"""A client's session: a cookie of its own, sent to these pages alone, apart from any worker's on the same device.

It holds the handle of the person's access and when it was last used; it ends after twenty idle minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE = "own_page"
IDLE = timedelta(minutes=20)
_NOTED_EVERY = timedelta(seconds=30)  # a write for every page would be one too many


def begin(response: HttpResponse, handle: UUID, *, now: datetime) -> HttpResponse:
    """Open a fresh session with a response, whatever session there was before."""
    store = SessionStore()
    _note(store, handle, now)
    store.create()
    response.set_cookie(
        COOKIE,
        store.session_key or "",
        path=reverse("portal_sign_in"),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def handle(request: HttpRequest, *, now: datetime) -> UUID | None:
    """The handle of a session that is still awake; None for any other cookie, a worker's among them."""
    store = _store(request)
    if store is None or "handle" not in store or "seen" not in store:
        return None
    idle = now - datetime.fromisoformat(store["seen"])
    if idle > IDLE:
        store.flush()
        return None
    found = UUID(store["handle"])
    if idle > _NOTED_EVERY:
        _note(store, found, now)
        store.save()
    return found


def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Forget the session here and in the browser."""
    store = _store(request)
    if store is not None and "handle" in store:
        store.flush()
    response.delete_cookie(COOKIE, path=reverse("portal_sign_in"), samesite="Strict")
    return response


def _store(request: HttpRequest) -> SessionStore | None:
    key = request.COOKIES.get(COOKIE, "")
    return SessionStore(session_key=key) if key.isascii() and key.isalnum() and len(key) <= 40 else None


def _note(store: SessionStore, handle: UUID, now: datetime) -> None:
    store["handle"], store["seen"] = str(handle), now.isoformat()
    store.set_expiry(int(IDLE.total_seconds()) + 60)
