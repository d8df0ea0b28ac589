"""The only way to reach a client. What the person has called safe is enforced here, not shown as advice.

A message says that something is new and nothing else: no name, no agency unless the person allows it, no link.
Only e-mail has a gateway. Text messages and letters are held with the reason "no_gateway" until an installation plugs
one in (docs/how-to: safe contact); phone calls are made by people. Whatever is held is shown to the worker.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime
from email.utils import make_msgid, parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts import audit
from upwell.practice.person import rules
from upwell.practice.person.languages import shown_in
from upwell.practice.person.models import ContactSent, Person, SafeContact

log = logging.getLogger("upwell.contact")
Channel = SafeContact.Channel

ABOUT: dict[str, str | Promise] = {
    "word": _("Word came back about something they told"),
    "consent": _("A question waits for their answer"),
    "appointment": _("The next appointment"),
    "hello": _("A greeting, to see whether it arrives"),
}
"""What a message can be about, as the worker reads it. The person reads the same neutral lines for all of them."""

DAYS = (
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
)
"""ISO days, as SafeContact.weekdays holds them."""

HELD: dict[str, str | Promise] = {
    "no_contact": _("No way to reach this person has been called safe."),
    "not_safe": _("The person has not called this safe."),
    "no_address": _("There is no number or address."),
    "stale": _("Nobody has asked for more than 30 days whether it is still safe."),
    "weekday": _("It is not safe on this day of the week."),
    "hours": _("It is not safe at this hour."),
    "no_gateway": _("This installation cannot send this way. Reach the person yourself, as agreed."),
    "failed": _("It could not be delivered to the mail server. Reach the person yourself, as agreed."),
    "sending": _("It is not known whether it went out: the server stopped in between."),
}
"""Why a message was held, as the worker reads it."""

_ORDER = (Channel.EMAIL, Channel.SMS, Channel.LETTER)
_NEAREST = ("no_gateway", "hours", "weekday", "stale", "no_address", "not_safe")


def send(*, person: Person, about: str, now: datetime) -> ContactSent:
    """Try to tell a person that something is new; the row says what went out, or why it was held.

    about: key of ABOUT, for the worker to read. One message at most, by the first way that is safe now. Never raises
    for a failing mail server, and never tries again by itself: the worker decides.
    """
    channel, reason, contact = _way(person, now)
    with transaction.atomic():
        sent = ContactSent.objects.create(
            person=person,
            channel=channel,
            about=about,
            at=now,
            why_held=reason or "sending",
        )
        audit.record(None, "contact.send", sent, subject=person.pk, actor="system", agency=person.agency)
    if contact is not None and not reason:
        sent.why_held = _mail(contact, person)
        sent.save(update_fields=["why_held"])
    return sent


def _way(person: Person, now: datetime) -> tuple[str, str, SafeContact | None]:
    """(channel, why it is held or "", contact): the first way that may be used, else the one that came nearest."""
    held: dict[str, SafeContact] = {}
    local = now.astimezone(ZoneInfo(person.agency.time_zone))
    by_channel = {contact.channel: contact for contact in SafeContact.objects.filter(person=person)}
    for channel in _ORDER:
        contact = by_channel.get(channel)
        if contact is None:
            continue
        reason = rules.why_held(contact, local) or ("" if _has_gateway(channel) else "no_gateway")
        if not reason:
            return channel, "", contact
        held.setdefault(reason, contact)
    for reason in _NEAREST:
        if reason in held:
            return held[reason].channel, reason, held[reason]
    return "", "no_contact", None


def _has_gateway(channel: str) -> bool:
    return channel == Channel.EMAIL and not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def _mail(contact: SafeContact, person: Person) -> str:
    """Send the e-mail; "" or why it did not go out."""
    with translation.override(shown_in(person.language)):
        lines = [
            gettext("Hello,"),
            gettext("there is something new for you. Please look when it is safe for you, in the way we agreed."),
            gettext("You need not answer."),
        ]
        if contact.may_name_agency:
            lines.append(person.agency.name)
        subject = gettext("Something new for you")
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    # without it Django would write this server's own name into the message
    headers = {"Message-ID": make_msgid(domain=sender.rpartition("@")[2] or "localhost")}
    message = EmailMessage(subject, "\n\n".join(lines) + "\n", sender, [contact.address], headers=headers)
    try:
        message.send()
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.warning("a message was not delivered: %s", type(error).__name__)
        return "failed"
    return ""
