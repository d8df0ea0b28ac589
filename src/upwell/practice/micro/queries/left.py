"""Cases that a worker could open and can no longer, and what they had begun to write there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from upwell.practice.accounts.models import Worker
from upwell.practice.micro.models import Case, Draft
from upwell.practice.micro.queries.case import LARGEST_ID, assignments_now, cases_for


def case_left_by(worker: Worker, case_id: UUID) -> Case:
    """A case of the own agency that the worker once worked on, looked into or wrote in, and cannot open now.

    Raises Http404 for any other: whoever never was there learns nothing. Its person is not read.
    """
    once = Q(assignments__worker=worker, assignments__since__lte=timezone.localdate())
    once |= Q(glass_broken__worker=worker) | Q(drafts__by=worker)
    there = Case.objects.filter(once, agency=worker.agency_id, pk=case_id).values("pk")
    left = Case.objects.filter(pk__in=there).exclude(pk__in=cases_for(worker).values("pk"))
    found = left.select_related("agency").first()
    if found is None:
        raise Http404
    return found


def drafts_left(worker: Worker) -> QuerySet[Draft]:
    """What the worker wrote in cases that they can no longer open, newest first, with whom to ask. No person's name."""
    own = Draft.objects.filter(by=worker, case__agency=worker.agency_id).exclude(case__in=cases_for(worker))
    working = assignments_now().select_related("worker")
    return own.select_related("case__team").prefetch_related(
        Prefetch("case__assignments", working, to_attr="assigned_now")
    )


def own_draft(worker: Worker, draft_id: int) -> Draft:
    """One draft of the worker's own, wherever it was written. Raises Http404 for any other."""
    own = Draft.objects.filter(by=worker, case__agency=worker.agency_id).select_related("case")
    found = own.filter(pk=draft_id).first() if draft_id <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found
