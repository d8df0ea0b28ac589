"""Breaking the glass: into a case that is not the worker's, for an hour, with a reason that is read afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Role, Worker
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.models import BrokenGlass, Case


@transaction.atomic
def glass_break(*, case: Case, by: Worker, reason: str, words: str, now: datetime) -> BrokenGlass:
    """Let a worker in for an hour, and tell the privacy officers. While it is open, a second break is the first."""
    if open_now := BrokenGlass.objects.filter(case=case, worker=by, until__gt=now).first():
        return open_now
    if not words.strip():
        raise NotAllowedError(_("Say what happened."))
    until = now + timedelta(hours=rules.GLASS_HOURS)
    broken = BrokenGlass.objects.create(case=case, worker=by, reason=reason, words=words, at=now, until=until)
    audit.record(by, "case.break_glass", broken, subject=case.person_id, reason=reason)
    for officer in Worker.objects.filter(
        agency=case.agency_id, is_active=True, roles_held__role=Role.PRIVACY_OFFICER
    ).exclude(pk=by.pk):
        notify.tell(officer, "glass")
    return broken


@transaction.atomic
def glass_review(*, broken: BrokenGlass, by: Worker, finding: str, now: datetime) -> BrokenGlass:
    """Say what the talk about it found. Nobody reviews their own."""
    broken = BrokenGlass.objects.select_for_update().get(pk=broken.pk)
    if broken.finding == finding and broken.reviewed_by_id == by.pk:
        return broken
    if broken.worker_id == by.pk:
        raise NotAllowedError(_("Nobody reviews the glass they broke themselves. Another privacy officer must."))
    if finding not in BrokenGlass.Finding.values:
        raise NotAllowedError(_("Say what the review found."))
    broken.finding, broken.reviewed_by, broken.reviewed_at = finding, by, now
    broken.save(update_fields=["finding", "reviewed_by", "reviewed_at"])
    audit.record(by, "glass.review", broken, subject=broken.case.person_id, fields=["finding"])
    return broken
