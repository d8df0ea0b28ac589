"""Declared measures: written down before, locked at the start, answered by the case side through the gate."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Role, Worker
from upwell.practice.accounts.permissions import RIGHTS
from upwell.practice.bridge import rules
from upwell.practice.bridge.actions.issue import issue_say
from upwell.practice.bridge.models import Crossed, Issue, MeasureRequest, MeasureResult, Reply


class MeasureFields(TypedDict, total=False):
    """What is measured, of whom, when (see MeasureRequest)."""

    question: str
    question_words: str
    column: str
    group: str
    reference: str
    before_from: date
    before_to: date
    after_from: date
    after_to: date
    smallest: float


@transaction.atomic
def measure_declare(*, issue: Issue, by: Worker, **fields: Unpack[MeasureFields]) -> MeasureRequest:
    """Write down which gap, by how much and by when, before anything is done about it."""
    request = MeasureRequest(agency=issue.agency, issue=issue, **fields)
    _check(request)
    request.save()
    audit.record(by, "measure.declare", request)
    return request


@transaction.atomic
def measure_change(*, request: MeasureRequest, by: Worker, **fields: Unpack[MeasureFields]) -> MeasureRequest:
    """Change a measure that is not locked. Afterwards it is refused, whoever asks."""
    request.refresh_from_db(from_queryset=MeasureRequest.objects.select_for_update())
    rules.check_may_change(request)
    for name, value in fields.items():
        setattr(request, name, value)
    _check(request)
    request.save()
    audit.record(by, "measure.change", request, fields=sorted(fields))
    return request


@transaction.atomic
def measure_lock(*, request: MeasureRequest, at: datetime, by: Worker | None = None) -> MeasureRequest:
    """Lock a measure for good. Locking it twice changes nothing, not even the hour."""
    request.refresh_from_db(from_queryset=MeasureRequest.objects.select_for_update())
    if request.state != MeasureRequest.State.DECLARED:
        return request
    request.state, request.locked_at = MeasureRequest.State.LOCKED, at
    request.save(update_fields=["state", "locked_at"])
    audit.record(by, "measure.lock", request, agency=request.agency, fields=["state"])
    return request


@transaction.atomic
def measure_answer(
    *,
    request: MeasureRequest,
    crossed: Crossed | None,
    verdict: str,
    words: str,
    figures: dict[str, object],
    on: date,
) -> MeasureResult:
    """What the case side could say of a measure, told to everyone who raised the issue. Answered once."""
    request.refresh_from_db(from_queryset=MeasureRequest.objects.select_for_update())
    there = MeasureResult.objects.filter(request=request).first()
    if there is not None:
        return there
    rules.check_may_be_answered(request)
    result = MeasureResult.objects.create(
        request=request, crossed=crossed, verdict=verdict, words=words[:800], figures=figures, computed_on=on
    )
    request.state = MeasureRequest.State.ANSWERED
    request.save(update_fields=["state"])
    audit.record(None, "measure.answer", request, agency=request.agency, fields=["state"])
    roles = RIGHTS["project.keep"].roles
    for worker in request.agency.workers.filter(is_active=True, roles_held__role__in=roles).distinct():
        notify.tell(worker, "measure")
    issue_say(
        issue=request.issue,
        kind=Reply.Kind.RESULT,
        words=words,
        agency=request.agency,
        role=Role.PRIVACY_OFFICER,
    )
    return result


def _check(request: MeasureRequest) -> None:
    rules.check_measure(
        before_from=request.before_from,
        before_to=request.before_to,
        after_from=request.after_from,
        after_to=request.after_to,
        smallest=request.smallest,
        group=request.group,
        reference=request.reference,
    )
