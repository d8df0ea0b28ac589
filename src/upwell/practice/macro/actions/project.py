"""Projects: planned with a declared measure, then started, which locks it for good."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.once import once
from upwell.practice.bridge import actions as bridge
from upwell.practice.bridge.actions.measure import MeasureFields
from upwell.practice.bridge.models import Issue, Stage
from upwell.practice.macro import rules
from upwell.practice.macro.actions.issue import thread_advance
from upwell.practice.macro.models import Project


@dataclass(frozen=True)
class ProjectFields:
    """What a project wants and how (see Project)."""

    title: str
    goal: str
    how: str
    risks: str
    starts_on: date
    due_on: date


@once
@transaction.atomic
def project_plan(*, issue: Issue, by: Worker, plan: ProjectFields, measure: MeasureFields, form_key: UUID) -> Project:
    """A project and its measure, both open to change until it starts. The same form sent twice makes one."""
    there = Project.objects.filter(form_key=form_key, agency=by.agency).first()
    if there is not None:
        return there
    _check_dates(plan, measure)
    declared = bridge.measure_declare(issue=issue, by=by, **measure)
    project = Project.objects.create(
        agency=issue.agency, issue=issue, owner=by, measure=declared, form_key=form_key, **asdict(plan)
    )
    audit.record(by, "project.plan", project)
    return project


@transaction.atomic
def project_change(*, project: Project, by: Worker, plan: ProjectFields, measure: MeasureFields) -> Project:
    """Change a project that has not started. Afterwards it is refused, whoever asks."""
    project = _locked(project)
    rules.check_project_open(project)
    _check_dates(plan, measure)
    if project.measure is None:
        project.measure = bridge.measure_declare(issue=project.issue, by=by, **measure)
    else:
        bridge.measure_change(request=project.measure, by=by, **measure)
    for name, value in asdict(plan).items():
        setattr(project, name, value)
    project.save()
    audit.record(by, "project.change", project, fields=asdict(plan))
    return project


@transaction.atomic
def project_begin(*, project: Project, by: Worker, words: str, what_next: str = "", at: datetime) -> Project:
    """Start a project: its measure is locked, and everyone who raised the issue hears of the plan. Twice is once."""
    project = _locked(project)
    if project.state != Project.State.PLANNED:
        return project
    rules.check_has_measure(project)
    if project.measure is not None:
        bridge.measure_lock(request=project.measure, at=at, by=by)
    project.state, project.started_at = Project.State.STARTED, at
    project.save(update_fields=["state", "started_at"])
    thread_advance(issue=project.issue, by=by, to=Stage.PROJECT, words=words, what_next=what_next)
    audit.record(by, "project.begin", project, fields=["state"])
    return project


def _locked(project: Project) -> Project:
    """The row as it is now, held until the transaction ends."""
    return Project.objects.select_for_update(of=("self",)).select_related("issue", "measure").get(pk=project.pk)


def _check_dates(plan: ProjectFields, measure: MeasureFields) -> None:
    rules.check_dates(
        starts_on=plan.starts_on,
        due_on=plan.due_on,
        before_to=measure["before_to"],
        after_from=measure["after_from"],
        after_to=measure["after_to"],
    )
