"""Who works on a case, who could, and who may say so."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from upwell.practice.accounts.models import Role, Worker
from upwell.practice.accounts.permissions import RIGHTS
from upwell.practice.micro.models import Assignment, Case
from upwell.practice.micro.queries.case import LARGEST_ID, assignments_now, cases_for


def leads(worker: Worker, case: Case) -> bool:
    """Whether a worker is the supervisor of a case's team."""
    return Role.SUPERVISOR in worker.roles and worker.team_id is not None and worker.team_id == case.team_id


def case_kept_by(worker: Worker, case_id: UUID) -> Case:
    """A case of which a worker may say who works on it: their own, or their team's. Glass broken does not do.

    Raises Http404 otherwise.
    """
    kept = Q(pk__in=assignments_now().filter(worker=worker).values("case_id"))
    if Role.SUPERVISOR in worker.roles and worker.team_id is not None:
        kept |= Q(team=worker.team_id)
    found = cases_for(worker).filter(kept).select_related("person", "team", "agency").filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def assignment_kept_by(worker: Worker, case: Case, assignment_id: int) -> Assignment:
    """One assignment of a case, whether or not it has ended. Raises Http404 for any other."""
    if assignment_id > LARGEST_ID:
        raise Http404
    found = Assignment.objects.filter(case=case, pk=assignment_id).select_related("case", "worker").first()
    if found is None:
        raise Http404
    return found


def working_on(case: Case) -> QuerySet[Assignment]:
    """Who works on a case now and since when, the longest first."""
    return assignments_now().filter(case=case).select_related("worker").order_by("since", "pk")


def may_join(case: Case) -> QuerySet[Worker]:
    """Workers of the case's team who could work on it and do not: active, with a role that opens cases."""
    working = assignments_now().filter(case=case).values("worker_id")
    team = Worker.objects.filter(agency=case.agency_id, team=case.team_id, is_active=True)
    team = team.filter(roles_held__role__in=RIGHTS["case.open"].roles).exclude(pk__in=working)
    return team.distinct().order_by("name", "pk")
