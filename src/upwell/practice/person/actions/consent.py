"""What a person agrees to: offered, answered, taken back. by=None: the person, on their own page."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.person import rules
from upwell.practice.person.models import Consent, Person

State = Consent.State


@transaction.atomic
def consent_offer(
    *,
    person: Person,
    purpose: str,
    by: Worker,
    language: str,
    recipient: str = "",
    scope: str = "",
    giver: str = Consent.Giver.SELF,
    with_interpreter: bool = False,
) -> Consent:
    """Ask a person for one purpose. The same question still open, or already agreed to, is that row: never two.

    language: in which it was explained. Raises ConsentError when a purpose that needs a recipient has none.
    """
    recipient = recipient.strip()
    rules.check_offer(purpose, recipient)
    Person.objects.select_for_update().get(pk=person.pk)  # a form sent twice at once must find its first row
    same = Consent.objects.filter(person=person, purpose=purpose, recipient__iexact=recipient, giver=giver)
    for consent in same.filter(state__in=[State.OFFERED, State.GIVEN]):
        if not rules.has_ended(consent.expires_on, timezone.localdate()):
            return consent
    consent = Consent.objects.create(
        person=person,
        purpose=purpose,
        recipient=recipient,
        scope=scope.strip(),
        giver=giver,
        language=language,
        with_interpreter=with_interpreter,
        offered_by=by,
        offered_at=timezone.now(),
    )
    audit.record(by, "consent.offer", consent, subject=person.pk)
    return consent


@transaction.atomic
def consent_give(
    *, consent: Consent, how: str, at: datetime, by: Worker | None = None, months: int | None = None
) -> Consent:
    """A person says yes. It may be used from the day the purpose has cooled off, until it ends or is taken back.

    months: how long, when the person wants it shorter than the most. Given already: nothing changes.
    """
    consent = _held(consent)
    if consent.state == State.GIVEN:
        return consent
    rules.check_move(consent.state, State.GIVEN)
    span = rules.span(consent.purpose, timezone.localdate(at), months)
    consent.state, consent.how, consent.given_at = State.GIVEN, how, at
    consent.usable_from, consent.expires_on = span.usable_from, span.expires_on
    consent.save(update_fields=["state", "how", "given_at", "usable_from", "expires_on"])
    _record("consent.give", consent, by)
    return consent


@transaction.atomic
def consent_decline(
    *, consent: Consent, at: datetime, by: Worker | None = None, how: str = Consent.How.PAGE
) -> Consent:
    """A person says no. Nothing of the service changes."""
    consent = _held(consent)
    if consent.state == State.DECLINED:
        return consent
    rules.check_move(consent.state, State.DECLINED)
    consent.state, consent.how, consent.ended_at = State.DECLINED, how, at
    consent.save(update_fields=["state", "how", "ended_at"])
    _record("consent.decline", consent, by)
    return consent


@transaction.atomic
def consent_revoke(*, consent: Consent, at: datetime, by: Worker | None = None) -> Consent:
    """A person takes it back. From this moment nothing uses it; taken back already: nothing changes."""
    consent = _held(consent)
    if consent.state == State.REVOKED:
        return consent
    rules.check_move(consent.state, State.REVOKED)
    consent.state, consent.ended_at = State.REVOKED, at
    consent.save(update_fields=["state", "ended_at"])
    _record("consent.revoke", consent, by)
    return consent


@transaction.atomic
def consent_expire(*, consent: Consent, at: datetime) -> Consent:
    """Mark a consent whose last day is over. It was unusable since that day, marked or not."""
    consent = _held(consent)
    if not rules.has_ended(consent.expires_on, timezone.localdate(at)) or consent.state != State.GIVEN:
        return consent
    consent.state, consent.ended_at = State.EXPIRED, at
    consent.save(update_fields=["state", "ended_at"])
    audit.record(
        None, "consent.expire", consent, subject=consent.person_id, actor="system", agency=consent.person.agency
    )
    return consent


def _held(consent: Consent) -> Consent:
    """The row as it is now, held until the end of the transaction: two answers at once are one after the other."""
    return Consent.objects.select_for_update(of=("self",)).select_related("person__agency").get(pk=consent.pk)


def _record(act: str, consent: Consent, by: Worker | None) -> None:
    actor = "worker" if by else "client"
    audit.record(by, act, consent, subject=consent.person_id, actor=actor, agency=consent.person.agency)
