"""A client's own pages: the door, the plan, what they agreed to, who saw their file, what became of what they told."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext

from upwell.practice.accounts.may import open_to
from upwell.practice.micro.actions.word import word_rate, word_seen
from upwell.practice.micro.queries import portal as queries
from upwell.practice.person import actions, door
from upwell.practice.person.consent_words import WORDS
from upwell.practice.person.forms import CodeForm
from upwell.practice.person.languages import shown_in
from upwell.practice.person.models import Consent, Person
from upwell.practice.person.queries import consents_of, has_consent
from upwell.practice.person.rules import has_ended
from upwell.web.portal import session
from upwell.web.portal.address import address_of
from upwell.web.portal.forms import AnswerForm, UsefulForm
from upwell.web.portal.marks import for_client
from upwell.web.portal.seen import who_saw


@open_to("client")
def portal_sign_in(request: HttpRequest) -> HttpResponse:
    """The door: a code and nothing else. `?language=` for whoever the browser does not speak for."""
    with translation.override(shown_in(request.GET.get("language", "") or translation.get_language())):
        form = CodeForm(request.POST or None)
        if request.method != "POST":
            return _page(request, "sign_in", form=form)
        code, now, status = request.POST.get("code", "")[:100], timezone.now(), 200
        try:
            access = door.enter(code=code, address=address_of(request), now=now)
        except door.TooManyTriesError:
            wrong, status = gettext("There were too many wrong codes. Wait a quarter of an hour, then try again."), 429
        except door.WrongCodeError:
            wrong = gettext("This code opens nothing. Look at the paper again, or ask your worker for a new one.")
        else:
            return session.begin(redirect("portal_home"), access.handle, now=now)
        return _page(request, "sign_in", status=status, form=CodeForm(), wrong=wrong)


@for_client
def portal_home(request: HttpRequest, person: Person) -> HttpResponse:
    """Where everything is, and whether something is new."""
    waiting = consents_of(person).filter(state=Consent.State.OFFERED).count()
    unread = queries.words_of(person, timezone.localdate()).filter(seen_at=None).count()
    return _page(request, "home", person=person, waiting=waiting, unread=unread)


@for_client
def portal_plan(request: HttpRequest, person: Person) -> HttpResponse:
    """Goals with both sides' next step, the next appointment, and who works with me."""
    return _page(request, "plan", plans=queries.plan_for(person))


@for_client
def portal_consents(request: HttpRequest, person: Person) -> HttpResponse:
    """What I agreed to: answer what is asked, take back what was given."""
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            consent = get_object_or_404(consents_of(person), pk=form.cleaned_data["consent"])
            _answer(consent, form.cleaned_data["act"])
        return redirect("portal_consents")
    today = timezone.localdate()
    rows = [_consent_row(consent, today) for consent in consents_of(person)]
    shown: dict[str, Any] = {key: [row for row in rows if row["stands"] == key] for key in ("offered", "given", "over")}
    return _page(request, "consents", today=today, **shown)


@for_client
def portal_seen(request: HttpRequest, person: Person) -> HttpResponse:
    """Who saw my file."""
    return _page(request, "seen", looks=who_saw(person))


@for_client
def portal_told(request: HttpRequest, person: Person) -> HttpResponse:
    """What became of what I told; nothing when I do not want to be told."""
    today = timezone.localdate()
    if request.method == "POST":
        form = UsefulForm(request.POST)
        if form.is_valid():
            word = get_object_or_404(queries.words_of(person, today), pk=form.cleaned_data["word"])
            word_rate(word=word, useful=form.cleaned_data["useful"])
        return redirect("portal_told")
    told = queries.words_for(person, today)
    page = _page(
        request,
        "told",
        told=told,
        may_tell=has_consent(person, Consent.Purpose.TELL, today),
        concerns=queries.concerns_of(person).count(),
    )
    for each in told:
        word_seen(word=each.word, at=timezone.now())
    return page


@open_to("client")
def portal_leave(request: HttpRequest) -> HttpResponse:
    """The way out, in one tap: the session ends, and what is left on the screen is the weather."""
    response = session.end(request, _page(request, "leave", is_demo=False))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _answer(consent: Consent, act: str) -> None:
    """Do what the person said, if it can still be done: a page left open for a day may ask what was answered since."""
    now = timezone.now()
    if act == "back" and consent.state == Consent.State.GIVEN:
        actions.consent_revoke(consent=consent, at=now)
    elif consent.state == Consent.State.OFFERED and consent.giver in _OWN:
        if act == "give":
            actions.consent_give(consent=consent, how=Consent.How.PAGE, at=now)
        elif act == "decline":
            actions.consent_decline(consent=consent, how=Consent.How.PAGE, at=now)


_OWN = frozenset({Consent.Giver.SELF, Consent.Giver.SUPPORTED})


def _consent_row(consent: Consent, today: Any) -> dict[str, Any]:
    stands = "over"
    if consent.state == Consent.State.OFFERED and consent.giver in _OWN:
        stands = "offered"
    elif consent.state == Consent.State.GIVEN and not has_ended(consent.expires_on, today):
        stands = "given"
    stopped = queries.stopped_by(consent) if consent.state == Consent.State.REVOKED else []
    return {"consent": consent, "words": WORDS[consent.purpose], "stands": stands, "stopped": stopped}


def _page(request: HttpRequest, name: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    """A page without anything of a worker who may be signed in on the same device."""
    bare: dict[str, Any] = {"user": AnonymousUser(), "menu": [], "messages": []}
    return render(request, f"portal/{name}.html", bare | shown, status=status)
