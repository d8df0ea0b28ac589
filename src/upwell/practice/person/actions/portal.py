"""A person's own way in: a code on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.person import codes
from upwell.practice.person.models import CodeMiss, Person, PortalAccess

FORGET_MISSES_AFTER = timedelta(days=1)


@transaction.atomic
def portal_issue(*, person: Person, by: Worker) -> str:
    """A new code for a person's own page, to be shown once. The code before it, and every session with it, end."""
    code = codes.make()
    access, _ = PortalAccess.objects.update_or_create(
        person=person,
        defaults={
            "handle": uuid4(),
            "code_sha256": codes.digest(code),
            "issued_by": by,
            "issued_at": timezone.now(),
            "last_used_at": None,
            "shut": False,
        },
    )
    audit.record(by, "portal.issue", access, subject=person.pk)
    return code


@transaction.atomic
def portal_shut(*, person: Person, by: Worker) -> PortalAccess:
    """Shut a person's page until a new code is made: the paper may be in the wrong hands."""
    access = PortalAccess.objects.get(person=person)
    access.shut, access.handle = True, uuid4()
    access.save(update_fields=["shut", "handle"])
    audit.record(by, "portal.shut", access, subject=person.pk)
    return access


@transaction.atomic
def portal_open(*, access: PortalAccess, at: datetime) -> PortalAccess:
    """The person has come in with the code."""
    access.last_used_at = at
    access.save(update_fields=["last_used_at"])
    agency = access.person.agency
    audit.record(None, "portal.open", access, subject=access.person_id, actor="client", agency=agency)
    return access


@transaction.atomic
def portal_miss(*, source: str, at: datetime) -> CodeMiss:
    """A code opened nothing. Old misses are forgotten; no person is concerned, so only a job's mark is audited."""
    CodeMiss.objects.filter(at__lt=at - FORGET_MISSES_AFTER).delete()
    miss = CodeMiss.objects.create(source=source, at=at)
    audit.record(None, "portal.miss", miss)
    return miss
