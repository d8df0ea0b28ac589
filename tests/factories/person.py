"""Persons in the name index, consents in any state, safe contacts, and a person on their own page."""

from __future__ import annotations

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.person import actions
from upwell.practice.person.models import Consent, Person, SafeContact


def indexed(agency: Agency, by: Worker, first: str, last: str, **more: str) -> Person:
    """A person who is found by name."""
    return actions.person_add(agency=agency, by=by, first_name=first, last_name=last, **more)


def offered(to: Person, by: Worker, purpose: str = Consent.Purpose.COUNT, **more: str) -> Consent:
    """A consent that waits for an answer."""
    return actions.consent_offer(person=to, purpose=purpose, by=by, language="en", **more)


def given(to: Person, by: Worker, purpose: str = Consent.Purpose.COUNT, **more: str) -> Consent:
    """A consent that was given now, on paper."""
    return actions.consent_give(consent=offered(to, by, purpose, **more), how="paper", at=timezone.now(), by=by)


def safe_contact(of: Person, channel: str = SafeContact.Channel.EMAIL, **more: object) -> SafeContact:
    """A way that is safe at every hour, confirmed today."""
    fields: dict[str, object] = {
        "address": "someone@example.net",
        "is_safe": True,
        "from_hour": 0,
        "until_hour": 24,
        "confirmed_on": timezone.localdate(),
    }
    return SafeContact.objects.create(person=of, channel=channel, **(fields | more))


def days_ago(days: int) -> date:
    """A day in the past."""
    return timezone.localdate() - timedelta(days=days)


def portal_sign_in(client: Client, of: Person, by: Worker) -> str:
    """Let a browser in as the person, by the front door. Returns the code."""
    code = actions.portal_issue(person=of, by=by)
    client.post(reverse("portal_sign_in"), {"code": code})
    return code
