"""Referring a person to a service, with what they said to sharing, and what came of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.environment.coding import Barrier
from upwell.practice.environment.models import Service
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.models import Case, Referral
from upwell.practice.person.actions.consent import consent_give, consent_offer
from upwell.practice.person.models import Consent


@transaction.atomic
def referral_make(*, case: Case, by: Worker, service: Service, said: str, on: date, form_key: UUID) -> Referral:
    """Offer a service; with the person's yes it is sent. said: "yes", "later" or "no". The same form twice is one."""
    referral, is_new = Referral.objects.get_or_create(
        form_key=form_key, defaults={"case": case, "by": by, "service": service, "made_on": on}
    )
    rules.check_own_form(referral, case, by)
    if is_new:
        audit.record(by, "referral.make", referral, subject=case.person_id, fields=["service"])
    return referral if said == "later" else referral_decide(referral=referral, by=by, said=said, on=on)


@transaction.atomic
def referral_decide(*, referral: Referral, by: Worker, said: str, on: date) -> Referral:
    """The person said yes, and the consent is kept as spoken; or no, and nothing is sent."""
    referral = _held(referral)
    if referral.state != Referral.State.OFFERED:
        return referral
    if said == "yes":
        referral.consent = _spoken(referral, by)
        referral.state, referral.ask_outcome_on = Referral.State.SENT, rules.ask_outcome_on(Referral.State.SENT, on)
    else:
        referral.state = Referral.State.DECLINED
    return _keep(referral, by, "referral.decide", ["state", "consent", "ask_outcome_on"])


@transaction.atomic
def referral_outcome(*, referral: Referral, by: Worker, state: str, on: date) -> Referral:
    """What came of it. While nothing is settled the question comes up again."""
    referral = _held(referral)
    if referral.state == state and referral.outcome_on == on:
        return referral
    rules.check_referral_outcome(referral.state, state)
    referral.state, referral.outcome_on = state, on
    referral.ask_outcome_on = rules.ask_outcome_on(state, on)
    return _keep(referral, by, "referral.outcome", ["state", "outcome_on", "ask_outcome_on"])


@transaction.atomic
def referral_why(*, referral: Referral, by: Worker, barrier: str) -> Referral:
    """What stood in the way, coded as everything else is."""
    referral = _held(referral)
    if referral.state not in rules.ASKS_WHY or barrier not in Barrier.values:
        raise NotAllowedError(_("Nothing is asked of this referral."))
    referral.barrier = barrier
    return _keep(referral, by, "referral.why", ["barrier"])


def _held(referral: Referral) -> Referral:
    return Referral.objects.select_for_update().get(pk=referral.pk)


def _keep(referral: Referral, by: Worker, act: str, fields: list[str]) -> Referral:
    referral.save(update_fields=fields)
    audit.record(by, act, referral, subject=referral.case.person_id, fields=fields)
    return referral


def _spoken(referral: Referral, by: Worker) -> Consent:
    person = referral.case.person
    consent = consent_offer(
        person=person,
        purpose=Consent.Purpose.SHARE,
        by=by,
        language=person.language,
        recipient=referral.service.name[:160],
    )
    return consent_give(consent=consent, how="spoken", at=timezone.now(), by=by)
