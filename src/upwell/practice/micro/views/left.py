"""A worker's access ended while they were writing: what they typed stays theirs, on a page that says whom to ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.micro.actions.note import draft_save
from upwell.practice.micro.forms.note import DraftForm, initial_of
from upwell.practice.micro.models import Case, Draft
from upwell.practice.micro.queries.case import cases_for
from upwell.practice.micro.queries.left import case_left_by, drafts_left, own_draft

PAGES = {"note": "note_write", "concern": "concern_raise"}
"""Kind of a draft -> the page on which it is written on."""
BOXES = ("text", "problem", "impact")
"""Fields of these pages in which somebody writes."""
View = Callable[[WorkerRequest, UUID], HttpResponse]


def keeps_what_was_typed(view: View) -> View:
    """Of a page on which a case is written in: what is sent after the worker's access ended becomes their own draft."""

    @wraps(view)
    def kept(request: WorkerRequest, case_id: UUID) -> HttpResponse:
        try:
            return view(request, case_id)
        except Http404:
            if request.method != "POST" or not any(request.POST.get(name, "").strip() for name in BOXES):
                raise
            return _kept(request, case_left_by(request.user, case_id))

    return kept


@may("note.write")
def draft_left(request: WorkerRequest, draft_id: int) -> HttpResponse:
    """What a worker wrote in a case that they can no longer open. Once they can again, it is written on there."""
    draft = own_draft(request.user, draft_id)
    if cases_for(request.user).filter(pk=draft.case_id).exists():
        return redirect(f"{reverse(PAGES[draft.kind], args=[draft.case_id])}?draft={draft.form_key}")
    audit.look(request.user, "draft.open", draft, subject=draft.case.person_id)
    written = initial_of(draft)
    shown = drafts_left(request.user).get(pk=draft.pk)
    texts = [written[name] for name in BOXES if written.get(name)]
    return render(request, "micro/draft_left.html", {"draft": shown, "texts": texts})


def _kept(request: WorkerRequest, case: Case) -> HttpResponse:
    form = DraftForm(request.POST)
    if not form.is_valid():
        raise Http404
    draft = draft_save(case=case, by=request.user, **form.told())
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(_said(draft))
    return redirect("draft_left", draft.pk) if draft.pk else redirect("today")


def _said(draft: Draft) -> dict[str, object]:
    words = _("You can no longer open this case. What you wrote is kept on Today, for you alone.")
    return {"form_key": str(draft.form_key), "version": draft.version, "words": words}
