"""Proposals: one ask to one role, delivered, brought before officials, decided; and what each contact cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.once import once
from upwell.practice.bridge import actions as bridge
from upwell.practice.bridge.models import Reply, Stage
from upwell.practice.bridge.rules import role_for
from upwell.practice.environment.models import Place, Policy
from upwell.practice.macro import rules
from upwell.practice.macro.actions.issue import thread_advance
from upwell.practice.macro.models import ContactLog, Project, Proposal, Target


@dataclass(frozen=True)
class ProposalFields:
    """What is asked, of whom, about which policy (see Proposal)."""

    policy: Policy
    target: Target
    ask: str
    why: str
    cost: str
    show_cost: bool
    equity: str
    limits: str
    lobbying: str
    lobbying_why: str
    contact: str


@dataclass(frozen=True)
class DecisionFields:
    """What was decided, where it is written, and what we make of it (see Proposal)."""

    decision: str
    decided_on: date
    official_record: str
    our_reading: str


@transaction.atomic
def target_add(
    *, by: Worker, office: str, role: str, holder: str = "", place: Place | None = None, public_contact: str = ""
) -> Target:
    """A public role that decides. The same office and role is the same row; who holds it now is kept up to date."""
    named = {name: value for name, value in (("holder", holder), ("public_contact", public_contact)) if value}
    target, is_new = Target.objects.update_or_create(
        agency=by.agency, office=office, role=role, defaults=named, create_defaults={**named, "place": place}
    )
    audit.record(by, "target.add" if is_new else "target.change", target, fields=named)
    return target


@once
@transaction.atomic
def proposal_make(*, project: Project, by: Worker, fields: ProposalFields, form_key: UUID) -> Proposal:
    """A draft. The same form sent twice makes one."""
    there = Proposal.objects.filter(form_key=form_key, project__agency=by.agency).first()
    if there is not None:
        return there
    rules.check_lobbying(fields.policy.kind, fields.lobbying, fields.lobbying_why)
    proposal = Proposal.objects.create(project=project, form_key=form_key, **_plain(fields))
    audit.record(by, "proposal.make", proposal)
    return proposal


@transaction.atomic
def proposal_change(*, proposal: Proposal, by: Worker, fields: ProposalFields) -> Proposal:
    """Change a draft. Refused once it was delivered."""
    proposal = _locked(proposal)
    rules.check_draft(proposal)
    rules.check_lobbying(fields.policy.kind, fields.lobbying, fields.lobbying_why)
    for name, value in _plain(fields).items():
        setattr(proposal, name, value)
    proposal.save()
    audit.record(by, "proposal.change", proposal, fields=_plain(fields))
    return proposal


@transaction.atomic
def proposal_deliver(*, proposal: Proposal, by: Worker, on: date, words: str, what_next: str = "") -> Proposal:
    """Say that it was handed over: from now on its words stay, and everyone who raised the issue is told. Once."""
    proposal = _locked(proposal)
    if proposal.state != Proposal.State.DRAFT:
        return proposal
    rules.check_started(proposal.project)
    proposal.state, proposal.delivered_on = Proposal.State.DELIVERED, on
    proposal.save(update_fields=["state", "delivered_on"])
    thread_advance(issue=proposal.project.issue, by=by, to=Stage.PROPOSAL, words=words, what_next=what_next)
    audit.record(by, "proposal.deliver", proposal, fields=["state", "delivered_on"])
    return proposal


@transaction.atomic
def proposal_bring(*, proposal: Proposal, by: Worker, formal_id: str, words: str, what_next: str = "") -> Proposal:
    """Give the formal number under which it lies before officials. The same number twice is told once."""
    proposal = _locked(proposal)
    if proposal.formal_id == formal_id and proposal.state == Proposal.State.OFFICIAL:
        return proposal
    rules.check_delivered(proposal)
    proposal.state, proposal.formal_id = Proposal.State.OFFICIAL, formal_id
    proposal.save(update_fields=["state", "formal_id"])
    thread_advance(issue=proposal.project.issue, by=by, to=Stage.OFFICIAL, words=words, what_next=what_next)
    audit.record(by, "proposal.bring", proposal, fields=["state", "formal_id"])
    return proposal


@transaction.atomic
def proposal_decide(
    *, proposal: Proposal, by: Worker, made: DecisionFields, words: str, what_next: str = ""
) -> Proposal:
    """Record what was decided and tell everyone who raised the issue, on a loss in plain words too.

    A draft that we withdraw moves no issue. The same decision twice is told once.
    """
    proposal = _locked(proposal)
    if proposal.state == Proposal.State.DECIDED and proposal.decision == made.decision:
        return proposal
    rules.check_may_decide(proposal, made.decision)
    was_draft = proposal.state == Proposal.State.DRAFT
    for name, value in asdict(made).items():
        setattr(proposal, name, value)
    proposal.state = Proposal.State.DECIDED
    proposal.save()
    _tell_decision(proposal, by, words, what_next, moves=not was_draft)
    audit.record(by, "proposal.decide", proposal, fields=asdict(made))
    return proposal


def _tell_decision(proposal: Proposal, by: Worker, words: str, what_next: str, *, moves: bool) -> None:
    issue, kind = proposal.project.issue, rules.kind_of(proposal.decision)
    if moves:
        thread_advance(issue=issue, by=by, to=Stage.DECISION, words=words, what_next=what_next, kind=kind)
    else:
        bridge.issue_say(
            issue=issue,
            kind=Reply.Kind.LOSS,
            words=words,
            what_next=what_next,
            agency=issue.agency,
            role=role_for(by.roles),
            by=by,
        )


@once
@transaction.atomic
def contact_log(
    *,
    proposal: Proposal,
    by: Worker,
    on: date,
    words: str,
    hours: Decimal,
    cost: Decimal,
    lobbying: str,
    form_key: UUID,
) -> ContactLog:
    """One contact with the office that is asked. The same form sent twice makes one."""
    there = ContactLog.objects.filter(form_key=form_key, proposal=proposal).first()
    if there is not None:
        return there
    contact = ContactLog.objects.create(
        proposal=proposal,
        target=proposal.target,
        by=by,
        on=on,
        words=words,
        hours=hours,
        cost=cost,
        lobbying=lobbying,
        form_key=form_key,
    )
    audit.record(by, "contact.log", contact)
    return contact


def _plain(fields: ProposalFields) -> dict[str, object]:
    return {name: getattr(fields, name) for name in fields.__dataclass_fields__}


def _locked(proposal: Proposal) -> Proposal:
    """The row as it is now, held until the transaction ends."""
    held = Proposal.objects.select_for_update(of=("self",)).select_related("project__issue", "target", "policy")
    return held.get(pk=proposal.pk)
