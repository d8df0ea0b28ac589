"""Rules of macro practice that need no database: who waits for what, what may change when, what lobbying may cost."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.bridge.models import Reply
from upwell.practice.environment.models import Policy
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError, PracticeError
from upwell.practice.macro.models import AideAction, LobbyingClass, Project, Proposal

LINK_DAYS = 30
"""Days that a signed link works."""

ANSWER_WORKING_DAYS = 2
"""Working days in which an aide's question is answered."""

LINK_WRITES, LINK_WINDOW = 6, timedelta(hours=1)
"""How often one link may be written through in how long. An aide asks twice; a machine asks a hundred times."""

LOBBYING_HELP: dict[str, str | Promise] = {
    LobbyingClass.DIRECT: _("You speak to a lawmaker or their staff about one bill or law, and say what you want."),
    LobbyingClass.GRASSROOTS: _("You ask the public to speak to lawmakers about one bill or law."),
    LobbyingClass.NONE: _("No bill or law, or no view of ours: facts, a rule comment, an answer they asked for."),
}
"""What each class means, in plain words; what counts is decided by whoever logs the contact, with a reason."""

LOST = frozenset({Proposal.Decision.REJECTED, Proposal.Decision.WITHDRAWN})
"""Decisions that are told as a loss."""


class TooManyError(PracticeError):
    """A link was written through too often in a short time."""


def answer_due(on: date, days: int = ANSWER_WORKING_DAYS) -> date:
    """The last day for an answer: so many working days after `on`, Monday to Friday; holidays are not known.

    >>> answer_due(date(2026, 11, 20))
    datetime.date(2026, 11, 24)
    """
    due = on
    while days:
        due += timedelta(days=1)
        days -= due.weekday() < 5
    return due


def check_project_open(project: Project) -> None:
    """Raises NotAllowedError once the project has started: goal, dates and measure are then locked for good."""
    if project.state != Project.State.PLANNED:
        raise NotAllowedError(
            _("This project has started. What it declared is locked, so that nobody can doubt its result.")
        )


def check_has_measure(project: Project) -> None:
    """Raises PracticeError when a project would start without saying how anybody could tell whether it worked."""
    if project.measure is None:
        raise PracticeError(_("Declare the measure first: without it nobody can tell whether it worked."))


def check_started(project: Project) -> None:
    """Raises NotAllowedError while a project is planned: nothing is asked before its measure is locked."""
    if project.state == Project.State.PLANNED:
        raise NotAllowedError(_("Start the project first. Then its measure is locked before anything is asked."))


def kind_of(decision: str) -> str:
    """What sort of word a decision is for those who raised the issue: a loss, what came of it, or a mere step."""
    if decision in LOST:
        return Reply.Kind.LOSS
    return Reply.Kind.STAGE if decision == Proposal.Decision.DEFERRED else Reply.Kind.RESULT


def check_draft(proposal: Proposal) -> None:
    """Raises NotAllowedError once the proposal was delivered: what an official holds cannot change under them."""
    if proposal.state != Proposal.State.DRAFT:
        raise NotAllowedError(_("This proposal was delivered. Its words stay as they are; make a new one instead."))


def check_delivered(proposal: Proposal) -> None:
    """Raises NotAllowedError unless the proposal lies with an official and waits."""
    if proposal.state == Proposal.State.DRAFT:
        raise NotAllowedError(_("This proposal was not delivered yet. Deliver it first."))
    if proposal.state == Proposal.State.DECIDED:
        raise NotAllowedError(_("This proposal was decided already."))


def check_may_decide(proposal: Proposal, decision: str) -> None:
    """Raises NotAllowedError where no decision can be recorded: before delivery, or after a final one.

    We may withdraw a draft; and what was deferred can be decided later.
    """
    withdrawn_draft = proposal.state == Proposal.State.DRAFT and decision == Proposal.Decision.WITHDRAWN
    deferred = proposal.decision == Proposal.Decision.DEFERRED
    if not withdrawn_draft and not deferred:
        check_delivered(proposal)


def check_lobbying(policy_kind: str, lobbying: str, why: str) -> None:
    """Raises PracticeError when talk about a law or bill is called no lobbying without saying why."""
    bears_on_law = policy_kind in {Policy.Kind.LAW, Policy.Kind.BILL}
    if bears_on_law and lobbying == LobbyingClass.NONE and not why.strip():
        raise PracticeError(_("This is about a law or bill. Say why it is no lobbying: an auditor may ask."))


def check_dates(*, starts_on: date, before_to: date, after_from: date, after_to: date, due_on: date) -> None:
    """The time before ends by the start, the time after begins with it, and the answer is due when that is over.

    Raises PracticeError otherwise.
    """
    if before_to > starts_on:
        raise PracticeError(_("The time before ends when the project starts, or earlier."))
    if after_from < starts_on:
        raise PracticeError(_("The time after begins when the project starts, or later."))
    if due_on <= after_to:
        raise PracticeError(_("The answer is due after the time after is over."))


def check_still_at(seen: str, now: str) -> None:
    """Raises ChangedMeanwhileError when the issue has left the stage that the form showed."""
    if seen != now:
        raise ChangedMeanwhileError(_("Somebody moved this issue while you were writing. Look at it again first."))


def check_writes(written: int) -> None:
    """Raises TooManyError when a link was written through too often in LINK_WINDOW. written: how often so far."""
    if written >= LINK_WRITES:
        raise TooManyError(_("This page was used very often in the last hour. Please come back later."))


def may_bring_before_officials(kind: str) -> bool:
    """Whether what an aide did is a formal step, which has or will have a number of its own."""
    return kind in {AideAction.Kind.HEARING, AideAction.Kind.AMENDMENT, AideAction.Kind.BILL}


@dataclass(frozen=True)
class Ceilings:
    """US dollars a year that may go to lobbying untaxed, and how much of that may be grassroots."""

    total: Decimal
    grassroots: Decimal


def ceilings(spent: Decimal) -> Ceilings:
    """The section 501(h) ceilings of a charity. spent: its exempt-purpose spending of the year, US dollars, 0 or more.

    Source: Internal Revenue Code, section 4911(c)(2), in lobbying.toml.

    >>> ceilings(Decimal(800_000))
    Ceilings(total=Decimal('145000.00'), grassroots=Decimal('36250.00'))
    """
    table = _lobbying()
    steps = table["values"][-1]["steps"]
    ends = [Decimal(step["over"]) for step in steps[1:]] + [None]
    total = Decimal(0)
    for step, end in zip(steps, ends, strict=True):
        part = (min(spent, end) if end is not None else spent) - step["over"]
        total += max(Decimal(0), part) * step["share"]
    total = min(total, Decimal(table["cap"]))
    cent = Decimal("0.01")
    return Ceilings(total.quantize(cent), (total * table["grassroots_share"]).quantize(cent))


@cache
def _lobbying() -> dict[str, Any]:  # Any: TOML's own values
    text = resources.files(__package__).joinpath("lobbying.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)["ceilings"]
    return table
