"""Pages about a case's person, for those who work on the case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from upwell.practice.accounts import audit
from upwell.practice.accounts.may import WorkerRequest, may
from upwell.practice.accounts.models import Worker
from upwell.practice.micro.queries.case import case_for
from upwell.practice.micro.queries.person import household_of, members_among, own_people
from upwell.practice.micro.queries.portal import stopped_by
from upwell.practice.person import actions, contact, languages, queries, rules
from upwell.practice.person.consent_words import WORDS, ConsentWords
from upwell.practice.person.forms import ConsentForm, ContactForm, PersonForm
from upwell.practice.person.models import Consent, Person, PortalAccess, SafeContact


@may("case.open")
def person(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """Who somebody is, in their own terms; `?change=1` opens the form."""
    case = case_for(request.user, case_id)
    who, people = case.person, own_people(request.user, but=case.person)
    initial = _person_initial(who, people)
    form = PersonForm(request.POST or None, initial=initial, people=people, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        _keep_person(who, request.user, form, initial)
        return redirect("person", case_id=case.pk)
    audit.look(request.user, "person.open", who, subject=who.pk)
    changing = request.method == "POST" or "change" in request.GET
    shown = {
        "case": case,
        "person": who,
        "form": form,
        "changing": changing,
        "speaks": languages.name_of(who.language),
        "household": household_of(who),
        "members": members_among(who, people),
    }
    return render(request, "micro/person/person.html", shown)


@may("consent.record")
def consent_offer(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """What the person agrees to, and one new question: on their page, on paper or in words."""
    case = case_for(request.user, case_id)
    who, today = case.person, timezone.localdate()
    form = ConsentForm(request.POST or None, initial={"language": who.language, "giver": Consent.Giver.SELF})
    if request.method == "POST" and form.is_valid():
        _ask(who, request.user, form.cleaned_data)
        return redirect("consent_offer", case_id=case.pk)
    audit.look(request.user, "consent.open", who, subject=who.pk)
    asked = [
        {
            "consent": consent,
            "words": WORDS[consent.purpose],
            "ended": rules.has_ended(consent.expires_on, today),
            "stopped": stopped_by(consent) if consent.state == Consent.State.REVOKED else [],
        }
        for consent in queries.consents_of(who)
    ]
    shown = {"case": case, "person": who, "form": form, "asked": asked, "said": _said(), "today": today}
    return render(request, "micro/person/consents.html", shown)


@may("consent.record")
def consent_revoke(request: WorkerRequest, case_id: UUID, consent_id: UUID) -> HttpResponse:
    """The person has said that they take it back."""
    case = case_for(request.user, case_id)
    consent = get_object_or_404(queries.consents_of(case.person), pk=consent_id)
    if request.method == "POST":
        actions.consent_revoke(consent=consent, at=timezone.now(), by=request.user)
    return redirect("consent_offer", case_id=case.pk)


@may("contact.keep")
def contacts(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """Each way to reach the person: what is safe, one tap to say so again, and what was sent or held back."""
    case = case_for(request.user, case_id)
    who = case.person
    if request.method == "POST":
        return _contact_act(request, case_id, who)
    audit.look(request.user, "contact.open", who, subject=who.pk)
    sent = [
        {"row": row, "about": contact.ABOUT.get(row.about), "why": contact.HELD.get(row.why_held)}
        for row in queries.sent_to(who)[:20]
    ]
    shown = {"case": case, "person": who, "ways": _ways(who), "sent": sent}
    return render(request, "micro/person/contacts.html", shown)


@may("contact.keep")
def contact_keep(request: WorkerRequest, case_id: UUID, channel: str) -> HttpResponse:
    """What the person says now about one way."""
    case = case_for(request.user, case_id)
    if channel not in SafeContact.Channel.values:
        raise Http404
    held = queries.contacts_of(case.person).filter(channel=channel).first()
    form = ContactForm(request.POST or None, initial=_contact_initial(held), channel=channel)
    if request.method == "POST" and form.is_valid():
        actions.contact_keep(
            person=case.person, by=request.user, channel=channel, fields=form.kept(), on=timezone.localdate()
        )
        return redirect("contacts", case_id=case.pk)
    audit.look(request.user, "contact.open", case.person, subject=case.person_id)
    shown = {"case": case, "form": form, "channel": SafeContact.Channel(channel)}
    return render(request, "micro/person/contact.html", shown)


@may("consent.record")
def portal_issue(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """A code on paper for the person's own page; shown once, so the answer to the form is the page to print."""
    case = case_for(request.user, case_id)
    access = PortalAccess.objects.filter(person=case.person).first()
    shown: dict[str, Any] = {"case": case, "person": case.person, "access": access}
    if request.method != "POST":
        return render(request, "micro/person/portal_issue.html", shown)
    if request.POST.get("act") == "shut":
        if access:
            actions.portal_shut(person=case.person, by=request.user)
        return redirect("portal_issue", case_id=case.pk)
    shown["code"] = actions.portal_issue(person=case.person, by=request.user)
    shown["address"] = request.build_absolute_uri(reverse("portal_sign_in"))
    shown["sheet"] = languages.shown_in(case.person.language)
    return render(request, "micro/person/portal_code.html", shown)


