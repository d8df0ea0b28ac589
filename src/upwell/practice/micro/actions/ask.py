"""A question from a case goes to macro: its fields at once, its words through the desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Role, Worker
from upwell.practice.accounts.once import once
from upwell.practice.bridge import actions as bridge
from upwell.practice.environment.models import Policy, System
from upwell.practice.errors import ChangedMeanwhileError
from upwell.practice.micro.models import AskMade, Case


@once
@transaction.atomic
def ask_make(
    *,
    case: Case,
    by: Worker,
    kind: str,
    domain: str,
    barrier: str,
    policy: Policy | None,
    system: System | None,
    words: str,
    needed_by: date | None,
    on: date,
    form_key: UUID,
) -> AskMade:
    """The question, on both sides: macro gets the fields, never the case. The same form twice is one question."""
    if (there := _asked_with(form_key, case, by)) is not None:
        return there
    fields: dict[str, Any] = {
        "kind": kind,
        "domain": domain,
        "barrier": barrier,
        "policy": policy,
        "system": system,
    }  # Any: goes on as it came
    said = words.strip()
    waits = AskMade.State.WAITING if said else AskMade.State.NONE
    asked = bridge.ask_receive(agency=case.agency, needed_by=needed_by, on=on, **fields)
    made = AskMade.objects.create(
        case=case, by=by, ask=asked, words=said, words_state=waits, form_key=form_key, at=timezone.now()
    )
    audit.record(by, "ask.make", made, subject=case.person_id, fields=["kind", "domain", "barrier", "words"])
    if said:
        _tell_desk(case)
    return made


@transaction.atomic
def answer_seen(*, made: AskMade, by: Worker, at: datetime) -> AskMade:
    """Whoever asked has read the answer."""
    if made.answer_seen_at is None:
        made.answer_seen_at = at
        made.save(update_fields=["answer_seen_at"])
        audit.record(by, "ask.answer_seen", made, subject=made.case.person_id, fields=["answer_seen_at"])
    return made


@transaction.atomic
def return_seen(*, made: AskMade, by: Worker, at: datetime) -> AskMade:
    """Whoever asked has read why the words stayed inside."""
    if made.return_seen_at is None:
        made.return_seen_at = at
        made.save(update_fields=["return_seen_at"])
        audit.record(by, "ask.return_seen", made, subject=made.case.person_id, fields=["return_seen_at"])
    return made


def _asked_with(form_key: UUID, case: Case, by: Worker) -> AskMade | None:
    there = AskMade.objects.filter(form_key=form_key).first()
    if there is not None and (there.case_id != case.pk or there.by_id != by.pk):
        _refuse()
    return there


def _refuse() -> NoReturn:
    raise ChangedMeanwhileError(_("This form was used for something else. Open it again."))


def _tell_desk(case: Case) -> None:
    for officer in case.agency.workers.filter(is_active=True, roles_held__role=Role.PRIVACY_OFFICER).distinct():
        notify.tell(officer, "desk")
