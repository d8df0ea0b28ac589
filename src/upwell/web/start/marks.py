"""Pages that only the demo has."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def only_in_the_demo(view: View[P]) -> View[P]:
    """404 in a real installation: nobody becomes somebody else there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.UPWELL_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    guarded.right = "open: public"  # type: ignore[attr-defined]  # read by the test of the marks
    return guarded  # type: ignore[return-value]  # functools.wraps hides the signature from the checker
