"""The mark on a client's own pages: whoever holds a code's session is let through, and nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from upwell.practice.person.door import access_with
from upwell.practice.person.languages import shown_in
from upwell.practice.person.models import Person
from upwell.web.portal import session

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Person, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_client(page: Page[P]) -> View[P]:
    """Hand the page its person, found through the session's handle, and speak the person's language.

    Without a session, after too long a rest, or when the code was replaced or shut: back to the door. A worker who is
    signed in is a stranger here, as a client is on a worker's page: the two sessions share nothing.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        handle = session.handle(request, now=timezone.now())
        access = access_with(handle) if handle else None
        if access is None:
            return session.end(request, redirect("portal_sign_in"))
        with translation.override(shown_in(access.person.language)):
            response = page(request, access.person, *args, **kwargs)
            response.headers["Content-Language"] = translation.get_language() or ""
        return response

    guarded.right = "open: client"  # type: ignore[attr-defined]  # read by the test of the marks
    return cast("View[P]", guarded)  # functools.wraps hides the signature from the checker
