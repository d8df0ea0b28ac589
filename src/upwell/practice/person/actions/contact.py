"""What a person has called safe about reaching them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.person.models import Person, SafeContact


@dataclass(frozen=True)
class ContactFields:
    """What is kept of one way; as in SafeContact."""

    address: str
    is_safe: bool
    from_hour: int = 8
    until_hour: int = 18
    weekdays: str = "1234567"
    may_leave_message: bool = False
    may_name_agency: bool = False
    code_word: str = ""
    who_may_answer: str = ""


@transaction.atomic
def contact_keep(*, person: Person, by: Worker, channel: str, fields: ContactFields, on: date) -> SafeContact:
    """Keep what a person just said about one way to reach them. It counts as confirmed on that day."""
    contact, _ = SafeContact.objects.update_or_create(
        person=person, channel=channel, defaults={**asdict(fields), "confirmed_on": on}
    )
    audit.record(by, "contact.keep", contact, subject=person.pk, fields=["channel", "is_safe", "hours"])
    return contact


@transaction.atomic
def contact_confirm(*, contact: SafeContact, by: Worker, on: date, still_safe: bool) -> SafeContact:
    """The person was asked again: still safe, or no longer."""
    contact.is_safe, contact.confirmed_on = still_safe, on
    contact.save(update_fields=["is_safe", "confirmed_on"])
    audit.record(by, "contact.confirm", contact, subject=contact.person_id, fields=["is_safe"])
    return contact
