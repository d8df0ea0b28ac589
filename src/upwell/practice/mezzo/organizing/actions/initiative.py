"""Confirm an issue, start an initiative, meet, and end it - the community may withdraw it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.bridge import actions as bridge
from upwell.practice.bridge.models import Issue, Reply, Stage
from upwell.practice.bridge.rules import role_for, words_to_say
from upwell.practice.errors import PracticeError
from upwell.practice.mezzo.organizing import queries, rules
from upwell.practice.mezzo.organizing.models import Initiative, Meeting


@transaction.atomic
def issue_confirm(*, issue: Issue, words: str, by: Worker) -> Issue:
    """People who live with it confirmed the frame: it becomes an issue, and everyone who raised it hears so."""
    rules.check_confirmed(each.says for each in queries.confirmed(issue).counted)
    audit.record(by, "issue.confirm", issue)
    return _bring(issue, Stage.ISSUE, words, by, what_next=_("People are asked to come together about it."))


@transaction.atomic
def initiative_start(
    *,
    issue: Issue,
    title: str,
    goal: str,
    owner: Worker,
    words: str,
    by: Worker,
    form_key: UUID,
    at: datetime | None = None,
    where: str = "",
    access: str = "",
    agenda: str = "",
) -> Initiative:
    """Begin to work together on an issue; a first meeting that is named is published at once. Sent twice is once.

    People who opted in about the issue are in it from the start: they opted in to work on it.
    """
    initiative, is_new = Initiative.objects.get_or_create(
        form_key=form_key,
        defaults={
            "agency": issue.agency,
            "issue": issue,
            "title": title,
            "goal": goal,
            "owner": owner,
            "started_on": timezone.localdate(),
        },
    )
    if not is_new:
        return initiative
    initiative.supporters.set(queries.supporters_about(issue))
    audit.record(by, "initiative.start", initiative)
    if at is not None:
        meeting = meeting_add(
            initiative=initiative, at=at, where=where, access=access, agenda=agenda, by=by, form_key=form_key
        )
        meeting_publish(meeting=meeting, by=by)
    _bring(issue, Stage.INITIATIVE, words, by, what_next=_("A meeting of the people who take part."))
    return initiative


@transaction.atomic
def initiative_end(*, initiative: Initiative, state: str, words: str, by: Worker) -> Initiative:
    """End an initiative, or withdraw it because the community said so. Everyone who raised the issue is told.

    Withdrawn, an issue that was at this stage goes back to those who live with it.
    """
    said = words_to_say(words)
    if state not in {Initiative.State.ENDED, Initiative.State.WITHDRAWN}:
        raise PracticeError(_("Say whether it ended or was withdrawn."))
    initiative.refresh_from_db(from_queryset=Initiative.objects.select_for_update())
    rules.check_open(initiative.state)
    initiative.state = state
    initiative.save(update_fields=["state"])
    audit.record(by, "initiative.end", initiative, fields=["state"])
    issue, agency, role = initiative.issue, initiative.agency, role_for(by.roles)
    kind = Reply.Kind.LOSS if state == Initiative.State.WITHDRAWN else Reply.Kind.NEWS
    is_alone = not queries.initiatives_on(issue).filter(state=Initiative.State.OPEN).exists()
    if kind == Reply.Kind.LOSS and issue.stage == Stage.INITIATIVE and is_alone:
        bridge.issue_move(issue=issue, to=Stage.ISSUE, words=said, agency=agency, role=role, kind=kind, by=by)
    else:
        bridge.issue_say(issue=issue, kind=kind, words=said, agency=agency, role=role, by=by)
    return initiative


@transaction.atomic
def meeting_add(
    *, initiative: Initiative, at: datetime, where: str, access: str, agenda: str, by: Worker, form_key: UUID
) -> Meeting:
    """Plan a meeting. Nobody outside sees it until it is published. Sent twice is once."""
    rules.check_open(initiative.state)
    meeting, is_new = Meeting.objects.get_or_create(
        form_key=form_key,
        defaults={"initiative": initiative, "at": at, "where": where, "access": access, "agenda": agenda},
    )
    if is_new:
        audit.record(by, "meeting.add", meeting)
    return meeting


@transaction.atomic
def meeting_publish(*, meeting: Meeting, by: Worker) -> Meeting:
    """Show a meeting on the initiative's public page. Twice is once."""
    rules.check_open(meeting.initiative.state)
    if meeting.published_at is None:
        meeting.published_at = timezone.now()
        meeting.save(update_fields=["published_at"])
        audit.record(by, "meeting.publish", meeting, fields=["published_at"])
    return meeting


@transaction.atomic
def minutes_write(*, meeting: Meeting, decisions: str, dissent: str, came: int | None, by: Worker) -> Meeting:
    """Keep what was decided, who disagreed and why, and how many came. Not published."""
    rules.check_minutes(timezone.localdate(meeting.at), timezone.localdate())
    meeting.decisions, meeting.dissent, meeting.came = decisions, dissent, came
    meeting.save(update_fields=["decisions", "dissent", "came"])
    audit.record(by, "minutes.write", meeting, fields=["decisions", "dissent", "came"])
    return meeting


def _bring(issue: Issue, to: Stage, words: str, by: Worker, what_next: str) -> Issue:
    """Lift an issue to a stage; one that is further on already is not thrown back, but the word goes out."""
    issue.refresh_from_db()
    target = to if rules.lifts(issue.stage, to) else Stage(issue.stage)
    return bridge.issue_move(
        issue=issue, to=target, words=words, agency=issue.agency, role=role_for(by.roles), what_next=what_next, by=by
    )
