"""Asking macro a question from a case, and reading the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.refused import said_on
from upwell.practice.bridge.models import Answer
from upwell.practice.bridge.queries import answers_for
from upwell.practice.micro.actions import ask as actions
from upwell.practice.micro.forms.ask import AskForm
from upwell.practice.micro.models import AskMade, Case
from upwell.practice.micro.queries import concern as concerns
from upwell.practice.micro.queries import thread as queries
from upwell.practice.micro.queries.case import case_for
from upwell.practice.micro.queries.concern import About

MOST_ANSWERS = 5


@may("ask.make")
def ask_make(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """A question from a case. What was answered before is shown first, and costs nobody a second answer."""
    case = case_for(request.user, case_id)
    form = _form(request, case)
    answers = _answered_already(request, form)
    if request.method == "POST" and form.is_valid() and _has_seen(form, answers):
        with said_on(form):
            made = _made(form, case, request)
            messages.success(request, _("Your question is asked. The answer will stand here and on Today."))
            return redirect("ask_made", made.pk)
    audit.look(request.user, "ask.begin", case, subject=case.person_id)
    page = {"case": case, "form": form, "answers": answers, "asked": queries.asks_of(case)}
    return render(request, "micro/ask_make.html", page, status=422 if form.is_bound else 200)


@may("ask.make")
def ask_made(request: WorkerRequest, ask_made_id: int) -> HttpResponse:
    """One question and its answer."""
    made = queries.ask_made_for(request.user, ask_made_id)
    audit.look(request.user, "ask.open", made, subject=made.case.person_id)
    days = queries.days_to_answer(made)
    if days is not None and made.by_id == request.user.pk:
        actions.answer_seen(made=made, by=request.user, at=timezone.now())
    if made.words_state == AskMade.State.RETURNED and made.by_id == request.user.pk:
        actions.return_seen(made=made, by=request.user, at=timezone.now())
    return render(request, "micro/ask_made.html", {"made": made, "days": days})


def _form(request: WorkerRequest, case: Case) -> AskForm:
    coded = concerns.last_coding(case)
    chosen = coded.about
    if request.method == "POST":
        chosen = concerns.about_of(request.POST.get("about", "")[:40]) or About()
    return AskForm(
        request.POST if request.method == "POST" else None,
        initial={"domain": coded.domain, "barrier": coded.barrier, "about": chosen.key},
        today=timezone.localdate(),
        choices=concerns.about_choices(case.agency, chosen),
        lately=concerns.domains_lately(case.agency),
        names=concerns.names_of(case),
    )


def _answered_already(request: WorkerRequest, form: AskForm) -> list[Answer]:
    """Answers to the same coding: the domain and barrier that are chosen, at the rule where one is."""
    about = concerns.about_of(str(form["about"].value() or "")[:40]) or About()
    domain, barrier = str(form["domain"].value() or ""), str(form["barrier"].value() or "")
    if about.policy is None and not (domain and barrier):
        return []
    if about.policy is not None:
        return list(answers_for(request.user, policy=about.policy)[:MOST_ANSWERS])
    return list(answers_for(request.user, domain=domain, barrier=barrier)[:MOST_ANSWERS])


def _has_seen(form: AskForm, answers: list[Answer]) -> bool:
    """Whether the answers that are there stood on the page that was sent."""
    return {str(each.pk) for each in answers} <= set(form.cleaned_data["seen"].split())


def _made(form: AskForm, case: Case, request: WorkerRequest) -> AskMade:
    said: dict[str, Any] = {name: form.cleaned_data[name] for name in ("kind", "words", "needed_by")}
    return actions.ask_make(case=case, by=request.user, on=form.today, **said, **form.coding())
