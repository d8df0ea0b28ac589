"""Where the demo begins: five people to be, and a tour."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from upwell.practice.accounts.may import open_to


@open_to("public")
def start(request: HttpRequest) -> HttpResponse:
    """The start page of the demo; there is none in a real installation."""
    raise Http404
