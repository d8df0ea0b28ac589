"""One issue as one thread: from the count to the decision and back, on one page that prints."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_on
from upwell.practice.bridge import queries as bridge
from upwell.practice.bridge.models import Stage
from upwell.practice.macro import actions, forms, queries, showing


@may("board.see")
def issue(request: WorkerRequest, issue_id: UUID) -> HttpResponse:
    """The thread."""
    thread = bridge.thread_for(request.user, issue_id)
    figures = [showing.evidence(shown) for shown in thread.figures]
    return render(
        request,
        "macro/issue.html",
        {
            "thread": thread,
            "figures": figures,
            "stage_picture": showing.stage_picture(thread.stages),
            "projects": queries.projects_of(thread.issue),
        },
    )


@may("issue.move")
def issue_move(request: WorkerRequest, issue_id: UUID) -> HttpResponse:
    """Move it, or only send word back: written first, then looked at as others will read it, then told."""
    about = bridge.issue_for(request.user, issue_id)
    form = forms.MoveForm(request.POST or None, issue=about)
    step = request.POST.get("step")
    if form.is_valid() and step == "tell":
        with said_on(form):
            actions.issue_tell(issue=about, by=request.user, **form.cleaned_data)
            messages.success(request, _("Done. Everyone who raised it is being told."))
            return redirect("issue", about.pk)
    looks = form.is_valid() and step != "change"
    stage = Stage(form.cleaned_data["to"]).label if looks else ""
    return render(request, "macro/issue_move.html", {"issue": about, "form": form, "looks": looks, "stage": stage})


@may("issue.move")
def issue_park(request: WorkerRequest, issue_id: UUID) -> HttpResponse:
    """Let it rest until a day, and say so."""
    about = bridge.issue_for(request.user, issue_id)
    form = forms.ParkForm(request.POST or None)
    if form.is_valid():
        with said_on(form):
            actions.issue_rest(issue=about, by=request.user, **form.cleaned_data)
            return redirect("issue", about.pk)
    return render(request, "macro/issue_park.html", {"issue": about, "form": form})
