"""Every right in the product, on one page: what it is called, in words, and which roles hold it.

A right says who may do a kind of thing; which rows a worker may do it to is decided by `for_worker` in each app's
queries (own cases, own team, own agency). A view is marked with its right: `@may("case.open")`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Role

CASE = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})
LEAD = frozenset({Role.SUPERVISOR})
DESK = frozenset({Role.PRIVACY_OFFICER})
SHARED = frozenset({Role.ORGANIZER, Role.ADVOCATE})
ADVOCATE = frozenset({Role.ADVOCATE})
ADMIN = frozenset({Role.ADMINISTRATOR})
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Right:
    """words: what it allows, as a worker would say it. roles: who holds it."""

    words: str | Promise
    roles: frozenset[Role]


RIGHTS: dict[str, Right] = {
    # accounts
    "own.account": Right(_("Change the own account and language"), EVERYBODY),
    "worker.manage": Right(_("Invite workers and change their roles"), ADMIN),
    "agency.manage": Right(_("Change the agency's settings"), ADMIN),
    "audit.read": Right(_("Read the audit and review broken glass"), DESK),
    "rights.read": Right(_("See who may do what"), EVERYBODY),
    # micro: one person or family at a time
    "today.see": Right(_("See the own day"), CASE),
    "case.open": Right(_("Open the cases one works on"), CASE),
    "case.start": Right(_("Start a case"), CASE),
    "case.search": Right(_("Search the own agency's cases by name"), CASE),
    "case.assign": Right(_("Say who works on the own cases, or the team's"), CASE),
    "case.break_glass": Right(_("Open another case in an emergency, with a reason that is reviewed"), CASE),
    "note.write": Right(_("Write and amend notes"), CASE),
    "entry.write": Right(_("Write the Life Situation"), CASE),
    "goal.write": Right(_("Set goals and say how they ended"), CASE),
    "referral.write": Right(_("Refer, and say what came of it"), CASE),
    "concern.raise": Right(_("Raise a concern from a case"), CASE),
    "consent.record": Right(_("Offer and record consents"), CASE),
    "contact.keep": Right(_("Keep what is safe to contact a person by"), CASE),
    "ask.make": Right(_("Ask macro a question from a case"), CASE),
    "impact.see": Right(_("See what became of the own concerns"), CASE),
    "match.see": Right(_("See which own cases a practice note may touch"), CASE),
    "team.see": Right(_("See the team's concerns"), LEAD),
    "caseload.import": Right(_("Bring a caseload in, and undo it"), LEAD | ADMIN),
    # the crossing
    "desk.see": Right(_("See what waits to cross"), DESK),
    "desk.decide": Right(_("Approve or return what waits to cross"), DESK),
    # the shared side
    "board.see": Right(_("See the board, the radar and every issue"), EVERYBODY),
    "library.see": Right(_("Read answers, calls for evidence and practice notes"), EVERYBODY),
    "environment.see": Right(_("See institutions, services and policies"), EVERYBODY),
    "environment.keep": Right(_("Keep institutions, services and policies"), SHARED),
    "ask.answer": Right(_("Answer what micro asks"), SHARED),
    "call.make": Right(_("Call for evidence"), SHARED),
    "practice_note.write": Right(_("Write practice notes"), SHARED),
    "issue.move": Right(_("Move an issue from stage to stage"), SHARED),
    "initiative.keep": Right(_("Lead initiatives, meetings and education sessions"), SHARED),
    "project.keep": Right(_("Lead projects and declare measures"), ADVOCATE),
    "proposal.keep": Right(_("Make proposals, ask officials, and record what they decide"), ADVOCATE),
}


def holds(roles: frozenset[str], right: str) -> bool:
    """Whether a holder of these roles has the right. Raises KeyError for a right that is not on this page."""
    return bool(RIGHTS[right].roles & roles)
