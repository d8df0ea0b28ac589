"""The release desk: what waits to cross, what it would show, and the decision."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from upwell.evidence.disclosure.release import Release, read
from upwell.evidence.errors import LedgerError
from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.models import Agency
from upwell.practice.accounts.refused import said_next
from upwell.practice.errors import PracticeError
from upwell.practice.micro.crossing import actions, queries, shown, vault
from upwell.practice.micro.crossing.finish import Written
from upwell.practice.micro.crossing.forms import AskWordsForm, StatementForm, WhyForm, first_words
from upwell.practice.micro.crossing.gather import today_of
from upwell.practice.micro.crossing.shown import Item
from upwell.practice.micro.models import Candidate


@may("desk.see")
def desk(request: WorkerRequest) -> HttpResponse:
    """Everything that waits to cross, with its age."""
    agency = _agency(request)
    notify.seen(request.user, "desk")
    return render(
        request,
        "micro/desk/desk.html",
        {
            "candidates": queries.candidates_waiting(agency),
            "decided": queries.candidates_decided(agency),
            "asks": queries.asks_waiting(agency),
            "glass": queries.glass_to_review(agency),
            "gathering": queries.last_gathering(agency),
            "measures": queries.measures_locked(agency),
            "today": today_of(agency),
        },
    )


@may("desk.decide")
def desk_release(request: WorkerRequest, candidate_id: UUID) -> HttpResponse:
    """One candidate: what would cross, what is withheld, the attack, the ledger; statements to write; approval."""
    candidate = queries.candidate_for(request.user, candidate_id)
    release = _release(candidate)
    audit.look(request.user, "desk.release", candidate)
    chosen = _chosen(request, shown.items(release), candidate)
    if request.method == "POST" and "approve" in request.POST and all(each.form.is_valid() for each in chosen):
        return _approve(request, candidate, chosen)
    return render(request, "micro/desk/release.html", _page(candidate, release, chosen))


@may("desk.decide")
@require_POST
def desk_return(request: WorkerRequest, candidate_id: UUID) -> HttpResponse:
    """Send a candidate back, with the reason."""
    candidate = queries.candidate_for(request.user, candidate_id)
    form = WhyForm(request.POST)
    if not form.is_valid():
        release = _release(candidate)
        return render(request, "micro/desk/release.html", _page(candidate, release, ()) | {"why": form})
    with said_next(request):
        actions.candidate_return(candidate=candidate, by=request.user, why=form.cleaned_data["why"])
        messages.success(request, _("It went back. Nothing has crossed."))
    return redirect("desk")


@may("desk.decide")
@require_POST
def desk_gather(request: WorkerRequest) -> HttpResponse:
    """Ask for a gathering now."""
    actions.gather_now(by=request.user)
    messages.success(request, _("Gathering has begun. What comes of it stands here in a minute or two."))
    return redirect("desk")


@may("desk.decide")
@require_POST
def desk_measure(request: WorkerRequest, request_id: UUID) -> HttpResponse:
    """Ask for a measure to be computed now."""
    declared = queries.measure_for(request.user, request_id)
    with said_next(request):
        actions.measure_now(request=declared, by=request.user)
        messages.success(request, _("The measure is being computed. What comes of it stands here in a minute or two."))
    return redirect("desk")


@may("desk.decide")
def desk_ask(request: WorkerRequest, ask_made_id: int) -> HttpResponse:
    """The words of an ask: read them, perhaps shorten them, let them cross or keep them inside."""
    made = queries.ask_for(request.user, ask_made_id)
    audit.look(request.user, "desk.ask", made, subject=made.case.person_id)
    sends_back = "return" in request.POST
    posted = request.POST if request.method == "POST" else None
    form = AskWordsForm(None if sends_back else posted, agency=_agency(request), initial={"words": made.words})
    why = WhyForm(posted if sends_back else None)
    try:
        if sends_back and why.is_valid():
            actions.ask_return(made=made, by=request.user, why=why.cleaned_data["why"])
            return redirect("desk")
        if posted is not None and not sends_back and form.is_valid():
            actions.ask_release(made=made, by=request.user, words=form.cleaned_data["words"])
            return redirect("desk")
    except PracticeError as error:
        messages.error(request, str(error))
        return redirect("desk")
    return render(request, "micro/desk/ask.html", {"made": made, "form": form, "why": why})


@dataclass(frozen=True)
class Chosen:
    """A finding about which a statement is being written."""

    item: Item
    form: StatementForm


def _chosen(request: WorkerRequest, items: Sequence[Item], candidate: Candidate) -> tuple[Chosen, ...]:
    """The statements on the page: those that were there, and one more, or one fewer, when asked for."""
    posted = request.POST if request.method == "POST" else QueryDict()
    keys = [*posted.getlist("chosen"), *posted.getlist("add"), *request.GET.getlist("write")]
    known = {item.key: item for item in items}
    wanted = [key for key in dict.fromkeys(keys) if key in known and key not in posted.getlist("remove")]
    today, agency = today_of(candidate.agency), candidate.agency
    return tuple(_one_chosen(known[key], posted, agency, today) for key in wanted)


def _one_chosen(item: Item, posted: QueryDict, agency: Agency, today: date) -> Chosen:
    """Bound when it is to be approved; else with what was typed so far, or with what the question already says."""
    if "approve" in posted:
        return Chosen(item, StatementForm(posted, prefix=item.key, agency=agency, today=today))
    typed = {name: posted.get(f"{item.key}-{name}") for name in StatementForm.base_fields}
    begun = typed if item.key in posted.getlist("chosen") else first_words(item)
    return Chosen(item, StatementForm(prefix=item.key, agency=agency, today=today, initial=begun))


def _approve(request: WorkerRequest, candidate: Candidate, chosen: Sequence[Chosen]) -> HttpResponse:
    statements = [Written(each.form.statement(), each.item.figures) for each in chosen]
    try:
        actions.candidate_approve(candidate=candidate, by=request.user, statements=statements)
    except PracticeError as error:
        messages.error(request, str(error))
        return redirect("desk_release", candidate.pk)
    said = ngettext("It crossed, with %(n)d issue.", "It crossed, with %(n)d issues.", len(chosen))
    messages.success(request, said % {"n": len(chosen)} if chosen else _("It crossed, without an issue."))
    return redirect("desk")


def _page(candidate: Candidate, release: Release, chosen: Sequence[Chosen]) -> dict[str, object]:
    try:
        entries, is_whole = vault.entries_now(candidate.agency), vault.is_whole(candidate.agency)
    except LedgerError:
        entries, is_whole = (), False
    written = {each.item.key for each in chosen}
    return {
        "candidate": candidate,
        "release": release,
        "items": [item for item in shown.items(release) if item.key not in written],
        "groups": shown.by_question(release),
        "chosen": chosen,
        "entries": entries[::-1],
        "is_whole": is_whole,
        "why": WhyForm(),
        "waits": candidate.state == Candidate.State.WAITING,
    }


def _release(candidate: Candidate) -> Release:
    return read(base64.b64decode(candidate.signed), vault.keys_of(candidate.agency).public)


def _agency(request: WorkerRequest) -> Agency:
    agency = request.user.agency
    assert agency is not None  # `may` lets nobody through without one
    return agency