def _said() -> list[tuple[Any, ConsentWords]]:
    return [(Consent.Purpose(purpose).label, words) for purpose, words in WORDS.items()]


def _ask(who: Person, by: Worker, said: dict[str, Any]) -> None:
    consent = actions.consent_offer(
        person=who,
        purpose=said["purpose"],
        by=by,
        language=said["language"],
        recipient=said["recipient"],
        giver=said["giver"] or Consent.Giver.SELF,
        with_interpreter=said["with_interpreter"],
    )
    if consent.state != Consent.State.OFFERED or said["how"] == "page":
        return
    if said["said"] == "yes":
        actions.consent_give(consent=consent, how=said["how"], at=timezone.now(), by=by)
    else:
        actions.consent_decline(consent=consent, how=said["how"], at=timezone.now(), by=by)


def _ways(who: Person) -> list[dict[str, Any]]:
    today, kept = timezone.localdate(), {each.channel: each for each in queries.contacts_of(who)}
    return [
        {
            "channel": channel,
            "contact": held,
            "stale": held is not None and rules.is_stale(held.confirmed_on, today),
            "days": [words for day, words in contact.DAYS if held and day in held.weekdays],
        }
        for channel in SafeContact.Channel
        for held in [kept.get(channel)]
    ]


def _contact_act(request: WorkerRequest, case_id: UUID, who: Person) -> HttpResponse:
    act = request.POST.get("act")
    if act == "send":
        contact.send(person=who, about="word", now=timezone.now())
        return redirect(reverse("contacts", args=[case_id]) + "#sent")
    held = queries.contacts_of(who).filter(channel=request.POST.get("channel", "")[:8]).first()
    if held is None or act not in {"safe", "unsafe"}:
        return HttpResponseBadRequest()
    actions.contact_confirm(contact=held, by=request.user, on=timezone.localdate(), still_safe=act == "safe")
    return redirect("contacts", case_id=case_id)


def _keep_person(who: Person, by: Worker, form: PersonForm, before: dict[str, Any]) -> None:
    actions.person_change(person=who, by=by, fields=form.fields_of_person())
    words, chosen = form.cleaned_data["household"], form.chosen()
    if (words, {str(each.pk) for each in chosen}) != (before["household"], set(before["members"])):
        people, today = list(form.people.values()), timezone.localdate()
        actions.household_set(person=who, by=by, words=words, members=chosen, among=people, on=today)


def _person_initial(who: Person, people: list[Person]) -> dict[str, Any]:
    household = household_of(who)
    names = ("preferred_name", "first_name", "last_name", "pronouns", "language", "birth_date")
    return {
        **{name: getattr(who, name) for name in names},
        "restricted": who.state == Person.State.RESTRICTED,
        "household": household.words if household else "",
        "members": [str(each.pk) for each in members_among(who, people)],
    }


def _contact_initial(held: SafeContact | None) -> dict[str, Any]:
    """What is kept; a way that is new begins with nothing called safe."""
    if held is None:
        return {"from_hour": 8, "until_hour": 18}
    names = ("address", "is_safe", "from_hour", "until_hour", "may_leave_message", "may_name_agency")
    kept = {name: getattr(held, name) for name in (*names, "code_word", "who_may_answer")}
    return {**kept, "weekdays": list(held.weekdays)}
