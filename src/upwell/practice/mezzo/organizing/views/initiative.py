"""Confirming an issue, initiatives and their meetings: pages of workers who organize."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_next
from upwell.practice.bridge.forms import tried
from upwell.practice.bridge.models import Stage
from upwell.practice.bridge.queries import issue_for
from upwell.practice.bridge.stages import PLAIN
from upwell.practice.mezzo.organizing import actions, forms, queries
from upwell.practice.mezzo.organizing.rules import lifts


@may("initiative.keep")
def issue_confirm(request: WorkerRequest, issue_id: UUID) -> HttpResponse:
    """What people who live with it say of an issue, and the step from pattern to issue."""
    issue = issue_for(request.user, issue_id)
    form = forms.ConfirmForm(request.POST or None, initial={"words": PLAIN[Stage.ISSUE]})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        if tried(form, lambda: actions.issue_confirm(issue=issue, words=words, by=request.user)):
            messages.success(request, _("Confirmed. Everyone who raised it will hear so."))
            return redirect("initiative_start", issue.pk)
    return render(
        request,
        "organizing/confirm.html",
        {
            "issue": issue,
            "door": getattr(issue, "door", None),
            "confirmed": queries.confirmed(issue),
            "is_still_pattern": lifts(issue.stage, Stage.ISSUE),
            "form": form,
        },
    )


@may("initiative.keep")
@require_POST
def door_open(request: WorkerRequest, issue_id: UUID) -> HttpResponse:
    """Make the public page on which people say whether it is so."""
    issue = issue_for(request.user, issue_id)
    actions.door_open(issue=issue, by=request.user)
    return redirect("issue_confirm", issue.pk)


@may("initiative.keep")
def initiatives(request: WorkerRequest) -> HttpResponse:
    """The own agency's initiatives."""
    return render(request, "organizing/initiatives.html", {"initiatives": queries.initiatives_for(request.user)})


@may("initiative.keep")
def initiative_start(request: WorkerRequest, issue_id: UUID) -> HttpResponse:
    """Goal, who, first meeting: one page from an issue to a published meeting."""
    issue = issue_for(request.user, issue_id)
    begins = {"title": issue.statement.title, "owner": request.user, "words": PLAIN[Stage.INITIATIVE]}
    form = forms.StartForm(request.POST or None, initial=begins, leaders_of=request.user)
    if request.method == "POST" and form.is_valid():
        initiative = tried(form, lambda: actions.initiative_start(issue=issue, by=request.user, **form.cleaned_data))
        if initiative:
            messages.success(request, _("The initiative stands. Its public page is open."))
            return redirect("initiative", initiative.pk)
    return render(
        request,
        "organizing/initiative_start.html",
        {"issue": issue, "form": form, "is_unconfirmed": lifts(issue.stage, Stage.ISSUE)},
    )


@may("initiative.keep")
def initiative(request: WorkerRequest, initiative_id: UUID) -> HttpResponse:
    """One initiative: its public page, who opted in, meetings and sessions."""
    found = queries.initiative_for(request.user, initiative_id)
    return render(
        request,
        "organizing/initiative.html",
        {
            "initiative": found,
            "supporters": queries.supporters_of(found),
            "meetings": found.meetings.all(),
            "sessions": found.sessions.all(),
            "is_open": found.state == found.State.OPEN,
        },
    )


@may("initiative.keep")
def initiative_end(request: WorkerRequest, initiative_id: UUID) -> HttpResponse:
    """End it, or withdraw it because the community said so."""
    found = queries.initiative_for(request.user, initiative_id)
    form = forms.EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: actions.initiative_end(initiative=found, by=request.user, **said)):
            messages.success(request, _("It has ended, and everyone who raised the issue will hear why."))
            return redirect("initiative", found.pk)
    return render(request, "organizing/initiative_end.html", {"initiative": found, "form": form})


@may("initiative.keep")
@require_POST
def supporter_erase(request: WorkerRequest, initiative_id: UUID, supporter_id: UUID) -> HttpResponse:
    """Erase somebody who asked to leave and has lost the code."""
    found = queries.initiative_for(request.user, initiative_id)
    actions.supporter_erase(supporter=queries.supporter_for(request.user, supporter_id), by=request.user)
    messages.success(request, _("Erased."))
    return redirect("initiative", found.pk)


@may("initiative.keep")
def meeting_add(request: WorkerRequest, initiative_id: UUID) -> HttpResponse:
    """Plan a meeting."""
    found = queries.initiative_for(request.user, initiative_id)
    form = forms.MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        meeting = tried(form, lambda: actions.meeting_add(initiative=found, by=request.user, **said))
        if meeting:
            return redirect("meeting", meeting.pk)
    return render(request, "organizing/meeting_form.html", {"initiative": found, "form": form})


@may("initiative.keep")
def meeting(request: WorkerRequest, meeting_id: int) -> HttpResponse:
    """One meeting: publish it before, write its minutes after."""
    found = queries.meeting_for(request.user, meeting_id)
    begins = {"decisions": found.decisions, "dissent": found.dissent, "came": found.came}
    form = forms.MinutesForm(request.POST or None, initial=begins)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: actions.minutes_write(meeting=found, by=request.user, **said)):
            messages.success(request, _("The minutes are kept."))
            return redirect("meeting", found.pk)
    return render(request, "organizing/meeting.html", {"meeting": found, "initiative": found.initiative, "form": form})


@may("initiative.keep")
@require_POST
def meeting_publish(request: WorkerRequest, meeting_id: int) -> HttpResponse:
    """Show a meeting on the public page."""
    found = queries.meeting_for(request.user, meeting_id)
    with said_next(request, messages.warning):
        actions.meeting_publish(meeting=found, by=request.user)
        messages.success(request, _("The meeting stands on the public page now."))
    return redirect("meeting", found.pk)
