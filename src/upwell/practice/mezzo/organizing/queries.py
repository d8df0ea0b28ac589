"""What organizers read: the own agency's initiatives, people who opted in, sessions. And the public pages' links."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.accounts.permissions import RIGHTS
from upwell.practice.bridge.models import Issue
from upwell.practice.mezzo.organizing import rules
from upwell.practice.mezzo.organizing.models import (
    Confirmation,
    Door,
    EducationSession,
    Initiative,
    Meeting,
    Supporter,
)


@dataclass(frozen=True)
class Confirmed:
    """What people said of an issue's frame. counted: by those who live with it and have not left.

    others: said by people whose own life it does not touch; kept, not counted.
    """

    counted: tuple[Confirmation, ...]
    others: tuple[Confirmation, ...]
    is_enough: bool

    @property
    def dissent(self) -> tuple[Confirmation, ...]:
        """Those who say no, or only partly, among the counted."""
        return tuple(each for each in self.counted if each.says != Confirmation.Says.YES)


@dataclass(frozen=True)
class Entrance:
    """A public page to join by: an issue's door, or an initiative's link."""

    link: UUID
    agency: Agency
    issue: Issue
    initiative: Initiative | None

    @property
    def is_open(self) -> bool:
        """Whether people can still join here."""
        return self.initiative is None or self.initiative.state == Initiative.State.OPEN


def initiatives_for(worker: Worker) -> QuerySet[Initiative]:
    """Initiatives of the own agency."""
    return Initiative.objects.filter(agency=worker.agency).select_related("issue__statement", "owner", "agency")


def initiative_for(worker: Worker, initiative_id: UUID) -> Initiative:
    """An initiative of the own agency. Raises Http404 for any other."""
    return get_object_or_404(initiatives_for(worker), pk=initiative_id)


def initiatives_on(issue: Issue) -> QuerySet[Initiative]:
    """The initiatives on an issue, newest first."""
    return Initiative.objects.filter(issue=issue)


def leaders(agency: Agency | None) -> QuerySet[Worker]:
    """Who of the agency may lead an initiative."""
    roles = RIGHTS["initiative.keep"].roles
    return Worker.objects.filter(agency=agency, is_active=True, roles_held__role__in=roles).distinct().order_by("name")


def meeting_for(worker: Worker, meeting_id: int) -> Meeting:
    """A meeting of the own agency's initiatives. Raises Http404 for any other."""
    meetings = Meeting.objects.select_related("initiative__issue__statement", "initiative__agency")
    return get_object_or_404(meetings, initiative__agency=worker.agency, pk=meeting_id)


def session_for(worker: Worker, session_id: UUID) -> EducationSession:
    """An education session of the own agency. Raises Http404 for any other."""
    sessions = EducationSession.objects.select_related("initiative__issue__statement", "initiative__agency")
    return get_object_or_404(sessions, initiative__agency=worker.agency, pk=session_id)


def supporters_of(initiative: Initiative) -> QuerySet[Supporter]:
    """People who opted in to an initiative and have not left."""
    return initiative.supporters.filter(left_at=None)


def supporter_for(worker: Worker, supporter_id: UUID) -> Supporter:
    """Somebody who opted in at the own agency's pages and has not left. Raises Http404 for anybody else."""
    return get_object_or_404(Supporter, agency=worker.agency, left_at=None, pk=supporter_id)


def supporters_about(issue: Issue) -> QuerySet[Supporter]:
    """People who opted in about an issue, at its door or in an initiative, and have not left."""
    return Supporter.objects.filter(
        Q(confirmations__issue=issue) | Q(initiatives__issue=issue) | Q(doors__issue=issue), left_at=None
    ).distinct()


def confirmed(issue: Issue) -> Confirmed:
    """What people who have not left say of the issue's frame."""
    said = tuple(issue.confirmations.filter(supporter__left_at=None).select_related("supporter").order_by("on", "pk"))
    counted = tuple(each for each in said if each.supporter.lives_with_it)
    return Confirmed(
        counted=counted,
        others=tuple(each for each in said if not each.supporter.lives_with_it),
        is_enough=rules.is_confirmed(each.says for each in counted),
    )


def entrance(link: UUID) -> Entrance:
    """The page to join by that has this link. Raises Http404 when nothing has."""
    initiative = Initiative.objects.select_related("agency", "issue__statement").filter(link=link).first()
    if initiative:
        return Entrance(link, initiative.agency, initiative.issue, initiative)
    door = Door.objects.select_related("agency", "issue__statement").filter(link=link).first()
    if door is None:
        raise Http404
    return Entrance(link, door.agency, door.issue, None)


def meetings_public(initiative: Initiative | None) -> QuerySet[Meeting]:
    """Published meetings of an initiative that are not over, the next one first."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Meeting.objects.filter(initiative=initiative, published_at__isnull=False, at__gte=today)


def session_by(link: UUID) -> EducationSession:
    """The session whose check has this link. Raises Http404 when none has."""
    return get_object_or_404(EducationSession.objects.select_related("initiative__agency"), link=link)


def joined_today(agency: Agency) -> int:
    """How many people opted in today at an agency's pages."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Supporter.objects.filter(agency=agency, opted_in_at__gte=today).count()
