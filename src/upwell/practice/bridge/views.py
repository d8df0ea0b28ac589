"""The library: answers that others can find, calls for evidence, practice notes. It holds nothing of a case."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts import notify
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.permissions import holds
from upwell.practice.bridge import actions, forms, queries
from upwell.practice.bridge.models import PracticeNote
from upwell.practice.errors import PracticeError

SHOWN = 50
"""Answers on one page; a narrower search shows the rest."""


@may("library.see")
def library(request: WorkerRequest) -> HttpResponse:
    """Search answers; see what is asked now and what changed. A search is posted: words stay out of addresses."""
    form = forms.Search(request.POST or request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    answers = queries.answers_for(request.user, **{name: value for name, value in asked.items() if value})
    return render(
        request,
        "bridge/library.html",
        {
            "form": form,
            "searched": bool(any(asked.values())),
            "answers": answers[:SHOWN],
            "calls": queries.calls_open_for(request.user.agency, timezone.localdate()),
            "notes": queries.practice_notes_for(request.user)[:SHOWN],
        },
    )


@may("library.see")
def answer(request: WorkerRequest, ask_id: UUID) -> HttpResponse:
    """One answer with its question and its source."""
    return render(request, "bridge/answer.html", {"answer": queries.answer_for(request.user, ask_id)})


@may("ask.answer")
def asks(request: WorkerRequest) -> HttpResponse:
    """Questions that wait for an answer, with the days they have waited."""
    notify.seen(request.user, "asks")
    waiting = queries.asks_waiting(request.user, timezone.localdate())
    return render(request, "bridge/asks.html", {"waiting": waiting})


@may("ask.answer")
@require_POST
def ask_take(request: WorkerRequest, ask_id: UUID) -> HttpResponse:
    """Say that one looks into it."""
    ask = queries.ask_for(request.user, ask_id)
    try:
        actions.ask_take(ask=ask, by=request.user)
    except PracticeError as error:
        messages.warning(request, str(error))
        return redirect("answer", ask.pk)
    return redirect("ask_answer", ask.pk)


@may("ask.answer")
def ask_answer(request: WorkerRequest, ask_id: UUID) -> HttpResponse:
    """Answer a question, beside what was answered to questions like it."""
    ask = queries.ask_for(request.user, ask_id)
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if forms.tried(form, lambda: actions.ask_answer(ask=ask, by=request.user, **said)):
            messages.success(request, _("Answered. Whoever asked will find it in the case; others will find it here."))
            return redirect("answer", ask.pk)
    return render(
        request,
        "bridge/ask_answer.html",
        {
            "ask": ask,
            "form": form,
            "days": (timezone.localdate() - ask.asked_on).days,
            "alike": queries.answers_for(request.user, domain=ask.domain, barrier=ask.barrier)[:5],
        },
    )


@may("library.see")
def calls(request: WorkerRequest) -> HttpResponse:
    """The agency's calls for evidence: open now, to come, and over."""
    today = timezone.localdate()
    return render(
        request,
        "bridge/calls.html",
        {
            "open_calls": queries.calls_open_for(request.user.agency, today),
            "other_calls": queries.calls_not_open_for(request.user.agency, today)[:SHOWN],
            "today": today,
        },
    )


@may("call.make")
def call_open(request: WorkerRequest, issue_id: UUID | None = None) -> HttpResponse:
    """Ask everyone who writes notes to watch for something, about an issue or by itself."""
    issue = queries.issue_for(request.user, issue_id) if issue_id else None
    form = forms.CallForm(request.POST or None, initial=forms.call_begins(issue))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if forms.tried(form, lambda: actions.call_open(issue=issue, by=request.user, **said)):
            messages.success(request, _("The call is open. It appears where notes are written."))
            return redirect("calls")
    return render(request, "bridge/call_form.html", {"form": form, "issue": issue})


@may("practice_note.write")
def practice_note_write(request: WorkerRequest, issue_id: UUID | None = None) -> HttpResponse:
    """Draft a practice note, begun from an issue's words; the next page shows it as a worker will read it."""
    issue = queries.issue_for(request.user, issue_id) if issue_id else None
    form = forms.NoteForm(request.POST or None, initial=forms.note_begins(issue))
    if request.method == "POST" and form.is_valid():
        note = actions.practice_note_draft(issue=issue, by=request.user, note=form.fields_of_note())
        return redirect("practice_note", note.pk)
    return render(request, "bridge/practice_note_form.html", {"form": form, "issue": issue})


@may("practice_note.write")
def practice_note_change(request: WorkerRequest, note_id: UUID) -> HttpResponse:
    """Change a draft."""
    note = queries.practice_note_for(request.user, note_id)
    form = forms.NoteForm(request.POST or None, initial=forms.note_stands(note))
    if request.method == "POST" and form.is_valid():
        to = form.fields_of_note()
        if forms.tried(form, lambda: actions.practice_note_change(note=note, by=request.user, to=to)):
            return redirect("practice_note", note.pk)
    return render(request, "bridge/practice_note_form.html", {"form": form, "issue": note.issue, "note": note})


@may("library.see")
def practice_note(request: WorkerRequest, note_id: UUID) -> HttpResponse:
    """A practice note as a worker reads it; a draft only for whoever may send it."""
    note = queries.practice_note_for(request.user, note_id)
    is_draft = note.state == PracticeNote.State.DRAFTED
    if is_draft and not holds(request.user.roles, "practice_note.write"):
        raise Http404
    finder = queries.finder_words(note)
    return render(request, "bridge/practice_note.html", {"note": note, "is_draft": is_draft, "finder": finder})


@may("practice_note.write")
@require_POST
def practice_note_send(request: WorkerRequest, note_id: UUID) -> HttpResponse:
    """Send a draft to every worker whose own cases it may touch."""
    note = actions.practice_note_send(note=queries.practice_note_for(request.user, note_id), by=request.user)
    messages.success(request, _("Sent. Each worker is shown the own cases that it may touch."))
    return redirect("practice_note", note.pk)
