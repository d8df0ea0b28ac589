"""Where the demo begins: five people to be, a night that can be made to pass, and a tour."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from upwell.practice.macro.queries import token_of
from upwell.practice.micro.models import Outbox
from upwell.web.portal import session
from upwell.web.start import night, scene
from upwell.web.start.marks import only_in_the_demo

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@only_in_the_demo
def start(request: HttpRequest) -> HttpResponse:
    """The start page of the demo."""
    going_on = Outbox.objects.filter(done_at=None).order_by("pk").first()
    shown = {"five": scene.FIVE, "tour": scene.tour(), "going_on": going_on, "night": scene.last_night()}
    return render(request, "start/start.html", shown)


@only_in_the_demo
@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """Be one of the five, and go where the tour points."""
    who = request.POST.get("who", "")
    if who not in {somebody.key for somebody in scene.FIVE}:
        raise Http404
    there = request.POST.get("next", "")
    fallback = "portal_home" if who == "eve" else "home"
    response = redirect(there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else fallback)
    if who == "eve":
        return session.begin(response, scene.eve().portal.handle, now=timezone.now())
    logout(request)
    login(request, scene.worker(who), backend=BACKEND)
    return response


@only_in_the_demo
@require_POST
def pass_the_night(request: HttpRequest) -> HttpResponse:
    """Do now what a night does: gather, and deliver what waits."""
    night.pass_now()
    return redirect(reverse("start") + "#night")


@only_in_the_demo
def aide(request: HttpRequest) -> HttpResponse:
    """The newest signed link, as the aide would have it in a letter."""
    if (link := scene.newest_link()) is None:
        raise Http404
    return redirect("aide", token_of(link))
