"""Everything on the shared side, as text: tables, sessions, jobs, cache, links, logs; and what may not be in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.db.models import Model

from upwell.practice.accounts.models import AuditEntry, Notice, Worker
from upwell.practice.micro.models import AskMade, Case, Concern, Draft, Entry, Goal, Note, Referral
from upwell.practice.person.fields import EncryptedTextField
from upwell.practice.person.models import Consent, Household, SafeContact

CASE_SIDE = {"person", "micro"}
"""Apps whose tables are the case side. Everything else is searched, but the audit and the workers' own rows."""
OWN = {Worker, AuditEntry, Notice}
"""Tables of accounts that name workers and, in the audit, rows by their id: no role of the shared side reads them."""
SHORTEST = 4


def shared() -> dict[str, str]:
    """Place -> all of its text, raw as the database holds it."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in CASE_SIDE or model in OWN or model._meta.label == "account.EmailAddress":
            continue
        found[model._meta.db_table] = "\n".join(_rows(model._meta.db_table))
    found["sessions, opened"] = json.dumps([session.get_decoded() for session in Session.objects.all()])
    found["cache"] = repr(getattr(cache, "_cache", {}))
    return found


def _rows(table: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        for row in cursor.fetchall():
            yield " | ".join(_text(value) for value in row)


def _text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", errors="replace")
    return str(value)


def secrets(case_side_workers: list[Worker]) -> set[str]:
    """Every identity value, key of a row, text and worker of the case side, as they could be written."""
    found: set[str] = set()
    for model in (Consent, Household, SafeContact, Case, Concern, Draft, Entry, Goal, Note, Referral, AskMade):
        found |= _values(model)
    # not PortalAccess.handle: a random word made for the client's own session, and nowhere else
    found |= {part for worker in case_side_workers for part in (worker.name, worker.email, *worker.name.split())}
    for case in Case.objects.select_related("person"):
        person = case.person
        found |= {str(person.pk), person.pk.hex, person.first_name, person.last_name, person.preferred_name}
        found |= {person.birth_date, person.called}
    return {value for value in found if len(value) >= SHORTEST and value not in ALLOWED}


ALLOWED = {"Invented"}
"""First name of everybody in the crowd; a word of the language too."""


def _values(model: type[Model]) -> set[str]:
    encrypted = [field.attname for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
    found = set()
    for row in model._default_manager.all():
        if isinstance(row.pk, UUID):
            found |= {str(row.pk), row.pk.hex}
        found |= {getattr(row, name) for name in encrypted}
    return found


def leaks(places: dict[str, str], needles: set[str]) -> list[tuple[str, str]]:
    """(place, what) for every secret that stands somewhere, as a word of its own where it is a plain word."""
    found = []
    folded = {place: text.casefold() for place, text in places.items()}
    for needle in sorted(needles):
        # A plain search finds the few places worth a closer look, a hundred times quicker than a pattern does.
        near = [place for place, text in folded.items() if needle.casefold() in text]
        if near:
            pattern = re.compile(rf"(?<!\w){re.escape(needle)}(?!\w)", re.IGNORECASE)
            found += [(place, needle) for place in near if pattern.search(places[place])]
    return found
