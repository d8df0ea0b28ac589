"""One door a role: where somebody lands after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from upwell.practice.accounts.may import open_to
from upwell.practice.accounts.models import Worker
from upwell.web.navigation import navigation


@open_to("public")
def home(request: HttpRequest) -> HttpResponse:
    """A worker goes to the first page of their menu; a stranger reads what this is and where to sign in."""
    if isinstance(request.user, Worker) and (menu := navigation(request)["menu"]):
        return redirect(menu[0]["address"])
    return render(request, "home.html")
