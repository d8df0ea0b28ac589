"""Proposals: the ask, whom it goes to, what was said and what it cost, what was decided; and the offices' page."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.queries import agency_of
from upwell.practice.accounts.refused import said_on
from upwell.practice.macro import actions, forms, queries, rules
from upwell.practice.macro.models import Proposal, Target


@may("proposal.keep")
def proposal(request: WorkerRequest, proposal_id: UUID) -> HttpResponse:
    """A proposal with its next step, its contacts, the office's page and what came through it."""
    about = queries.proposal_for(request.user, proposal_id)
    now = timezone.now()
    links = [
        {"link": link, "address": request.build_absolute_uri(reverse("aide", args=[queries.token_of(link)]))}
        for link in about.links.filter(taken_back_at=None, expires__gt=now)
    ]
    return render(
        request,
        "macro/proposal.html",
        {
            "proposal": about,
            "links": links,
            "form_key": uuid4(),
            "questions": queries.questions_of(about),
            "acts": queries.acts_of(about),
            "contacts": about.contacts.select_related("by"),
            "lobbying_help": rules.LOBBYING_HELP[about.lobbying],
            "may_decide": about.state != Proposal.State.DECIDED or about.decision == Proposal.Decision.DEFERRED,
        },
    )


@may("proposal.keep")
def proposal_make(request: WorkerRequest, project_id: UUID) -> HttpResponse:
    """A draft for a project."""
    project = queries.project_for(request.user, project_id)
    begin = {"policy": project.issue.statement.policy_id, "limits": project.issue.statement.not_known}
    begin["contact"] = agency_of(request.user).public_contact
    form = forms.ProposalForm(request.POST or None, offices=queries.offices_for(request.user), initial=begin)
    if form.is_valid():
        with said_on(form):
            made = actions.proposal_make(
                project=project,
                by=request.user,
                fields=form.asked_of(_office(request, form)),
                form_key=form.cleaned_data["form_key"],
            )
            return redirect("proposal", made.pk)
    return render(request, "macro/proposal_form.html", {"project": project, "form": form})


@may("proposal.keep")
def proposal_change(request: WorkerRequest, proposal_id: UUID) -> HttpResponse:
    """Change a draft."""
    about = queries.proposal_for(request.user, proposal_id)
    begin = {name: getattr(about, name) for name in (*actions.ProposalFields.__dataclass_fields__, "form_key")}
    form = forms.ProposalForm(request.POST or None, offices=queries.offices_for(request.user), initial=begin)
    if form.is_valid():
        with said_on(form):
            fields = form.asked_of(_office(request, form))
            actions.proposal_change(proposal=about, by=request.user, fields=fields)
            return redirect("proposal", about.pk)
    return render(request, "macro/proposal_form.html", {"project": about.project, "form": form, "proposal": about})


@may("proposal.keep")
def proposal_deliver(request: WorkerRequest, proposal_id: UUID) -> HttpResponse:
    """It was handed over: its words stay from now on."""
    about = queries.proposal_for(request.user, proposal_id)
    words = _("A clear request went to the {role}: {ask}").format(role=about.target, ask=about.ask)
    begin = {"on": timezone.localdate(), "words": words[:500]}
    form = forms.DeliverForm(request.POST or None, initial=begin)
    if form.is_valid():
        with said_on(form):
            actions.proposal_deliver(proposal=about, by=request.user, **form.cleaned_data)
            return _told(request, about)
    return _step_page(request, about, form, _("It was delivered"))


@may("proposal.keep")
def proposal_bring(request: WorkerRequest, proposal_id: UUID) -> HttpResponse:
    """It lies before officials, under a number of theirs."""
    about = queries.proposal_for(request.user, proposal_id)
    words = _("The request lies before those who decide: {role}.").format(role=about.target)
    form = forms.BringForm(request.POST or None, initial={"formal_id": about.formal_id, "words": words})
    if form.is_valid():
        with said_on(form):
            actions.proposal_bring(proposal=about, by=request.user, **form.cleaned_data)
            return _told(request, about)
    return _step_page(request, about, form, _("It lies before officials"))


