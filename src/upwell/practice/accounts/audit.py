"""The record of what was done and looked at. Rows are appended at once; batches are sealed into a hash chain."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils import timezone

from upwell.practice.accounts.models import Agency, AuditEntry, Worker


def record(
    by: Worker | None,
    act: str,
    what: models.Model,
    *,
    subject: object = "",
    fields: Iterable[str] = (),
    reason: str = "",
    actor: str = "",
    agency: Agency | None = None,
) -> AuditEntry:
    """Note a change: who, which act, which row, which fields. Call it inside the action's own transaction.

    by: the worker, or None for a client (actor="client") or a job (actor="system").
    subject: id of the person whom the row is about, "" when nobody. Values never enter the audit.
    """
    return _append(by, act, what, subject=subject, fields=fields, reason=reason, actor=actor, agency=agency, read=False)


def look(
    by: Worker | None, act: str, what: models.Model, *, subject: object = "", actor: str = "", reason: str = ""
) -> AuditEntry:
    """Note that somebody looked at a row that holds personal data."""
    return _append(by, act, what, subject=subject, fields=(), reason=reason, actor=actor, agency=None, read=True)


def _append(
    by: Worker | None,
    act: str,
    what: models.Model,
    *,
    subject: object,
    fields: Iterable[str],
    reason: str,
    actor: str,
    agency: Agency | None,
    read: bool,
) -> AuditEntry:
    return AuditEntry.objects.create(
        at=timezone.now(),
        agency=agency or (by.agency if by else None),
        actor=actor or ("worker" if by else "system"),
        worker=by,
        act=act,
        is_read=read,
        object=f"{what._meta.label}:{what.pk}",
        subject=str(subject),
        fields=",".join(sorted(fields)),
        reason=reason,
    )
