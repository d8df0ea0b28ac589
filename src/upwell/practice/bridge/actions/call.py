"""A call for evidence: macro asks micro to watch for something."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.bridge import rules
from upwell.practice.bridge.models import CallForEvidence, Issue
from upwell.practice.environment.models import Policy, System


@transaction.atomic
def call_open(
    *,
    issue: Issue | None,
    by: Worker,
    question: str,
    why: str,
    domain: str,
    barrier: str,
    policy: Policy | None,
    system: System | None,
    returned: str,
    opens_on: date,
    closes_on: date,
) -> CallForEvidence:
    """Ask; until it closes the call appears where notes are written. The same call sent twice is one."""
    rules.check_call_dates(opens_on, closes_on)
    call, is_new = CallForEvidence.objects.get_or_create(
        agency=by.agency,
        issue=issue,
        question=question,
        opens_on=opens_on,
        closes_on=closes_on,
        defaults={
            "why": why,
            "domain": domain,
            "barrier": barrier,
            "policy": policy,
            "system": system,
            "returned": returned,
        },
    )
    if is_new:
        audit.record(by, "call.open", call)
    return call
