"""The page of an official's aide: no account, two minutes, one printed page. It opens with a signed link alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from upwell.practice.accounts.may import open_to
from upwell.practice.bridge import queries as bridge
from upwell.practice.macro import actions, forms, queries, rules, showing
from upwell.practice.macro.models import SignedLink

LinkView = Callable[[HttpRequest, SignedLink], HttpResponse]
TokenView = Callable[[HttpRequest, str], HttpResponse]


def through_link(view: LinkView) -> TokenView:
    """Open the view to whoever holds a link that is ours: 404 for any other, 410 and a clear page for a shut one."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            link = queries.link_by(token, timezone.now())
        except queries.LinkShutError:
            return render(request, "macro/aide_shut.html", status=410)
        return view(request, link)

    return opened


@open_to("signed link")
@through_link
def aide(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """The page."""
    return _page(request, link, _asking(), _acting())


@open_to("signed link")
@through_link
def aide_ask(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """A question; it and its answer stand on the same page."""
    form, status = _asking(request), 200
    if form.is_valid():
        try:
            actions.aide_ask(link=link, now=timezone.now(), **form.cleaned_data)
            return redirect(reverse("aide", args=[queries.token_of(link)]) + "#ask-us")
        except rules.TooManyError as error:
            form.add_error(None, str(error))
            status = 429
    return _page(request, link, form, _acting(), status)


@open_to("signed link")
@through_link
def aide_act(request: HttpRequest, link: SignedLink) -> HttpResponse:
    """What the office did, for the advocate to confirm."""
    form, status = _acting(request), 200
    if form.is_valid():
        try:
            actions.aide_act(link=link, now=timezone.now(), **form.cleaned_data)
            return redirect(reverse("aide", args=[queries.token_of(link)]) + "#tell-us")
        except rules.TooManyError as error:
            form.add_error(None, str(error))
            status = 429
    return _page(request, link, _asking(), form, status)


def _asking(request: HttpRequest | None = None) -> forms.AskForm:
    return forms.AskForm((request.POST or None) if request else None, prefix="ask")


def _acting(request: HttpRequest | None = None) -> forms.ActForm:
    return forms.ActForm((request.POST or None) if request else None, prefix="act")


def _page(
    request: HttpRequest, link: SignedLink, ask: forms.AskForm, act: forms.ActForm, status: int = 200
) -> HttpResponse:
    proposal = link.proposal
    thread = bridge.thread_for(link.made_by, proposal.project.issue_id)
    shown = {
        "link": link,
        "token": queries.token_of(link),
        "proposal": proposal,
        "agency": proposal.project.agency,
        "statement": thread.statement,
        "evidence": showing.evidence(thread.figures[0]) if thread.figures else None,
        "questions": link.questions.all(),
        "acts": link.actions.all(),
        "ask": ask,
        "act": act,
    }
    return render(request, "macro/aide.html", shown, status=status)
