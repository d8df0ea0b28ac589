"""Who saw my file: the audit's looks, gathered by worker, day and kind, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.functional import Promise

from upwell.practice.accounts.acts import WORDS
from upwell.practice.accounts.models import AuditEntry, Role
from upwell.practice.accounts.queries import looks_at
from upwell.practice.person.models import Person

MOST = 500
"""Looks that are read, newest first."""


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
    act = "case.break_glass" if row.reason else row.act
    return Look(worker.name, held, timezone.localdate(row.at), WORDS.get(act, WORDS["case.open"]))
