"""A question from micro to macro, and the answer that others can find."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.accounts.permissions import RIGHTS
from upwell.practice.bridge import rules
from upwell.practice.bridge.models import Answer, Ask
from upwell.practice.environment.models import Policy, System


@transaction.atomic
def ask_receive(
    *,
    agency: Agency,
    kind: str,
    domain: str,
    barrier: str,
    policy: Policy | None,
    system: System | None,
    needed_by: date | None,
    on: date,
) -> Ask:
    """A question in fields, without words; whoever can answer in the agency finds it among the open ones."""
    ask = Ask.objects.create(
        agency=agency,
        kind=kind,
        domain=domain,
        barrier=barrier,
        policy=policy,
        system=system,
        needed_by=needed_by,
        asked_on=on,
    )
    audit.record(None, "ask.receive", ask, agency=agency)
    roles = RIGHTS["ask.answer"].roles
    for worker in agency.workers.filter(is_active=True, roles_held__role__in=roles).distinct():
        notify.tell(worker, "ask")
    return ask


@transaction.atomic
def ask_words(*, ask: Ask, words: str) -> Ask:
    """Add the free words of a question, after the desk has read them."""
    ask.words = words.strip()[:300]
    ask.save(update_fields=["words"])
    audit.record(None, "ask.words", ask, agency=ask.agency, fields=["words"])
    return ask


@transaction.atomic
def ask_take(*, ask: Ask, by: Worker) -> Ask:
    """Say that somebody looks into it. Taking it twice changes nothing."""
    ask.refresh_from_db(from_queryset=Ask.objects.select_for_update())
    rules.check_may_answer(ask)
    ask.state = Ask.State.TAKEN
    ask.save(update_fields=["state"])
    audit.record(by, "ask.take", ask, fields=["state"])
    return ask


@transaction.atomic
def ask_answer(*, ask: Ask, words: str, source: str, by: Worker) -> Answer:
    """Answer a question. The same answer sent twice is one; another's answer is never overwritten."""
    ask.refresh_from_db(from_queryset=Ask.objects.select_for_update())
    said = rules.words_to_say(words)
    there = Answer.objects.filter(ask=ask, words=said, source=source).first()
    if there is not None:
        return there
    rules.check_may_answer(ask)
    answer = Answer.objects.create(ask=ask, words=said, source=source, agency=ask.agency, role=rules.role_for(by.roles))
    ask.state = Ask.State.ANSWERED
    ask.save(update_fields=["state"])
    audit.record(by, "ask.answer", ask, fields=["state"])
    return answer
