"""An education session: planned, its check opened before and after, and closed with what may be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.mezzo.organizing import rules
from upwell.practice.mezzo.organizing.models import EducationSession, Initiative, LearningCheck


@dataclass(frozen=True)
class SessionFields:
    """What a session teaches, when, and its three statements: (words, whether it is right)."""

    title: str
    language: str
    objectives: str
    material: str
    on: date
    statements: tuple[tuple[str, bool], ...]


@transaction.atomic
def session_plan(*, initiative: Initiative, session: SessionFields, by: Worker, form_key: UUID) -> EducationSession:
    """Plan a session. Sent twice is once."""
    rules.check_open(initiative.state)
    planned, is_new = EducationSession.objects.get_or_create(
        form_key=form_key, defaults={"initiative": initiative, **_plain(session)}
    )
    if is_new:
        audit.record(by, "session.plan", planned)
    return planned


@transaction.atomic
def session_change(*, session: EducationSession, to: SessionFields, by: Worker) -> EducationSession:
    """Change a session that nobody has answered to yet."""
    session.refresh_from_db(from_queryset=EducationSession.objects.select_for_update())
    rules.check_planned(session.state)
    for name, value in _plain(to).items():
        setattr(session, name, value)
    session.save()
    audit.record(by, "session.change", session)
    return session


@transaction.atomic
def session_go_on(*, session: EducationSession, seen: str, by: Worker) -> EducationSession:
    """Open the check before, then the check after, then close it and work out, once, what may be said of it.

    seen: the state on the page that was pressed; when it has moved on meanwhile, nothing happens.
    """
    session.refresh_from_db(from_queryset=EducationSession.objects.select_for_update())
    if session.state != seen:
        return session
    session.state = rules.next_state(session.state)
    if session.state == EducationSession.State.HELD:
        session.result = dict(rules.result(_sheets(session, "before"), _sheets(session, "after")))
    session.save(update_fields=["state", "result"])
    audit.record(by, "session.go_on", session, fields=["state"])
    return session


@transaction.atomic
def check_answer(*, session: EducationSession, told: tuple[str, ...], form_key: UUID) -> LearningCheck:
    """Hand in one anonymous sheet while a check is open. The same sheet twice is one."""
    session.refresh_from_db(from_queryset=EducationSession.objects.select_for_update())
    there = LearningCheck.objects.filter(pk=form_key, session=session).first()
    if there is not None:
        return there
    phase = rules.open_phase(session.state)
    if phase is None:
        raise ChangedMeanwhileError(_("This check is closed now."))
    if session.checks.filter(phase=phase).count() >= rules.MOST_SHEETS:
        raise NotAllowedError(_("This check has all the answers it can take."))
    right = rules.right_answers(session.questions, told)
    sheet = LearningCheck.objects.create(
        session=session, phase=phase, right=right, of=len(session.questions), form_key=form_key
    )
    audit.record(None, "check.answer", session, actor="visitor", agency=session.initiative.agency)
    return sheet


def _sheets(session: EducationSession, phase: str) -> list[tuple[int, int]]:
    return list(session.checks.filter(phase=phase).values_list("right", "of"))


def _plain(session: SessionFields) -> dict[str, object]:
    return {
        "title": session.title,
        "language": session.language,
        "objectives": session.objectives,
        "material": session.material,
        "on": session.on,
        "questions": [{"words": words, "right": right} for words, right in session.statements],
    }
