"""The mark on every view: which right it needs, or why it needs none."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.permissions import RIGHTS, holds

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Door = Literal["public", "signed link", "client", "health"]


class WorkerRequest(HttpRequest):
    """A request that `@may` has let through: somebody of an agency is signed in."""

    user: Worker
    htmx: Any  # django-htmx adds it


def may(right: str) -> Callable[[Callable[Concatenate[WorkerRequest, P], HttpResponse]], View[P]]:
    """Let a worker through who holds the right; a stranger goes to sign in, anyone else gets 403.

    Whether the row asked for is theirs is the query's business: another's object is 404.
    """
    if right not in RIGHTS:
        raise KeyError(f"No right is called {right}: put it on the page accounts/permissions.py first.")

    def mark(view: Callable[Concatenate[WorkerRequest, P], HttpResponse]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, Worker):
                return redirect_to_login(request.get_full_path())
            if request.user.agency_id is None or not holds(request.user.roles, right):
                raise PermissionDenied
            return view(cast("WorkerRequest", request), *args, **kwargs)  # somebody of an agency is signed in

        guarded.right = right  # type: ignore[attr-defined]  # read by the test of the marks
        return cast("View[P]", guarded)  # functools.wraps hides the signature from the checker

    return mark


def open_to(door: Door) -> Callable[[View[P]], View[P]]:
    """Mark a view that needs no worker: it is public, or checks a signed link, a client's code or nothing by itself."""

    def mark(view: View[P]) -> View[P]:
        view.right = f"open: {door}"  # type: ignore[attr-defined]  # read by the test of the marks
        return view

    return mark
