"""Setting goals, and saying how they ended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.micro import rules
from upwell.practice.micro.models import Case, Goal


@transaction.atomic
def goal_set(
    *, case: Case, by: Worker, words: str, level: str, our_step: str, their_step: str, on: date, form_key: UUID
) -> Goal:
    """A goal in the person's words, with both sides' next step. The same form twice is the same goal."""
    goal, is_new = Goal.objects.get_or_create(
        form_key=form_key,
        defaults={
            "case": case,
            "by": by,
            "words": words,
            "level": level,
            "our_step": our_step,
            "their_step": their_step,
            "set_on": on,
        },
    )
    rules.check_own_form(goal, case, by)
    if is_new:
        audit.record(by, "goal.set", goal, subject=case.person_id, fields=["words", "level", "our_step", "their_step"])
    return goal


@transaction.atomic
def goal_close(*, goal: Goal, by: Worker, state: str, on: date) -> Goal:
    """Met, partly met, not met or dropped. Said twice in the same way, it was said once."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    if goal.state == state and goal.state != Goal.State.ACTIVE:
        return goal
    rules.check_goal_may_close(goal.state, state)
    goal.state, goal.closed_on = state, on
    goal.save(update_fields=["state", "closed_on"])
    audit.record(by, "goal.close", goal, subject=goal.case.person_id, fields=["state", "closed_on"])
    return goal
