"""Which concerns belong to an issue: coded as its statement is, of people who agree to be counted."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from upwell.practice.accounts.models import Agency
from upwell.practice.bridge.models import Issue, IssueStatement
from upwell.practice.micro.actions.concern import concern_join
from upwell.practice.micro.models import Concern
from upwell.practice.person.models import Consent, Person
from upwell.practice.person.queries import with_consent

OPEN = (Concern.State.NEW, Concern.State.ACKNOWLEDGED, Concern.State.ANSWERED)


def matching(statement: IssueStatement, agency: Agency) -> QuerySet[Concern]:
    """Concerns that belong to no issue yet and say what a statement says, in its county where it names one.

    A statement that names a policy speaks of that policy; else of its barrier, at its institution if it names one.
    """
    if statement.policy_id:
        alike = Q(policy=statement.policy_id)
    else:
        alike = Q(barrier=statement.barrier)
        alike &= Q(system=statement.system_id) if statement.system_id else Q()
    if statement.county_id:
        alike &= Q(case__place=statement.county_id) | Q(case__place__parent=statement.county_id)
    people = with_consent(Person.objects.filter(agency=agency), Consent.Purpose.COUNT, timezone.localdate())
    concerns = Concern.objects.filter(alike, case__agency=agency, issue=None, state__in=OPEN)
    return concerns.filter(case__person__in=people.values("pk")).order_by("raised_at", "pk")


def join_matching(issue: Issue, agency: Agency) -> int:
    """Let matching concerns join an issue that is not closed; how many did. The shared side never learns it."""
    if issue.state == Issue.State.CLOSED or issue.agency_id != agency.pk:
        return 0
    found = list(matching(issue.statement, agency))
    for concern in found:
        concern_join(concern=concern, issue=issue)
    return len(found)
