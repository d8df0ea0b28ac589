"""Rules of casework that need no database: which way a case may go, when to ask again, whose draft is newer."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from upwell.practice.accounts.models import Worker
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.models import Case, Entry, Goal, Referral

Cycle = Case.State

MOVES: dict[str, tuple[Cycle, ...]] = {
    Cycle.INQUIRY: (Cycle.ENGAGED, Cycle.CLOSED),
    Cycle.ENGAGED: (Cycle.INTAKE, Cycle.CLOSED),
    Cycle.INTAKE: (Cycle.ASSESSED, Cycle.CLOSED),
    Cycle.ASSESSED: (Cycle.PLANNED, Cycle.CLOSED),
    Cycle.PLANNED: (Cycle.IN_SERVICE, Cycle.CLOSED),
    Cycle.IN_SERVICE: (Cycle.REVIEW, Cycle.ENDING, Cycle.CLOSED),
    Cycle.REVIEW: (Cycle.PLANNED, Cycle.IN_SERVICE, Cycle.ENDING, Cycle.CLOSED),
    Cycle.ENDING: (Cycle.IN_SERVICE, Cycle.CLOSED),
    Cycle.CLOSED: (Cycle.ENGAGED,),
}
"""The casework cycle: from a state to the states that may follow. Every open case may end; a closed one may reopen."""

OUTCOMES = (Referral.State.CONNECTED, Referral.State.WAIT_LISTED, Referral.State.REFUSED, Referral.State.NO_CONTACT)
"""What can come of a referral that was sent."""

ASKS_WHY = frozenset({Referral.State.WAIT_LISTED, Referral.State.REFUSED})
"""Outcomes behind which something stands: they ask for a barrier."""

ASK_AFTER_DAYS: dict[str, int] = {
    Referral.State.SENT: 7,
    Referral.State.NO_CONTACT: 7,
    Referral.State.WAIT_LISTED: 28,
}
"""Days after which the outcome of a referral in this state is asked (again). Others are at their end."""

GLASS_HOURS = 1
"""How long broken glass lets a worker in."""


def check_case_may_move(state: str, to: str) -> None:
    """Raise NotAllowedError when the casework cycle does not go from one state to the other."""
    if to not in MOVES[state]:
        raise NotAllowedError(_("A case cannot go there from where it is now."))


def check_case_may_close(*, reason: str, account: str, stay_informed: str) -> None:
    """A case closes with a reason, the person's own account and their answer to the offer of staying informed."""
    if reason not in Case.Closing.values:
        raise NotAllowedError(_("Say why the work ends."))
    if stay_informed not in Case.StayInformed.values:
        raise NotAllowedError(_("Say whether the person wants to hear what becomes of their concerns."))
    if not account.strip():
        raise NotAllowedError(_("Write down how the person sees it, or why they could not be asked."))


def check_somebody_works_on(*, others: int, supervisor: bool) -> None:
    """A case keeps a worker. others: workers beside the one who leaves. supervisor: whether the team's says so."""
    if not others and not supervisor:
        raise NotAllowedError(_("Somebody must work on the case. Add a colleague first, or ask the supervisor."))


def check_day(on: date, today: date) -> None:
    """What is written down has happened: no day of tomorrow."""
    if on > today:
        raise NotAllowedError(_("This day has not come yet."))


def check_goal_may_close(state: str, to: str) -> None:
    """A goal under way ends as met, partly met, not met or dropped; an ended one stays as it ended."""
    if state != Goal.State.ACTIVE:
        raise NotAllowedError(_("This goal has ended already."))
    if to == Goal.State.ACTIVE or to not in Goal.State.values:
        raise NotAllowedError(_("Say how the goal ended."))


def check_referral_outcome(state: str, to: str) -> None:
    """An outcome is known of a referral that was sent, and may change until somebody is connected or refused."""
    if state not in ASK_AFTER_DAYS:
        raise NotAllowedError(_("This referral is not waiting for an outcome."))
    if to not in OUTCOMES:
        raise NotAllowedError(_("Say what came of the referral."))


def ask_outcome_on(state: str, on: date) -> date | None:
    """The day on which to ask what came of a referral; None when nothing is left to ask."""
    days = ASK_AFTER_DAYS.get(state)
    return on + timedelta(days=days) if days is not None else None


def is_from_the_same_hand(
    *, stored_version: int, stored_window: UUID | None, version: int, window: UUID | None
) -> bool:
    """Whether a save goes on from what is stored: it knows the stored version, or the same window saved last.

    A window's own answer may be lost on the way; that is no second writer.
    """
    return version >= stored_version or (window is not None and window == stored_window)


def adds_nothing(text: str, signed: str) -> bool:
    """Whether a late autosave holds nothing that the signed note does not hold already."""
    return text.strip() in signed


def check_own_form(row: Entry | Goal | Referral, case: Case, by: Worker) -> None:
    """Raise NotAllowedError when the key of a form belongs to something that another case or worker wrote."""
    if row.case_id != case.pk or row.by_id != by.pk:
        raise NotAllowedError(_("This form was used already. Open the page again and send it from there."))
