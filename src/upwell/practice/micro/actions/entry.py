"""Writing the Life Situation."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.environment.models import Policy, System
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.models import Case, Entry


@dataclass(frozen=True)
class EntryFields:
    """What an entry says; the meaning of each is that of the model's."""

    view: str
    own_words: str
    strengths: str
    severity: int
    managing: int
    whose: str
    state: str
    started_on: date | None = None
    role: str = ""
    happening: str = ""
    domain: str = ""
    barrier: str = ""
    policy: Policy | None = None
    system: System | None = None


@transaction.atomic
def entry_write(
    *, case: Case, by: Worker, fields: EntryFields, on: date, form_key: UUID, supersedes: Entry | None = None
) -> Entry:
    """Add an entry. One that replaces another leaves it in place, marked as superseded. The same form twice is one.

    Raises NotAllowedError without own words and strengths, ChangedMeanwhileError when the old one was replaced already.
    """
    if not fields.own_words.strip() or not fields.strengths.strip():
        raise NotAllowedError(_("An entry needs the person's own words, and what is strong."))
    said = {each.name: getattr(fields, each.name) for each in fields_of(fields)}
    entry, is_new = Entry.objects.get_or_create(
        form_key=form_key, defaults=said | {"case": case, "by": by, "on": on, "supersedes": supersedes}
    )
    rules.check_own_form(entry, case, by)
    if not is_new:
        return entry
    if supersedes:
        _replace(supersedes, case)
    audit.record(by, "entry.write", entry, subject=case.person_id, fields=["own_words", "strengths", "barrier"])
    return entry


def _replace(old: Entry, case: Case) -> None:
    held = Entry.objects.select_for_update().get(pk=old.pk, case=case)
    if held.state == Entry.State.SUPERSEDED:
        raise ChangedMeanwhileError(
            _("This entry was replaced already. Go back to the case and look at the newer one.")
        )
    held.state = Entry.State.SUPERSEDED
    held.save(update_fields=["state"])
