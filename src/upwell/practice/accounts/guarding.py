"""A middleware that does one thing: once the view of a request is known, it may answer in the view's stead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
Guard = Callable[[HttpRequest, Callable[..., Any], Any, Any], HttpResponse | None]  # Any: a view's own arguments


def before_views(guard: Guard) -> Callable[[Answer], Answer]:
    """The middleware that asks a guard before each view. The guard answers None where the view may go on."""

    def made(get_response: Answer) -> Answer:
        def middleware(request: HttpRequest) -> HttpResponse:
            return get_response(request)

        middleware.process_view = guard  # type: ignore[attr-defined]  # where Django looks for it
        return middleware

    return made
