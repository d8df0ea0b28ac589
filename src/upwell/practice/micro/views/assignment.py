"""Who works on a case."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_next, said_on
from upwell.practice.micro.actions import assignment as actions
from upwell.practice.micro.forms.assignment import JoinForm
from upwell.practice.micro.models import Case
from upwell.practice.micro.queries import assignment as queries
from upwell.practice.micro.queries.case import cases_for


@may("case.assign")
def case_workers(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """Who works on a case now; somebody of the team can be added, or take it over."""
    case = queries.case_kept_by(request.user, case_id)
    form = JoinForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            _joined(request, case, form)
            return _back(request, case)
    audit.look(request.user, "case.workers", case, subject=case.person_id)
    working = list(queries.working_on(case))
    page = {"case": case, "form": form, "working": working, "may_join": queries.may_join(case).exists()}
    page["is_own"] = any(each.worker_id == request.user.pk for each in working)
    return render(request, "micro/case_workers.html", page, status=422 if form.is_bound else 200)


@may("case.assign")
@require_POST
def assignment_end(request: WorkerRequest, case_id: UUID, assignment_id: int) -> HttpResponse:
    """Somebody works on the case no more, from today on."""
    case = queries.case_kept_by(request.user, case_id)
    assignment = queries.assignment_kept_by(request.user, case, assignment_id)
    with said_next(request):
        actions.assignment_end(assignment=assignment, by=request.user, on=timezone.localdate())
        messages.success(request, _("From today, %(name)s works on it no more.") % {"name": assignment.worker.name})
    return _back(request, case)


def _joined(request: WorkerRequest, case: Case, form: JoinForm) -> None:
    worker, today = form.cleaned_data["worker"], timezone.localdate()
    if "hand_over" in request.POST:
        actions.case_hand_over(case=case, to=worker, by=request.user, on=today)
        messages.success(request, _("Handed over. From today, %(name)s works on it.") % {"name": worker.name})
    else:
        actions.worker_add(case=case, worker=worker, by=request.user, on=today)
        messages.success(request, _("From today, %(name)s works on it too.") % {"name": worker.name})


def _back(request: WorkerRequest, case: Case) -> HttpResponse:
    """To the page again; to the caseload when the case is no longer the worker's."""
    if cases_for(request.user).filter(pk=case.pk).exists():
        return redirect("case_workers", case.pk)
    return redirect("cases")