@may("proposal.keep")
def proposal_decide(request: WorkerRequest, proposal_id: UUID) -> HttpResponse:
    """What was decided, and what we make of it."""
    about = queries.proposal_for(request.user, proposal_id)
    form = forms.DecideForm(request.POST or None, initial={"decided_on": timezone.localdate()})
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("words", "what_next")}
        with said_on(form):
            actions.proposal_decide(proposal=about, by=request.user, made=form.made(), **told)
            return _told(request, about)
    return _step_page(request, about, form, _("It was decided"))


@may("proposal.keep")
def contact_log(request: WorkerRequest, proposal_id: UUID) -> HttpResponse:
    """One contact with the office: what was said, what it cost, how the tax rules see it."""
    about = queries.proposal_for(request.user, proposal_id)
    begin = {"on": timezone.localdate(), "lobbying": about.lobbying, "hours": 0, "cost": 0}
    form = forms.ContactForm(request.POST or None, initial=begin)
    if form.is_valid():
        with said_on(form):
            actions.contact_log(proposal=about, by=request.user, **form.cleaned_data)
            return redirect("proposal", about.pk)
    return _step_page(request, about, form, _("A contact with the office"))


@may("proposal.keep")
def link_make(request: WorkerRequest, proposal_id: UUID) -> HttpResponse:
    """A page for the office, without account, for thirty days."""
    about = queries.proposal_for(request.user, proposal_id)
    form = forms.OnceForm(request.POST or None)
    if form.is_valid():
        actions.link_make(proposal=about, by=request.user, now=timezone.now(), **form.cleaned_data)
    return redirect("proposal", about.pk)


@may("proposal.keep")
def link_take_back(request: WorkerRequest, link_id: UUID) -> HttpResponse:
    """Shut the office's page."""
    link = queries.link_for(request.user, link_id)
    if request.method == "POST":
        actions.link_take_back(link=link, by=request.user, now=timezone.now())
    return redirect("proposal", link.proposal_id)


@may("proposal.keep")
def question_answer(request: WorkerRequest, question_id: int) -> HttpResponse:
    """Answer what an aide asked; it stands on the office's page."""
    asked = queries.question_for(request.user, question_id)
    form = forms.AnswerForm(request.POST or None, initial={"words": asked.answer})
    if form.is_valid():
        actions.aide_ask_answer(question=asked, by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect("proposal", asked.link.proposal_id)
    return render(request, "macro/question_answer.html", {"question": asked, "form": form})


@may("proposal.keep")
def act_confirm(request: WorkerRequest, act_id: int) -> HttpResponse:
    """Confirm what an office says it did, and tell everyone who raised the issue."""
    act = queries.act_for(request.user, act_id)
    words = _("The office that was asked did something: {what}.").format(what=act.get_kind_display())
    form = forms.ConfirmForm(request.POST or None, initial={"words": words})
    if form.is_valid():
        with said_on(form):
            actions.aide_act_confirm(act=act, by=request.user, now=timezone.now(), **form.cleaned_data)
            return _told(request, act.link.proposal)
    return render(request, "macro/act_confirm.html", {"act": act, "form": form})


@may("proposal.keep")
def lobbying(request: WorkerRequest) -> HttpResponse:
    """What this year's contacts cost by class, beside what may be spent untaxed."""
    form = forms.SpendingForm(request.GET or None)
    spent = form.cleaned_data["spent"] if form.is_valid() else None
    year = timezone.localdate().year
    used = queries.lobbying_of(request.user, year)
    ceilings = rules.ceilings(spent) if spent is not None else None
    return render(request, "macro/lobbying.html", {"form": form, "year": year, "used": used, "ceilings": ceilings})


def _office(request: WorkerRequest, form: forms.ProposalForm) -> Target:
    """The office of the list, or the one that was typed, added."""
    new = form.new_office()
    return actions.target_add(by=request.user, **new) if new else form.cleaned_data["target"]


def _told(request: WorkerRequest, about: Proposal) -> HttpResponse:
    messages.success(request, _("Done. Everyone who raised it is being told."))
    return redirect("proposal", about.pk)


def _step_page(request: WorkerRequest, about: Proposal, form: Form, heading: str) -> HttpResponse:
    return render(request, "macro/proposal_step.html", {"proposal": about, "form": form, "heading": heading})
