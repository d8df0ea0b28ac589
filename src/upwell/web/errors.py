"""Pages for what goes wrong: each says what happened and what to do, and shows nothing of anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from upwell.practice.accounts.may import open_to


@open_to("public")
def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not with this right."""
    return render(request, "errors/403.html", status=403)


@open_to("public")
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not yours; nobody learns which."""
    return render(request, "errors/404.html", status=404)


@open_to("public")
def went_wrong(request: HttpRequest) -> HttpResponse:
    """500: our fault. No context processors: whatever failed may fail again."""
    return HttpResponse(_PLAIN, status=500)


@open_to("public")
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or cookies are off."""
    return render(request, "errors/csrf.html", status=403)


_PLAIN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Something went wrong - Upwell</title></head>
<body><main><h1>Something went wrong</h1>
<p>It is our fault, not yours. What you had saved is kept. <a href="/">Go to the start page</a> and try again.
If it happens twice, tell whoever runs this server.</p></main></body></html>
"""
