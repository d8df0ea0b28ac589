"""The signed page of an official's aide: its link, what is asked through it, and what is said to have been done."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Role, Worker
from upwell.practice.accounts.once import once
from upwell.practice.bridge import actions as bridge
from upwell.practice.bridge.models import Reply
from upwell.practice.bridge.rules import role_for
from upwell.practice.macro import rules
from upwell.practice.macro.actions.proposal import proposal_bring
from upwell.practice.macro.models import AideAction, AideQuestion, Proposal, SignedLink


@once
@transaction.atomic
def link_make(*, proposal: Proposal, by: Worker, now: datetime, form_key: UUID) -> SignedLink:
    """A page for the office that is asked, for LINK_DAYS days. The same form sent twice makes one."""
    there = SignedLink.objects.filter(form_key=form_key, proposal=proposal).first()
    if there is not None:
        return there
    link = SignedLink.objects.create(
        proposal=proposal,
        made_by=by,
        made_at=now,
        expires=now + timedelta(days=rules.LINK_DAYS),
        form_key=form_key,
    )
    audit.record(by, "link.make", link)
    return link


@transaction.atomic
def link_take_back(*, link: SignedLink, by: Worker, now: datetime) -> SignedLink:
    """Shut a page at once and for good. Twice changes nothing."""
    if link.taken_back_at is None:
        link.taken_back_at = now
        link.save(update_fields=["taken_back_at"])
        audit.record(by, "link.take_back", link, fields=["taken_back_at"])
    return link


@once
@transaction.atomic
def aide_ask(*, link: SignedLink, words: str, form_key: UUID, now: datetime) -> AideQuestion:
    """A question from an office. Its owner is told, and once a day everyone who raised the issue hears that it came.

    The question's own words stay here: they are an outsider's, and nobody has read them yet.
    Raises TooManyError when the link was used too often. The same form sent twice asks once.
    """
    there = AideQuestion.objects.filter(form_key=form_key, link=link).first()
    if there is not None:
        return there
    _check_writes(link, now)
    due = rules.answer_due(timezone.localdate(now))
    question = AideQuestion.objects.create(link=link, words=words, asked_at=now, answer_due=due, form_key=form_key)
    _say_asked(link.proposal, now)
    notify.tell(link.proposal.project.owner, "question")
    audit.record(None, "aide.ask", question, agency=link.proposal.project.agency)
    return question


@transaction.atomic
def aide_ask_answer(*, question: AideQuestion, words: str, by: Worker, now: datetime) -> AideQuestion:
    """Answer on the same page. An answer can be bettered; when it was first given stays."""
    question.answer = words
    question.answered_at = question.answered_at or now
    question.save(update_fields=["answer", "answered_at"])
    audit.record(by, "aide.answer", question, fields=["answer"])
    return question


@once
@transaction.atomic
def aide_act(*, link: SignedLink, kind: str, words: str, form_key: UUID, now: datetime) -> AideAction:
    """What an office says it did. It moves nothing until the advocate confirms it. The same form twice is one.

    Raises TooManyError when the link was used too often.
    """
    there = AideAction.objects.filter(form_key=form_key, link=link).first()
    if there is not None:
        return there
    _check_writes(link, now)
    act = AideAction.objects.create(link=link, kind=kind, words=words, at=now, form_key=form_key)
    notify.tell(link.proposal.project.owner, "question")
    audit.record(None, "aide.act", act, agency=link.proposal.project.agency)
    return act


@transaction.atomic
def aide_act_confirm(*, act: AideAction, by: Worker, words: str, formal_id: str, now: datetime) -> AideAction:
    """Confirm what an office did, and tell everyone who raised the issue. A formal number brings it before officials.

    Twice is once.
    """
    act = (
        AideAction.objects.select_for_update(of=("self",))
        .select_related("link__proposal__project__issue")
        .get(pk=act.pk)
    )
    if act.confirmed_at is not None:
        return act
    act.confirmed_at = now
    act.save(update_fields=["confirmed_at"])
    proposal = act.link.proposal
    if formal_id and rules.may_bring_before_officials(act.kind):
        proposal_bring(proposal=proposal, by=by, formal_id=formal_id, words=words)
    else:
        bridge.issue_say(
            issue=proposal.project.issue,
            kind=Reply.Kind.NEWS,
            words=words,
            agency=proposal.project.agency,
            role=role_for(by.roles),
            by=by,
        )
    audit.record(by, "aide.confirm", act, fields=["confirmed_at"])
    return act


def _check_writes(link: SignedLink, now: datetime) -> None:
    SignedLink.objects.select_for_update().get(pk=link.pk)  # two at once are counted one after the other
    since = now - rules.LINK_WINDOW
    rules.check_writes(link.questions.filter(asked_at__gt=since).count() + link.actions.filter(at__gt=since).count())


def _say_asked(proposal: Proposal, now: datetime) -> None:
    """Say that an office asked, in the installation's language; no more than once a day for one issue."""
    issue, agency = proposal.project.issue, proposal.project.agency
    if issue.replies.filter(kind=Reply.Kind.ASKED, at__gt=now - timedelta(days=1)).exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        words = _("An office that decides has read about this and asked a question. It will be answered.")
    bridge.issue_say(issue=issue, kind=Reply.Kind.ASKED, words=words, agency=agency, role=Role.ADVOCATE)
