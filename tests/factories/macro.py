"""What Cleo makes of an issue: a project with its measure, a proposal, an office, a signed page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from factories import bridge
from factories.five import Five
from upwell.practice.bridge.models import Issue
from upwell.practice.macro import actions, queries
from upwell.practice.macro.models import ContactLog, Project, Proposal, SignedLink, Target

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TELL = "Word that goes to everyone who raised it."

PLAN = actions.ProjectFields(
    title="Certificates within three weeks",
    goal="Nobody loses a lease for want of a certificate.",
    how="If the office takes receipts, leases can be signed.",
    risks="The queue may move elsewhere.",
    starts_on=date(2027, 1, 1),
    due_on=date(2028, 2, 1),
)
MEASURE = {
    "question": "came-from-jail-or-prison",
    "question_words": "Did they come straight from jail or prison?",
    "column": "where help was sought",
    "group": "Northside Shelter",
    "reference": "Harbor House",
    "before_from": date(2026, 1, 1),
    "before_to": date(2026, 12, 31),
    "after_from": date(2027, 1, 1),
    "after_to": date(2027, 12, 31),
    "smallest": 0.05,
}


def plan(world: Five, issue: Issue | None = None) -> Project:
    """A project that is planned, its measure declared."""
    return actions.project_plan(
        issue=issue or bridge.issue(world),
        by=world.cleo,
        plan=PLAN,
        measure=MEASURE,  # type: ignore[arg-type]  # the fields of a measure
        form_key=uuid4(),
    )


def begun(world: Five, project: Project | None = None) -> Project:
    """A project that has started: its measure is locked."""
    return actions.project_begin(project=project or plan(world), by=world.cleo, words="It begins.", at=NOW)


def office(world: Five) -> Target:
    """The office that decides."""
    return actions.target_add(by=world.cleo, office="Fenn County Board", role="Chair of the records committee")


def asked(world: Five, target: Target, **more: object) -> actions.ProposalFields:
    """What is asked of an office."""
    fields: dict[str, object] = {
        "policy": world.policy,
        "target": target,
        "ask": "Accept a receipt until the certificate is there.",
        "why": "A receipt costs nothing and is there on the same day.",
        "cost": "No new cost; the desk is staffed already.",
        "show_cost": True,
        "equity": "People without papers gain most. Nobody loses.",
        "limits": "We do not know how many never asked.",
        "lobbying": "none",
        "lobbying_why": "A practice, no law.",
        "contact": "office@fennhaven.example, 555 0100",
    }
    return actions.ProposalFields(**(fields | more))  # type: ignore[arg-type]  # fields of this one dataclass


def proposal(world: Five, project: Project | None = None, **more: object) -> Proposal:
    """A draft."""
    return actions.proposal_make(
        project=project or plan(world), by=world.cleo, fields=asked(world, office(world), **more), form_key=uuid4()
    )


def delivered(world: Five, project: Project | None = None, **more: object) -> Proposal:
    """A proposal in the hands of the office."""
    draft = proposal(world, begun(world, project), **more)
    return actions.proposal_deliver(proposal=draft, by=world.cleo, on=NOW.date(), words=TELL)


def link(world: Five, about: Proposal | None = None, now: datetime | None = None) -> SignedLink:
    """The office's page. now: when it was made."""
    return actions.link_make(
        proposal=about or delivered(world), by=world.cleo, now=now or timezone.now(), form_key=uuid4()
    )


def token(world: Five, about: Proposal | None = None, now: datetime | None = None) -> str:
    """The address of the office's page ends with this."""
    return queries.token_of(link(world, about, now))


def contact(world: Five, about: Proposal, **more: object) -> ContactLog:
    """A talk with the office."""
    fields: dict[str, object] = {
        "on": NOW.date(),
        "words": "They will look at it.",
        "hours": Decimal(1),
        "cost": Decimal(40),
        "lobbying": "direct",
        "form_key": uuid4(),
    }
    return actions.contact_log(proposal=about, by=world.cleo, **(fields | more))  # type: ignore[arg-type]  # as above


def project_form(**more: object) -> dict[str, object]:
    """What a browser sends for a project on the invented release."""
    fields: dict[str, object] = {
        "form_key": str(uuid4()),
        "title": PLAN.title,
        "goal": PLAN.goal,
        "how": PLAN.how,
        "risks": PLAN.risks,
        "starts_on": "2027-01-01",
        "question": "came-from-jail-or-prison",
        "group": "t06:1",
        "reference": "t06:0",
        "before_from": "2026-01-01",
        "before_to": "2026-12-31",
        "after_from": "2027-01-01",
        "after_to": "2027-12-31",
        "smallest": "5",
        "due_on": "2028-02-01",
    }
    return fields | more


def proposal_form(world: Five, **more: object) -> dict[str, object]:
    """What a browser sends for a proposal to an office that is not in the list."""
    fields: dict[str, object] = {
        "form_key": str(uuid4()),
        "ask": "Accept a receipt until the certificate is there.",
        "policy": str(world.policy.pk),
        "office": "Fenn County Board",
        "role": "Chair of the records committee",
        "limits": "We do not know how many never asked.",
        "contact": "office@fennhaven.example",
        "lobbying": "none",
        "show_cost": "on",
    }
    return fields | more
