"""Who saw my file: the audit's looks, gathered by worker, day and kind, in a person's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import AuditEntry, Role
from upwell.practice.accounts.queries import looks_at
from upwell.practice.person.models import Person

MOST = 500
"""Looks that are read, newest first."""

WORDS: dict[str, str | Promise] = {
    "case": _("Read your file"),
    "person": _("Read who you are and who belongs to you"),
    "consent": _("Read what you agreed to"),
    "contact": _("Read how it is safe to reach you"),
    "note": _("Read notes about you"),
    "entry": _("Read about your life situation"),
    "goal": _("Read your goals"),
    "referral": _("Read where you were sent"),
    "concern": _("Read what you told about a rule"),
    "ask": _("Read a question about your case"),
    "impact": _("Read what became of what you told"),
    "match": _("Looked whether a new rule touches your case"),
    "glass": _("Opened your file in an emergency; this is looked into"),
}
"""The first word of an act -> what was looked at."""


@dataclass(frozen=True)
class Look:
    """Somebody looked, once or more, on a day."""

    worker: str
    roles: tuple[str, ...]
    on: date
    what: str | Promise


def who_saw(person: Person) -> list[Look]:
    """Who looked at a person's file, newest day first; each worker and kind once a day."""
    looks = [_look(row) for row in looks_at(person.pk).exclude(worker=None)[:MOST]]
    days = groupby(looks, key=lambda look: look.on)
    return [look for _day, held in days for look in dict.fromkeys(held)]


def _look(row: AuditEntry) -> Look:
    worker = row.worker
    assert worker is not None  # rows without a worker were left out
    held = tuple(sorted(str(Role(each.role).label) for each in worker.roles_held.all()))
    broken = row.reason or row.act == "case.break_glass"
    kind = "glass" if broken else row.act.partition(".")[0]
    return Look(worker.name, held, timezone.localdate(row.at), WORDS.get(kind, WORDS["case"]))
