"""Today: what waits for a worker, on one screen."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.micro.forms.case import SearchForm
from upwell.practice.micro.forms.referral import OUTCOME_WORDS
from upwell.practice.micro.queries.thread import today_thread
from upwell.practice.micro.queries.today import day_for


@may("today.see")
def today(request: WorkerRequest) -> HttpResponse:
    """Contacts, referrals to ask about, what came back, what was begun."""
    on = timezone.localdate()
    audit.look(request.user, "today.see", request.user)
    notify.seen(request.user, "today")
    context = {
        "day": day_for(request.user, on),
        "thread": today_thread(request.user),
        "search": SearchForm(),
        "outcomes": OUTCOME_WORDS,
        "today": on,
    }
    return render(request, "micro/today.html", context)
