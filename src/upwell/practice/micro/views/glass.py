"""Breaking the glass, and the review of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_next, said_on
from upwell.practice.micro.actions import glass as actions
from upwell.practice.micro.forms.glass import FindingForm, GlassForm
from upwell.practice.micro.models import BrokenGlass
from upwell.practice.micro.queries.case import case_behind_glass, cases_for
from upwell.practice.micro.queries.glass import glass_for, looks_through, to_review

BROKEN_A_PAGE = 20


@may("case.break_glass")
def glass_break(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """A case of the own agency that is not the worker's, for an hour. Nothing of it is shown before."""
    case = case_behind_glass(request.user, case_id)
    if cases_for(request.user).filter(pk=case.pk).exists():
        return redirect("case", case.pk)
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            actions.glass_break(case=case, by=request.user, now=timezone.now(), **form.cleaned_data)
            return redirect("case", case.pk)
    return render(request, "micro/glass_break.html", {"case": case, "form": form})


@may("audit.read")
def glass_review(request: WorkerRequest) -> HttpResponse:
    """Every break of the own agency, those to be talked about first, with what was looked at in that hour."""
    page = Paginator(to_review(request.user), BROKEN_A_PAGE).get_page(request.GET.get("page", ""))
    for broken in page.object_list:
        audit.look(request.user, "glass.open", broken, subject=broken.case.person_id)
    shown = [(broken, looks_through(broken)) for broken in page.object_list]
    notify.seen(request.user, "glass_review")
    context = {"page": page, "shown": shown, "findings": BrokenGlass.Finding.choices}
    return render(request, "micro/glass_review.html", context)


@may("audit.read")
@require_POST
def glass_finding(request: WorkerRequest, broken_id: int) -> HttpResponse:
    """What the talk about one break found."""
    broken = glass_for(request.user, broken_id)
    form = FindingForm(request.POST)
    with said_next(request):
        finding = form.cleaned_data["finding"] if form.is_valid() else ""
        actions.glass_review(broken=broken, by=request.user, finding=finding, now=timezone.now())
        messages.success(request, _("The finding is kept."))
    return redirect("glass_review")
