"""Referrals: make one with the person's say, and tell what came of it by one tap."""

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
from upwell.practice.environment.coding import Barrier
from upwell.practice.errors import PracticeError
from upwell.practice.micro.actions import referral as actions
from upwell.practice.micro.forms.referral import OutcomeForm, ReferralForm, SaidForm, WhyForm
from upwell.practice.micro.queries.case import case_for
from upwell.practice.micro.queries.written import referral_for
from upwell.practice.micro.rules import ASKS_WHY


@may("referral.write")
def referral_make(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """Where to, and whether the person agrees."""
    case = case_for(request.user, case_id)
    today = timezone.localdate()
    form = ReferralForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            referral = actions.referral_make(case=case, by=request.user, on=today, **form.cleaned_data)
            messages.success(request, _("Referral: %(state)s.") % {"state": referral.get_state_display()})
            return redirect("case", case.pk)
    audit.look(request.user, "referral.begin", case, subject=case.person_id)
    return render(request, "micro/referral_make.html", {"case": case, "form": form})


@may("referral.write")
@require_POST
def referral_decide(request: WorkerRequest, referral_id: UUID) -> HttpResponse:
    """The person has thought about it."""
    referral = referral_for(request.user, referral_id)
    form = SaidForm(request.POST)
    if form.is_valid():
        actions.referral_decide(
            referral=referral, by=request.user, said=form.cleaned_data["said"], on=timezone.localdate()
        )
        messages.success(request, _("What the person said is kept."))
    else:
        messages.error(request, _("Say what the person decided."))
    return redirect("case", referral.case_id)


@may("referral.write")
@require_POST
def referral_outcome(request: WorkerRequest, referral_id: UUID) -> HttpResponse:
    """One tap: what came of it. Behind a refusal or a waiting list something stands, so that is asked next."""
    referral = referral_for(request.user, referral_id)
    form = OutcomeForm(request.POST)
    try:
        state = form.cleaned_data["state"] if form.is_valid() else ""
        referral = actions.referral_outcome(referral=referral, by=request.user, state=state, on=timezone.localdate())
    except PracticeError as error:
        messages.error(request, str(error))
        return redirect("case", referral.case_id)
    if referral.state in ASKS_WHY:
        return redirect("referral_why", referral.pk)
    messages.success(request, _("What came of the referral is kept."))
    return redirect("today") if "today" in request.POST else redirect("case", referral.case_id)


@may("referral.write")
def referral_why(request: WorkerRequest, referral_id: UUID) -> HttpResponse:
    """What stood in the way: every answer is one button."""
    referral = referral_for(request.user, referral_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_next(request):
            referral = actions.referral_why(referral=referral, by=request.user, **form.cleaned_data)
            messages.success(request, _("What stood in the way is kept."))
        return redirect("referral_why", referral.pk)
    audit.look(request.user, "referral.open", referral, subject=referral.case.person_id)
    context = {"case": referral.case, "referral": referral, "form": form, "barriers": Barrier.choices}
    return render(request, "micro/referral_why.html", context)
