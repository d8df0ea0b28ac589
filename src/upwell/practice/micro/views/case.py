"""The caseload: the list, the search by name, one case with its timeline, and what is done to a case as a whole."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.models import Role
from upwell.practice.accounts.refused import said_next, said_on
from upwell.practice.micro.actions import case as actions
from upwell.practice.micro.forms.case import CaseCloseForm, CaseStartForm, FilterForm, NextContactForm, SearchForm
from upwell.practice.micro.models import Case
from upwell.practice.micro.queries.assignment import leads
from upwell.practice.micro.queries.case import case_for, cases_for, glass_open_on, own_cases, workers_of
from upwell.practice.micro.queries.search import found_by_name
from upwell.practice.micro.queries.written import drafts_for, entries_now, goals_now, timeline
from upwell.practice.micro.rules import MOVES

CASES_A_PAGE = 50


@may("case.open")
def cases(request: WorkerRequest) -> HttpResponse:
    """The caseload, soonest contact first."""
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"whose": "", "state": ""}
    page = Paginator(_listed(request, chosen), CASES_A_PAGE).get_page(request.GET.get("page", ""))
    audit.look(request.user, "case.list", request.user)
    context = {"form": form, "search": SearchForm(), "page": page, "today": timezone.localdate()}
    context["keep"] = urlencode(chosen) + "&"
    return render(request, "micro/cases.html", context | {"leads": Role.SUPERVISOR in request.user.roles})


@may("case.search")
def case_search(request: WorkerRequest) -> HttpResponse:
    """People of the own agency by name. A case that is not the worker's shows whom to ask, and nobody's name."""
    form = SearchForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = found_by_name(request.user, form.cleaned_data["words"])
        audit.look(request.user, "case.search", request.user)
    return render(request, "micro/case_search.html", {"form": form, "found": found})


@may("case.open")
def case(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """One case: the facts, what stands now, and everything written, newest first."""
    shown = case_for(request.user, case_id)
    audit.look(request.user, "case.open", shown, subject=shown.person_id)
    page, lines = timeline(shown, request.GET.get("page", ""))
    working = workers_of(shown)
    context = {
        "case": shown,
        "language": _language(shown.person.language),
        "workers": working,
        "keeps": request.user in working or leads(request.user, shown),
        "glass": glass_open_on(request.user, shown),
        "moves": [Case.State(each) for each in MOVES[shown.state]],
        "drafts": drafts_for(request.user).filter(case=shown),
        "entries": entries_now(shown),
        "goals": goals_now(shown),
        "page": page,
        "lines": lines,
        "today": timezone.localdate(),
        "contact_form": NextContactForm(initial={"next_contact_on": shown.next_contact_on}, today=timezone.localdate()),
    }
    return render(request, "micro/case.html", context)


@may("case.start")
def case_start(request: WorkerRequest) -> HttpResponse:
    """A new person and their case."""
    today = timezone.localdate()
    form = CaseStartForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            begun = actions.case_start(by=request.user, on=today, **form.cleaned_data)
            return redirect("case", begun.pk)
    return render(request, "micro/case_start.html", {"form": form})


@may("case.open")
@require_POST
def case_move(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """One step along the casework cycle."""
    moved = case_for(request.user, case_id)
    with said_next(request):
        moved = actions.case_move(case=moved, to=request.POST.get("to", ""), by=request.user)
        messages.success(request, _("The case now stands at: %(state)s.") % {"state": moved.get_state_display()})
    return redirect("case", moved.pk)


@may("case.open")
def case_close(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """End the work, with the person's own account."""
    closing = case_for(request.user, case_id)
    form = CaseCloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with said_on(form):
            actions.case_close(case=closing, by=request.user, on=timezone.localdate(), **form.cleaned_data)
            messages.success(request, _("The case is closed. It can be opened again."))
            return redirect("case", closing.pk)
    return render(request, "micro/case_close.html", {"case": closing, "form": form, "goals": goals_now(closing)})


@may("case.open")
@require_POST
def contact_plan(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """When to be in touch next."""
    planned = case_for(request.user, case_id)
    form = NextContactForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        actions.contact_plan(case=planned, by=request.user, **form.cleaned_data)
        messages.success(request, _("The next contact is kept."))
    else:
        messages.error(request, " ".join(str(each) for each in form.errors["next_contact_on"]))
    return redirect("case", planned.pk)


def _language(code: str) -> str:
    """A language in words; its code where Django knows no name for it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _listed(request: WorkerRequest, chosen: dict[str, str]) -> QuerySet[Case]:
    of_team = chosen["whose"] == "team" and Role.SUPERVISOR in request.user.roles
    found = cases_for(request.user) if of_team else own_cases(request.user)
    found = found.filter(state=chosen["state"]) if chosen["state"] else found.exclude(state=Case.State.CLOSED)
    return found.select_related("person").order_by(F("next_contact_on").asc(nulls_last=True), "-opened_on", "pk")
