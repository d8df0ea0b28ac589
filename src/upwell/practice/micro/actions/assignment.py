"""Who works on a case: a colleague joins, somebody leaves, a case is handed over."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.models import Assignment, Case
from upwell.practice.micro.queries.assignment import leads, may_join
from upwell.practice.micro.queries.case import assignments_now


@transaction.atomic
def worker_add(*, case: Case, worker: Worker, by: Worker, on: date) -> Assignment:
    """A worker of the case's team works on it from a day on. Who does already stays as they are."""
    case = _held(case)
    if there := assignments_now().filter(case=case, worker=worker).first():
        return there
    if not may_join(case).filter(pk=worker.pk).exists():
        raise NotAllowedError(_("Only somebody of the case's team can work on it."))
    assignment = Assignment.objects.create(case=case, worker=worker, since=on)
    audit.record(by, "assignment.add", assignment, subject=case.person_id, fields=["worker", "since"])
    return assignment


@transaction.atomic
def assignment_end(*, assignment: Assignment, by: Worker, on: date) -> Assignment:
    """From this day on, a worker works on the case no more. The last one may go only if the supervisor says so."""
    case = _held(assignment.case)
    assignment.refresh_from_db()
    if assignment.until is not None and assignment.until < on:
        return assignment
    others = assignments_now().filter(case=case).exclude(worker=assignment.worker_id).count()
    rules.check_somebody_works_on(others=others, supervisor=leads(by, case))
    assignment.until = on - timedelta(days=1)
    assignment.save(update_fields=["until"])
    audit.record(by, "assignment.end", assignment, subject=case.person_id, fields=["until"])
    return assignment


@transaction.atomic
def case_hand_over(*, case: Case, to: Worker, by: Worker, on: date) -> Assignment:
    """A colleague goes on with a case, and whoever hands it over works on it no more."""
    own = list(assignments_now().filter(case=case, worker=by).select_related("case"))
    if to.pk == by.pk or not own:
        raise NotAllowedError(_("You can hand over a case that you work on, to somebody else."))
    taken = worker_add(case=case, worker=to, by=by, on=on)
    for assignment in own:
        assignment_end(assignment=assignment, by=by, on=on)
    return taken


def _held(case: Case) -> Case:
    """The row, held until the end of the transaction: of two who leave at once, the second is the last one."""
    return Case.objects.select_for_update().get(pk=case.pk)
