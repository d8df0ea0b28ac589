"""Moving an issue as a worker of the shared side: what was seen must still hold, and everyone is told once."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.bridge import actions as bridge
from upwell.practice.bridge.models import Issue, Reply
from upwell.practice.bridge.rules import role_for
from upwell.practice.bridge.stages import order
from upwell.practice.macro import rules


@transaction.atomic
def issue_tell(
    *, issue: Issue, by: Worker, seen: str, to: str, words: str, what_next: str = "", is_loss: bool = False
) -> Issue:
    """Move an issue to a stage, or only send word back where `to` is the stage it has. Sent twice, it is told once.

    seen: the stage that the form showed. Raises ChangedMeanwhileError when the issue has left it.
    """
    now = Issue.objects.select_for_update().get(pk=issue.pk)
    last = now.replies.last()
    if last is not None and (last.stage, last.words, now.stage) == (to, words.strip(), to):
        return now
    rules.check_still_at(seen, now.stage)
    kind = Reply.Kind.LOSS if is_loss else Reply.Kind.STAGE if to != now.stage else Reply.Kind.NEWS
    moved = bridge.issue_move(
        issue=now,
        to=to,
        words=words,
        what_next=what_next,
        agency=now.agency,
        role=role_for(by.roles),
        kind=kind,
        by=by,
    )
    audit.record(by, "issue.tell", moved, fields=["stage"])
    return moved


@transaction.atomic
def issue_rest(*, issue: Issue, by: Worker, review_on: date, words: str) -> Issue:
    """Let an issue rest until a day on which it is looked at again, and say so. Sent twice, it is told once."""
    now = Issue.objects.select_for_update().get(pk=issue.pk)
    if (now.state, now.review_on) == (Issue.State.PARKED, review_on):
        return now
    rested = bridge.issue_park(
        issue=now, review_on=review_on, words=words, agency=now.agency, role=role_for(by.roles), by=by
    )
    audit.record(by, "issue.rest", rested, fields=["state", "review_on"])
    return rested


@transaction.atomic
def thread_advance(
    *, issue: Issue, by: Worker, to: str, words: str, what_next: str = "", kind: str = Reply.Kind.STAGE
) -> None:
    """Bring the issue to the stage that an act of ours reached. Where it is that far already, only word goes back."""
    stage = Issue.objects.select_for_update().get(pk=issue.pk).stage
    is_ahead = order().index(to) > order().index(stage)
    if not is_ahead and kind == Reply.Kind.STAGE:
        kind = Reply.Kind.NEWS
    bridge.issue_move(
        issue=issue,
        to=to if is_ahead else stage,
        words=words,
        what_next=what_next,
        agency=issue.agency,
        role=role_for(by.roles),
        kind=kind,
        by=by,
    )
