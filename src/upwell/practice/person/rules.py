"""Rules of consent and of safe contact: pure, so that they can be read and tested without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from upwell.practice.errors import PracticeError
from upwell.practice.person.models import Consent, SafeContact

Purpose, State = Consent.Purpose, Consent.State

MOVES: dict[str, frozenset[str]] = {
    State.OFFERED: frozenset({State.GIVEN, State.DECLINED}),
    State.GIVEN: frozenset({State.REVOKED, State.EXPIRED}),
    State.DECLINED: frozenset(),
    State.REVOKED: frozenset(),
    State.EXPIRED: frozenset(),
}
"""What a consent may become. Whoever changes their mind is asked anew: an old answer is never turned round."""

NEEDS_RECIPIENT = frozenset({Purpose.SHARE, Purpose.STORY, Purpose.APPEAR, Purpose.RESEARCH})
"""Purposes that say to whom. A consent for one of them holds for that one alone."""

MOST_MONTHS: dict[str, int] = {Purpose.SHARE: 12, Purpose.STORY: 12, Purpose.APPEAR: 12, Purpose.RESEARCH: 12}
"""Purposes that end by themselves, after so many months at most. The others hold until they are taken back."""

COOLING_DAYS: dict[str, int] = {Purpose.STORY: 3, Purpose.APPEAR: 3}
"""Days after a yes in which a story is not yet used: time to think again, alone."""

STALE_DAYS = 30
"""A way of contact counts as safe for so many days after the person last said so."""


class ConsentError(PracticeError):
    """A consent cannot be so. The message says what to do instead."""


def check_move(now: str, to: str) -> None:
    """Raises ConsentError when a consent that is `now` cannot become `to`."""
    if to not in MOVES[now]:
        raise ConsentError("This answer was given already. To change it, offer the consent again.")


def check_offer(purpose: str, recipient: str) -> None:
    """Raises ConsentError for an offer that does not say to whom, where the purpose needs it."""
    if purpose in NEEDS_RECIPIENT and not recipient.strip():
        raise ConsentError("Say who will receive it. The person agrees to one recipient at a time.")


@dataclass(frozen=True)
class Span:
    """From which day a consent may be used, and its last day; None: until it is taken back."""

    usable_from: date
    expires_on: date | None


def span(purpose: str, given_on: date, months: int | None = None) -> Span:
    """How long a consent given on a day holds. months: fewer than the most, when the person wants it shorter."""
    most = MOST_MONTHS.get(purpose)
    wanted = min(months, most) if months and most else months or most
    return Span(
        usable_from=given_on + timedelta(days=COOLING_DAYS.get(purpose, 0)),
        expires_on=months_later(given_on, wanted) if wanted else None,
    )


def months_later(start: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, month + 1, 1)
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=start.day - 1), next_first - timedelta(days=1))


def why_held(contact: SafeContact, local: datetime) -> str:
    """Key of the first rule that forbids using a contact at a local time; "" when it is safe."""
    if not contact.is_safe:
        return "not_safe"
    if not contact.address.strip():
        return "no_address"
    if is_stale(contact.confirmed_on, local.date()):
        return "stale"
    if str(local.isoweekday()) not in contact.weekdays:
        return "weekday"
    if not in_hours(local.hour, contact.from_hour, contact.until_hour):
        return "hours"
    return ""


def is_stale(confirmed_on: date | None, on: date) -> bool:
    """Whether nobody has asked the person for too long."""
    return confirmed_on is None or (on - confirmed_on).days > STALE_DAYS


def in_hours(hour: int, from_hour: int, until_hour: int) -> bool:
    """Whether an hour (0..23) lies in a span that may run over midnight. An empty span holds no hour."""
    if from_hour <= until_hour:
        return from_hour <= hour < until_hour
    return hour >= from_hour or hour < until_hour


def has_ended(expires_on: date | None, on: date) -> bool:
    """Whether a consent's last day is over."""
    return expires_on is not None and expires_on < on
