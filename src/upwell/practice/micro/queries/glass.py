"""Glass that was broken, for the privacy officer who reviews it."""

from __future__ import annotations

from django.db.models import Count, F, QuerySet
from django.http import Http404
from django.utils.functional import Promise

from upwell.practice.accounts.acts import words_of
from upwell.practice.accounts.models import AuditEntry, Worker
from upwell.practice.micro.models import BrokenGlass
from upwell.practice.micro.queries.case import LARGEST_ID


def to_review(worker: Worker) -> QuerySet[BrokenGlass]:
    """Glass broken in the worker's agency: not yet reviewed first, then newest first."""
    broken = BrokenGlass.objects.filter(case__agency=worker.agency_id)
    return broken.select_related("worker", "reviewed_by", "case__team").order_by(
        F("reviewed_at").asc(nulls_first=True), "-at", "-pk"
    )


def glass_for(worker: Worker, broken_id: int) -> BrokenGlass:
    """One break of the own agency. Raises Http404 otherwise."""
    found = to_review(worker).filter(pk=broken_id).first() if broken_id <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


def looks_through(broken: BrokenGlass) -> list[tuple[str | Promise, int]]:
    """What the worker did with that person's file in the hour: (what, in words, how often). One query."""
    done = AuditEntry.objects.filter(
        worker=broken.worker_id, subject=str(broken.case.person_id), at__gte=broken.at, at__lt=broken.until
    )
    return [
        (words_of(row["act"]), row["times"]) for row in done.values("act").annotate(times=Count("pk")).order_by("act")
    ]
