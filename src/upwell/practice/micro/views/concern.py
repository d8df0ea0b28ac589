"""Raising a concern from a case, and looking at one."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.refused import said_on
from upwell.practice.micro import identifiers
from upwell.practice.micro.actions import concern as actions
from upwell.practice.micro.actions import word as words_back
from upwell.practice.micro.forms.concern import AnswerForm, ConcernForm
from upwell.practice.micro.forms.note import initial_of
from upwell.practice.micro.models import Case, Concern, Draft
from upwell.practice.micro.queries import concern as queries
from upwell.practice.micro.queries import thread
from upwell.practice.micro.queries.case import case_for
from upwell.practice.micro.queries.concern import About, Offer
from upwell.practice.micro.views.left import keeps_what_was_typed

BOXES = ("problem", "impact")


@may("concern.raise")
@keeps_what_was_typed
def concern_raise(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """Is a rule or practice behind this? One page, a few taps, nothing typed twice."""
    case = case_for(request.user, case_id)
    offer = _offer(request, case)
    form = _form(request, case, offer)
    if request.method == "POST" and "neutral" not in request.POST and form.is_valid():
        with said_on(form):
            concern = _raised(form, offer, case, request.user)
            messages.success(request, _("Your concern is raised. You will hear what becomes of it."))
            return redirect("concern", concern.pk)
    audit.look(request.user, "concern.begin", case, subject=case.person_id)
    page = _page(request, case, offer, form)
    return render(request, "micro/concern_raise.html", page, status=422 if form.is_bound else 200)


@may("concern.raise")
def concern(request: WorkerRequest, concern_id: UUID) -> HttpResponse:
    """One concern: what was said, how far it has come, what came back."""
    found = queries.concern_for(request.user, concern_id)
    audit.look(request.user, "concern.open", found, subject=found.case.person_id)
    return render(request, "micro/concern.html", _one(request, found, AnswerForm()))


@may("team.see")
@require_POST
def concern_answer(request: WorkerRequest, concern_id: UUID) -> HttpResponse:
    """A supervisor answers a concern that can be answered in the case itself."""
    found = queries.concern_for(request.user, concern_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        with said_on(form):
            actions.concern_answer(concern=found, by=request.user, words=form.cleaned_data["words"])
            messages.success(request, _("Your answer is on its way to whoever raised it."))
            return redirect("concern", found.pk)
    return render(request, "micro/concern.html", _one(request, found, form), status=422)


def _offer(request: WorkerRequest, case: Case) -> Offer:
    """What the form begins with: from a note, a call or what the case says already."""
    asked = request.POST if request.method == "POST" else request.GET
    note_id, call_id = _uuid(asked.get("note")), _uuid(asked.get("call"))
    note = queries.note_in(case, note_id) if note_id else None
    call = queries.call_of(case.agency, call_id) if call_id else None
    return queries.offer_for(case, note=note, call=call)


def _form(request: WorkerRequest, case: Case, offer: Offer) -> ConcernForm:
    given: dict[str, Any] = {
        "problem": offer.problem,
        "domain": offer.domain,
        "barrier": offer.barrier,
        "about": offer.about.key,
        "note": offer.note and offer.note.pk,
        "call": offer.call and offer.call.pk,
        "window": uuid4(),
    }
    data = request.POST if request.method == "POST" else None
    if data is None and (draft := _draft(request, case, offer)):
        given |= initial_of(draft)
    if data is not None and "neutral" in data:
        given, data = given | data.dict() | _neutral(request, case), None
    key = (data.get("about", "") if data is not None else str(given["about"]))[:40]
    return ConcernForm(
        data,
        initial=given,
        today=timezone.localdate(),
        choices=queries.about_choices(case.agency, queries.about_of(key) or About()),
        lately=queries.domains_lately(case.agency),
    )


def _draft(request: WorkerRequest, case: Case, offer: Offer) -> Draft | None:
    """The draft asked for, else the newest from the same note: who comes back after a crash finds the page again."""
    drafts = list(queries.drafts_of(case, request.user))
    wanted = request.GET.get("draft", "")
    if wanted:
        return next((each for each in drafts if str(each.form_key) == wanted), None)
    if offer.note is None or "new" in request.GET:
        return None
    return next((each for each in drafts if initial_of(each).get("note") == str(offer.note.pk)), None)


def _neutral(request: WorkerRequest, case: Case) -> dict[str, str]:
    """The boxes as they were sent, with neutral words where something pointed to somebody."""
    names = queries.names_of(case)
    sent = {box: request.POST.get(box, "")[:20_000] for box in BOXES}
    return {box: identifiers.neutral(text, identifiers.find(text, names)) for box, text in sent.items()}


def _raised(form: ConcernForm, offer: Offer, case: Case, by: Worker) -> Concern:
    cleaned = form.cleaned_data
    return actions.concern_raise(
        case=case,
        by=by,
        problem=cleaned["problem"],
        impact=cleaned["impact"],
        on=form.today,
        note=offer.note,
        call=offer.call,
        **form.coding(),
    )


def _page(request: WorkerRequest, case: Case, offer: Offer, form: ConcernForm) -> dict[str, Any]:
    names = queries.names_of(case)
    texts = {box: str(form[box].value() or "")[:20_000] for box in BOXES}
    found = {
        box: [(text[each.start : each.end], each.kind.label) for each in identifiers.find(text, names)]
        for box, text in texts.items()
    }
    key = str(form["form_key"].value())
    drafts = list(queries.drafts_of(case, request.user)) if request.method == "GET" else []
    return {
        "case": case,
        "offer": offer,
        "form": form,
        "found": found,
        "draft": next((each for each in drafts if str(each.form_key) == key), None),
        "others": [each for each in drafts if str(each.form_key) != key],
    }


def _one(request: WorkerRequest, found: Concern, form: AnswerForm) -> dict[str, Any]:
    stage = thread.stage_of(found)
    words = list(found.words_back.filter(to="worker").select_related("reply").order_by("delivered_at", "pk"))
    said = list(found.team_words.select_related("by"))
    if found.by_id == request.user.pk:
        now = timezone.now()
        for each in words:
            words_back.word_seen(word=each, at=now, by=request.user)
        words_back.team_words_seen(words=said, at=now, by=request.user)
        found.refresh_from_db(fields=["state"])
    heard = queries.consents_to_be_heard(found.case.person, timezone.localdate())
    return {
        "concern": found,
        "case": found.case,
        "steps": thread.line_of(stage),
        "words": words,
        "said": said,
        "heard": heard,
        "form": form,
        "may_answer": found.state in {Concern.State.NEW, Concern.State.ACKNOWLEDGED, Concern.State.JOINED},
    }


def _uuid(text: str | None) -> UUID | None:
    """The id of an address. Raises Http404 for what is none."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
