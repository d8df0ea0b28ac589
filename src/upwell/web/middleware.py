"""What every request passes: a log line without personal data, the worker's language, no copies of private pages."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from upwell.practice.accounts.models import Worker

log = logging.getLogger("upwell.web")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
Answer = Callable[[HttpRequest], HttpResponse]


def request_log(get_response: Answer) -> Answer:
    """One line a request: method, the route's pattern (never the address itself), status, milliseconds."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = getattr(request, "resolver_match", None)
        route = match.route if match else "-"
        method = request.method if request.method in METHODS else "other"  # whoever asks may write anything there
        log.info("%s /%s %d %d ms", method, route, response.status_code, 1000 * (time.perf_counter() - began))
        return response

    return middleware


def worker_language(get_response: Answer) -> Answer:
    """A signed-in worker reads the language of their account; everybody else what the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Worker) and not request.path.startswith("/me/"):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware


def private_pages(get_response: Answer) -> Answer:
    """Pages are never kept by a browser or a proxy: going back after signing out shows nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware
