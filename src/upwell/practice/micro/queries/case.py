"""Cases as a worker may see them. Every page of the case side fetches through here: what is not theirs is not there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from upwell.practice.accounts.models import Role, Worker
from upwell.practice.micro.models import Assignment, BrokenGlass, Case
from upwell.practice.person.models import Person

LARGEST_ID = 2**63 - 1
"""No row has a larger number."""


def cases_for(worker: Worker) -> QuerySet[Case]:
    """The cases a worker may open: assigned now, of the own team for its supervisor, or behind glass broken this hour.

    Never another agency's. A restricted person's case: for assigned workers alone. One query, no row twice.
    """
    assigned = assignments_now().filter(worker=worker).values("case_id")
    glass = BrokenGlass.objects.filter(worker=worker, at__lte=timezone.now(), until__gt=timezone.now()).values(
        "case_id"
    )
    wider = Q(pk__in=glass)
    if Role.SUPERVISOR in worker.roles and worker.team_id is not None:
        wider |= Q(team=worker.team_id)
    return Case.objects.filter(Q(pk__in=assigned) | (wider & ~Q(person__state=Person.State.RESTRICTED))).filter(
        agency=worker.agency_id
    )


def own_cases(worker: Worker) -> QuerySet[Case]:
    """The cases a worker is assigned to now: those of the own day, whatever else they may open."""
    assigned = assignments_now().filter(worker=worker).values("case_id")
    return Case.objects.filter(pk__in=assigned, agency=worker.agency_id)


def case_behind_glass(worker: Worker, case_id: UUID) -> Case:
    """A case of the own agency, for whoever must break the glass. Raises Http404 for a restricted person's."""
    cases = Case.objects.filter(agency=worker.agency_id).exclude(person__state=Person.State.RESTRICTED)
    found = cases.select_related("person", "team").filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def glass_open_on(worker: Worker, case: Case) -> BrokenGlass | None:
    """The glass through which a worker looks at a case that is otherwise not theirs; None where they need none."""
    now = timezone.now()
    return BrokenGlass.objects.filter(worker=worker, case=case, at__lte=now, until__gt=now).first()


def case_for(worker: Worker, case_id: UUID) -> Case:
    """One case with its person, team and place. Raises Http404 when it is not the worker's: it might not exist."""
    found = cases_for(worker).select_related("person", "team", "place", "agency").filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def workers_of(case: Case) -> QuerySet[Worker]:
    """Who works on a case now."""
    return Worker.objects.filter(pk__in=assignments_now().filter(case=case).values("worker_id")).order_by("name", "pk")


def may_see_case(worker: Worker, case: Case) -> bool:
    """The rule of `cases_for` a second time, row by row in plain Python: a test holds the two against each other."""
    if worker.agency_id is None or case.agency_id != worker.agency_id:
        return False
    today, now = timezone.localdate(), timezone.now()
    for each in case.assignments.all():
        if each.worker_id == worker.pk and each.since <= today and (each.until is None or each.until >= today):
            return True
    if case.person.state == Person.State.RESTRICTED:
        return False
    if "supervisor" in worker.roles and worker.team_id is not None and case.team_id == worker.team_id:
        return True
    return any(each.worker_id == worker.pk and each.at <= now < each.until for each in case.glass_broken.all())


def assignments_now() -> QuerySet[Assignment]:
    """Who works on which case today."""
    today = timezone.localdate()
    return Assignment.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today)
