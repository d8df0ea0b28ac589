"""The pages of bringing a caseload in: the list with the upload, and one import at each of its states."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_next
from upwell.practice.errors import PracticeError
from upwell.practice.micro.actions import caseload as actions
from upwell.practice.micro.caseload import undo
from upwell.practice.micro.caseload.explain import explained
from upwell.practice.micro.forms.caseload import ApplyForm, UploadForm
from upwell.practice.micro.models import CaseloadImport
from upwell.practice.micro.queries import caseload as queries

State = CaseloadImport.State
AT_WORK = frozenset({State.READING, State.APPLYING, State.UNDOING})
IMPORTS_A_PAGE = 20


@may("caseload.import")
def caseload(request: WorkerRequest) -> HttpResponse:
    """Choose an export; below, what came in before."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.caseload_begin(by=request.user, uploads=form.cleaned_data["export"])
            return redirect("caseload_import", batch.pk)
        except PracticeError as error:
            form.add_error("export", str(error))
    page = Paginator(queries.imports_for(request.user), IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "micro/caseload.html", {"form": form, "page": page})


@may("caseload.import")
def caseload_import(request: WorkerRequest, batch_id: UUID) -> HttpResponse:
    """One import: being worked on, previewed, brought in, undone or refused."""
    batch = queries.import_for(request.user, batch_id)
    if batch.state in AT_WORK:
        fragment = "micro/_caseload_progress.html" if request.htmx else "micro/caseload_progress.html"
        return render(request, fragment, {"batch": batch})
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "micro/caseload_import.html", _context(request, batch))


@require_POST
@may("caseload.import")
def caseload_apply(request: WorkerRequest, batch_id: UUID) -> HttpResponse:
    """Bring in what was previewed."""
    batch = queries.import_for(request.user, batch_id)
    form = _apply_form(request, batch)
    if batch.state == State.PREVIEWED and not form.is_valid():
        return render(request, "micro/caseload_import.html", {**_context(request, batch), "form": form})
    with said_next(request, messages.warning):
        if form.is_valid():
            actions.caseload_apply(batch=batch, by=request.user, team=form.team, workers=form.workers)
    return redirect("caseload_import", batch.pk)


@require_POST
@may("caseload.import")
def caseload_undo(request: WorkerRequest, batch_id: UUID) -> HttpResponse:
    """Take back what came in."""
    batch = queries.import_for(request.user, batch_id)
    with said_next(request, messages.warning):
        actions.caseload_undo(batch=batch, by=request.user)
    return redirect("caseload_import", batch.pk)


@require_POST
@may("caseload.import")
def caseload_drop(request: WorkerRequest, batch_id: UUID) -> HttpResponse:
    """Forget a preview."""
    batch = queries.import_for(request.user, batch_id)
    with said_next(request, messages.warning):
        actions.caseload_drop(batch=batch, by=request.user)
    return redirect("caseload")


def _apply_form(request: WorkerRequest, batch: CaseloadImport) -> ApplyForm:
    programmes = [name for name, _ in batch.counts.get("programmes", [])]
    return ApplyForm(request.POST or None, worker=request.user, programmes=programmes)


def _context(request: WorkerRequest, batch: CaseloadImport) -> dict[str, Any]:
    """What the page of one import shows, by its state."""
    context: dict[str, Any] = {"batch": batch, "counts": batch.counts}
    context["set_aside"] = explained(batch.counts.get("set_aside", []))
    if batch.state == State.PREVIEWED:
        context["form"] = _apply_form(request, batch)
    if batch.state == State.APPLIED:
        came, worked = batch.cases.count(), len(undo.worked_on(batch))
        context |= {"came": came, "worked_on": worked, "untouched": came - worked}
    return context
