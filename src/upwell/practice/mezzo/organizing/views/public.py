"""Pages that are open to everybody: join, leave, answer a check. They know nobody and fill in nothing."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import qrcode
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.views.decorators.http import require_safe
from qrcode.image.svg import SvgPathFillImage

from upwell.practice.accounts.may import open_to
from upwell.practice.bridge.forms import tried
from upwell.practice.mezzo.organizing import actions, forms, queries, rules


@open_to("public")
def join(request: HttpRequest, link: UUID) -> HttpResponse:
    """Opt in, by one's own act and under a name of one's own; the code to leave with is shown once."""
    entrance = queries.entrance(link)
    language = _spoken(request)
    with translation.override(language):
        form = forms.JoinForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            joined = tried(form, lambda: actions.join(at=entrance, language=language, **said))
            if joined:
                return render(request, "organizing/joined.html", {"entrance": entrance, "code": joined.code})
        meetings = queries.meetings_public(entrance.initiative)
        return render(
            request,
            "organizing/join.html",
            {"entrance": entrance, "form": form, "meetings": meetings, "language": language},
            status=200 if entrance.is_open else 410,
        )


@open_to("public")
def leave(request: HttpRequest) -> HttpResponse:
    """Leave by the own code; what was kept of oneself is erased."""
    form = forms.LeaveForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})
    with translation.override(_spoken(request)):
        if request.method == "POST" and form.is_valid():
            code = form.cleaned_data["code"]
            if tried(form, lambda: actions.leave(code=code)):
                return render(request, "organizing/left.html")
        return render(request, "organizing/leave.html", {"form": form})


@open_to("public")
def learning_check(request: HttpRequest, link: UUID) -> HttpResponse:
    """Three statements, one tap each, in the session's language; nobody is asked who they are."""
    session = queries.session_by(link)
    phase = rules.open_phase(session.state)
    with translation.override(session.language):
        form = forms.CheckForm(request.POST or None, session=session)
        about = {"session": session, "phase": phase}
        if request.method == "POST" and form.is_valid():
            told, key = form.told(), form.cleaned_data["form_key"]
            if tried(form, lambda: actions.check_answer(session=session, told=told, form_key=key)):
                return render(request, "organizing/check_done.html", about)
        return render(request, "organizing/check.html", about | {"form": form})


@open_to("public")
@require_safe
def sheet(request: HttpRequest, link: UUID) -> HttpResponse:
    """One page to print and hang up: what it is about, the address, and its picture to point a phone at."""
    entrance = queries.entrance(link)
    address = request.build_absolute_uri(reverse("join", args=[link]))
    with translation.override(_spoken(request)):
        meetings = queries.meetings_public(entrance.initiative)
        about = {"entrance": entrance, "address": address, "meetings": meetings}
        return render(request, "organizing/sheet.html", about)


@open_to("public")
@require_safe
def join_picture(request: HttpRequest, link: UUID) -> HttpResponse:
    """The address of a page to join by, as a picture to point a phone at."""
    return _picture(request, reverse("join", args=[queries.entrance(link).link]))


@open_to("public")
@require_safe
def check_picture(request: HttpRequest, link: UUID) -> HttpResponse:
    """The address of a check, as a picture to point a phone at."""
    return _picture(request, reverse("learning_check", args=[queries.session_by(link).link]))


def _picture(request: HttpRequest, address: str) -> HttpResponse:
    drawn = BytesIO()  # with a white ground: a phone cannot read it on a dark page otherwise
    qrcode.make(request.build_absolute_uri(address), image_factory=SvgPathFillImage).save(drawn)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def _spoken(request: HttpRequest) -> str:
    """The language that the visitor chose on the page, or that the browser asks for."""
    try:
        return get_supported_language_variant(request.GET.get("language", ""))
    except LookupError:
        return translation.get_language() or "en"
