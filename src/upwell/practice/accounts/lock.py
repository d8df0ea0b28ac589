"""The screen lock: after idle minutes the page asks for the password again, and nothing that was written is lost.

A page that is asked for while locked leads to the lock page, and back afterwards. What is sent while locked comes back
inside the lock page, as hidden fields: the same form goes off again with the password, past this door, to where it was
meant for. Nothing of it is kept on the server. A view marked `keeps_while_locked` (the autosave) is let through.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from upwell.practice.accounts.guarding import before_views
from upwell.practice.accounts.models import Worker

Pairs = list[tuple[str, str]]
AnyView = TypeVar("AnyView", bound=Callable[..., HttpResponse])

BACKGROUND = "X-Upwell-Background"
"""Header of requests that a page sends by itself: they are no sign that anybody is there."""
SEEN, LOCKED = "lock_seen", "lock_locked"
PASSWORD = "lock-password"
OWN_FIELDS = frozenset({PASSWORD, "lock-next", "csrfmiddlewaretoken"})
FREE = frozenset({"lock", "account_login", "account_logout"})
SECONDS_BETWEEN_WRITES = 20
"""The session is not written at every request: the lock may come this much early."""
WORDS_WRONG, WORDS_TOO_MANY = "wrong", "too_many"


def keeps_while_locked(view: AnyView) -> AnyView:
    """Mark a view that takes what was written even when the screen is locked, and shows nothing."""
    view.accepts_when_locked = True  # type: ignore[attr-defined]  # read by the middleware below
    return view


def lock(request: HttpRequest) -> None:
    """Lock the screen now."""
    request.session[LOCKED] = True


def begin(request: HttpRequest) -> None:
    """Somebody has just signed in: the screen is open."""
    request.session[SEEN] = time.time()
    request.session.pop(LOCKED, None)


def is_locked(request: HttpRequest, worker: Worker) -> bool:
    """Whether the screen was locked, or nobody has been seen for the agency's idle minutes.

    Never for somebody of the demo: without a password nobody could open it again.
    """
    if not worker.has_usable_password():
        return False
    if request.session.get(LOCKED):
        return True
    minutes = worker.agency.lock_minutes if worker.agency else 0
    seen = request.session.get(SEEN)
    return bool(minutes and seen and time.time() - seen > 60 * minutes)


def unlock(request: HttpRequest, worker: Worker) -> str:
    """Open the screen if the password sent is right. Returns "" when it is open, else the key of what was wrong."""
    # allauth's own limit: ten tries a minute, shared with the page that asks for the password again
    if not ratelimit.consume(request, action="reauthenticate", user=worker):
        return WORDS_TOO_MANY
    if not worker.check_password(request.POST.get(PASSWORD, "")):
        return WORDS_WRONG
    begin(request)
    return ""


def way_back(request: HttpRequest, address: str | None) -> str:
    """An address of ours to go back to, or the start page."""
    if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("home")


def page(request: HttpRequest, *, to: str, kept: Pairs, wrong: str = "", sends: bool = False) -> HttpResponse:
    """The lock page. to: where its form goes. kept: the fields it takes along. sends: they are what somebody wrote."""
    facts = {"to": to, "kept": kept, "wrong": wrong, "sends": sends, "lost_file": bool(request.FILES)}
    status = 423 if wrong or sends else 200
    return render(request, "accounts/lock.html", {**facts, "is_locked": True}, status=status)


def _guard(request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
    worker = request.user
    if not isinstance(worker, Worker) or worker.agency_id is None or _is_free(request, view):
        return None
    if not is_locked(request, worker):
        _note_presence(request)
        return None
    if request.method == "POST":
        return _send_again(request, worker, view)
    if request.headers.get(BACKGROUND):
        return HttpResponse(status=423)
    is_fragment = request.headers.get("HX-Request") is not None
    back = request.headers.get("HX-Current-URL") if is_fragment else request.get_full_path()
    address = f"{reverse('lock')}?{urlencode({'next': way_back(request, back)})}"
    return HttpResponseClientRedirect(address) if is_fragment else redirect(address)


screen_lock = before_views(_guard)
"""Middleware; see the module."""


def _is_free(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Pages that need no worker, and the doors out."""
    match = request.resolver_match
    return str(getattr(view, "right", "")).startswith("open: ") or (match is not None and match.url_name in FREE)


def _note_presence(request: HttpRequest) -> None:
    if request.headers.get(BACKGROUND):
        request.session.setdefault(SEEN, time.time())
    elif time.time() - request.session.get(SEEN, 0) > SECONDS_BETWEEN_WRITES:
        request.session[SEEN] = time.time()


def _send_again(request: HttpRequest, worker: Worker, view: Callable[..., Any]) -> HttpResponse | None:
    """A form that arrives when locked: let through with the right password, else answered with the lock page."""
    if getattr(view, "accepts_when_locked", False):
        return None
    fields = request.POST.copy()
    for name in OWN_FIELDS:
        fields.pop(name, None)
    wrong = ""
    if PASSWORD in request.POST:
        wrong = unlock(request, worker)
        if not wrong:
            _replace_fields(request, fields)
            return None
    response = page(request, to=request.get_full_path(), kept=_pairs(fields), wrong=wrong, sends=True)
    if request.headers.get("HX-Request"):
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


def _pairs(fields: QueryDict) -> Pairs:
    return [(name, value) for name, values in fields.lists() for value in values if isinstance(value, str)]


def _replace_fields(request: HttpRequest, fields: QueryDict) -> None:
    """The view gets the form as it was written, without the password."""
    fields._mutable = False
    request.POST = fields  # type: ignore[assignment]  # Django's setter takes it
