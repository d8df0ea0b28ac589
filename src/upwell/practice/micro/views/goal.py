"""Goals: set one, and say how it ended."""

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
from upwell.practice.micro.actions import goal as actions
from upwell.practice.micro.forms.goal import GoalCloseForm, GoalForm
from upwell.practice.micro.models import Goal
from upwell.practice.micro.queries.case import case_for
from upwell.practice.micro.queries.written import goal_for


@may("goal.write")
def goal_set(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """A goal in the person's words. One that needs a rule to change leads on to a concern."""
    case = case_for(request.user, case_id)
    today = timezone.localdate()
    form = GoalForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            goal = actions.goal_set(case=case, by=request.user, on=today, **form.cleaned_data)
            return _after(request, goal)
    audit.look(request.user, "goal.begin", case, subject=case.person_id)
    return render(request, "micro/goal_set.html", {"case": case, "form": form})


@may("goal.write")
def goal_saved(request: WorkerRequest, goal_id: UUID) -> HttpResponse:
    """A rule or practice stands in the way of a goal: it can be raised."""
    goal = goal_for(request.user, goal_id)
    return render(request, "micro/goal_saved.html", {"case": goal.case, "goal": goal})


@may("goal.write")
@require_POST
def goal_close(request: WorkerRequest, goal_id: UUID) -> HttpResponse:
    """Met, partly met, not met, dropped."""
    goal = goal_for(request.user, goal_id)
    form = GoalCloseForm(request.POST)
    with said_next(request):
        state = form.cleaned_data["state"] if form.is_valid() else ""
        actions.goal_close(goal=goal, by=request.user, state=state, on=timezone.localdate())
        messages.success(request, _("How the goal ended is kept."))
    return redirect("case", goal.case_id)


def _after(request: WorkerRequest, goal: Goal) -> HttpResponse:
    if goal.level == Goal.Level.POLICY:
        return redirect("goal_saved", goal.pk)
    messages.success(request, _("The goal is set."))
    return redirect("case", goal.case_id)
