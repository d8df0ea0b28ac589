"""What is done to a case as a whole: started, moved along the casework cycle, closed with its account."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.environment.models import Place
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.models import Assignment, Case
from upwell.practice.person.actions.consent import consent_offer
from upwell.practice.person.actions.people import person_add
from upwell.practice.person.models import Consent


@transaction.atomic
def case_start(
    *,
    by: Worker,
    first_name: str,
    last_name: str,
    preferred_name: str,
    pronouns: str,
    language: str,
    programme: str,
    place: Place | None,
    next_contact_on: date | None,
    on: date,
    form_key: UUID,
) -> Case:
    """A person and their case, with the worker who started it. The same form twice is the same case."""
    Worker.objects.select_for_update().get(pk=by.pk)  # a form sent twice at once must find its first case
    if begun := Case.objects.filter(form_key=form_key, assignments__worker=by).first():
        return begun
    if by.agency is None or by.team is None:
        raise NotAllowedError(_("You belong to no team yet. Ask your administrator to put you in one."))
    names = {"first_name": first_name, "last_name": last_name, "preferred_name": preferred_name}
    person = person_add(agency=by.agency, by=by, pronouns=pronouns, language=language, **names)
    case = Case.objects.create(
        agency=by.agency,
        team=by.team,
        person=person,
        programme=programme,
        place=place,
        opened_on=on,
        next_contact_on=next_contact_on,
        form_key=form_key,
    )
    Assignment.objects.create(case=case, worker=by, since=on)
    audit.record(by, "case.start", case, subject=person.pk)
    return case


@transaction.atomic
def case_move(*, case: Case, to: str, by: Worker) -> Case:
    """Go one step along the casework cycle. Closing has its own act; a closed case that moves is open again."""
    if to == Case.State.CLOSED:
        raise NotAllowedError(_("A case is closed with a reason and the person's own account."))
    case = _held(case)
    if case.state == to:
        return case
    rules.check_case_may_move(case.state, to)
    case.state, case.closed_on = to, None
    case.save(update_fields=["state", "closed_on"])
    audit.record(by, "case.move", case, subject=case.person_id, fields=["state"])
    return case


@transaction.atomic
def case_close(*, case: Case, by: Worker, reason: str, account: str, stay_informed: str, on: date) -> Case:
    """End the work. Whoever wants to hear what becomes of their concerns is offered the consent for it."""
    case = _held(case)
    if case.state == Case.State.CLOSED:
        return case
    rules.check_case_may_move(case.state, Case.State.CLOSED)
    rules.check_case_may_close(reason=reason, account=account, stay_informed=stay_informed)
    case.state, case.closed_on, case.next_contact_on = Case.State.CLOSED, on, None
    case.closing_reason, case.closing_account, case.stay_informed = reason, account, stay_informed
    fields = ["state", "closed_on", "next_contact_on", "closing_reason", "closing_account", "stay_informed"]
    case.save(update_fields=fields)
    if stay_informed == Case.StayInformed.YES:
        consent_offer(person=case.person, purpose=Consent.Purpose.TELL, by=by, language=case.person.language)
    audit.record(by, "case.close", case, subject=case.person_id, fields=fields)
    return case


@transaction.atomic
def contact_plan(*, case: Case, by: Worker, next_contact_on: date | None) -> Case:
    """When to be in touch next; None when nothing is planned."""
    case.next_contact_on = next_contact_on
    case.save(update_fields=["next_contact_on"])
    audit.record(by, "case.contact_plan", case, subject=case.person_id, fields=["next_contact_on"])
    return case


def _held(case: Case) -> Case:
    """The row as it is now, held until the end of the transaction: two moves at once are one after the other."""
    return Case.objects.select_for_update().get(pk=case.pk)
