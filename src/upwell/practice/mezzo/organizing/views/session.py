"""Education sessions: built from an issue, with a check before and after."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_supported_language_variant
from django.views.decorators.http import require_POST

from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_next
from upwell.practice.bridge.forms import tried
from upwell.practice.bridge.queries import thread_for
from upwell.practice.mezzo.organizing import actions, education, forms, queries


@may("initiative.keep")
def session_plan(request: WorkerRequest, initiative_id: UUID) -> HttpResponse:
    """A session begun from the issue, in the language asked for."""
    initiative = queries.initiative_for(request.user, initiative_id)
    language = _language(request.GET.get("language", ""), request.user.language)
    begun = education.begin(thread_for(request.user, initiative.issue_id), language)
    form = forms.SessionForm(request.POST or None, initial=forms.session_begins(begun, language, timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        key, fields = form.cleaned_data["form_key"], form.session()
        planned = tried(
            form,
            lambda: actions.session_plan(initiative=initiative, session=fields, by=request.user, form_key=key),
        )
        if planned:
            return redirect("session", planned.pk)
    return render(request, "organizing/session_form.html", {"initiative": initiative, "form": form})


@may("initiative.keep")
def session_change(request: WorkerRequest, session_id: UUID) -> HttpResponse:
    """Change a session before its check opens."""
    session = queries.session_for(request.user, session_id)
    form = forms.SessionForm(request.POST or None, initial=forms.session_stands(session))
    if request.method == "POST" and form.is_valid():
        to = form.session()
        if tried(form, lambda: actions.session_change(session=session, to=to, by=request.user)):
            return redirect("session", session.pk)
    return render(
        request,
        "organizing/session_form.html",
        {"initiative": session.initiative, "session": session, "form": form},
    )


@may("initiative.keep")
def session(request: WorkerRequest, session_id: UUID) -> HttpResponse:
    """One session: what to show and say, its check, and what may be said of it afterwards."""
    found = queries.session_for(request.user, session_id)
    return render(request, "organizing/session.html", {"session": found, "initiative": found.initiative})


@may("initiative.keep")
@require_POST
def session_go_on(request: WorkerRequest, session_id: UUID) -> HttpResponse:
    """Open the check before, open the one after, or close it."""
    found = queries.session_for(request.user, session_id)
    with said_next(request, messages.warning):
        actions.session_go_on(session=found, seen=request.POST.get("seen", ""), by=request.user)
    return redirect("session", found.pk)


def _language(asked: str, usual: str) -> str:
    try:
        return get_supported_language_variant(asked)
    except LookupError:
        return usual
