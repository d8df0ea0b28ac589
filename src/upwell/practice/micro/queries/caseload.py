"""Which imports a worker sees, and whom they can choose from."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from upwell.practice.accounts.models import Role, Team, Worker
from upwell.practice.micro.models import CaseloadImport


def imports_for(worker: Worker) -> QuerySet[CaseloadImport]:
    """The imports of the worker's agency, newest first, with team and who began them."""
    return CaseloadImport.objects.filter(agency=worker.agency).select_related("team", "by").order_by("-created")


def import_for(worker: Worker, batch_id: UUID) -> CaseloadImport:
    """One import of the worker's agency. Raises Http404 for any other."""
    found = imports_for(worker).filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found


def teams_for(worker: Worker) -> QuerySet[Team]:
    """Into which teams the worker may bring cases: an administrator into all, a supervisor into the own one."""
    teams = Team.objects.filter(agency=worker.agency).order_by("name")
    if Role.ADMINISTRATOR in worker.roles or worker.team_id is None:
        return teams
    return teams.filter(pk=worker.team_id)


def case_workers(worker: Worker) -> QuerySet[Worker]:
    """Who of the agency works on cases."""
    roles = [Role.CASE_WORKER, Role.SUPERVISOR]
    found = Worker.objects.filter(agency=worker.agency, is_active=True, roles_held__role__in=roles)
    return found.distinct().order_by("name")
