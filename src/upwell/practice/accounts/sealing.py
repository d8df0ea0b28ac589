"""Sealing the audit into a hash chain, and finding where the chain is broken.

A seal holds the digest of its rows in order and of the seal before. Every digest is also written to a file in the state
folder: whoever can change the database alone can neither rewrite the chain nor cut off its end unseen.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from upwell.practice.accounts.models import AuditEntry, AuditSeal
from upwell.state import durable

START = "0" * 64
REST = timedelta(seconds=5)
"""A row is sealed when it has been there this long."""
SLOWEST_WRITER = timedelta(minutes=10)
"""A number that is missing for this long belongs to work that was rolled back, not to work that is still to commit."""
BATCH = 10_000
ANCHORS = "audit-seals"


@dataclass(frozen=True)
class Report:
    """What a check of the chain found. broken: a sentence that names the first broken batch, "" where none is.

    entries, seals: rows and seals checked before that. unsealed: rows that no seal covers yet.
    anchored: seals whose digests also stand in the state folder.
    """

    seals: int
    entries: int
    unsealed: int
    broken: str = ""
    anchored: int = 0


@dataclass(frozen=True)
class _Batch:
    first: int
    last: int
    rows: list[AuditEntry]
    gaps: list[list[int]]
    previous: str


def seal(*, now: datetime | None = None) -> int:
    """Seal what has come to rest since the last seal. Returns how many rows; 0 also when another process was first."""
    now = now or timezone.now()
    sealed = 0
    while batch := _next_batch(now):
        try:
            with transaction.atomic():
                _append(batch, now)
        except IntegrityError:  # the chain cannot fork: another process has sealed from the same end
            break
        sealed += len(batch.rows)
    _anchor()
    return sealed


def verify() -> Report:
    """Check every seal against its rows, the seal before it, and the digests in the state folder."""
    seals, entries, previous = 0, 0, START
    anchors = _anchors()
    next_id: int | None = None
    for one in AuditSeal.objects.order_by("last_id").iterator():
        fault = _fault(one, previous, next_id) or _anchor_fault(one, anchors)
        if fault:
            return Report(seals, entries, _unsealed(), f"{_named(one)}: {fault}", len(anchors))
        seals, entries, previous, next_id = seals + 1, entries + one.entries, one.sha256, one.last_id + 1
    if lost := sorted(last for last in anchors if next_id is None or last >= next_id):
        broken = f"The seal of the batch that ended with row {lost[0]} was deleted."
        return Report(seals, entries, _unsealed(), broken, len(anchors))
    return Report(seals, entries, _unsealed(), anchored=len(anchors))


def _next_batch(now: datetime) -> _Batch | None:
    last = AuditSeal.objects.order_by("-last_id").first()
    after = last.last_id if last else 0
    rows: list[AuditEntry] = []
    gaps: list[list[int]] = []
    expected = after + 1 if last else None
    for row in islice(AuditEntry.objects.filter(id__gt=after).order_by("id").iterator(), BATCH):
        if row.at > now - REST:
            break
        if expected is not None and row.id != expected:
            if row.at > now - SLOWEST_WRITER:
                break
            gaps.append([expected, row.id - 1])
        rows.append(row)
        expected = row.id + 1
    if not rows:
        return None
    return _Batch(after + 1 if last else rows[0].id, rows[-1].id, rows, gaps, last.sha256 if last else START)


def _append(batch: _Batch, now: datetime) -> None:
    made = AuditSeal(
        first_id=batch.first,
        last_id=batch.last,
        entries=len(batch.rows),
        gaps=batch.gaps,
        previous=batch.previous,
        sealed_at=now,
    )
    made.sha256 = _digest(made, batch.rows)
    made.save()


def _digest(one: AuditSeal, rows: Iterable[AuditEntry]) -> str:
    """Over everything the seal says and every row in order."""
    head = [one.previous, one.first_id, one.last_id, one.entries, one.gaps, _instant(one.sealed_at)]
    digest = hashlib.sha256(json.dumps(head).encode())
    for row in rows:
        digest.update(b"\n" + _canonical(row))
    return digest.hexdigest()


def _canonical(row: AuditEntry) -> bytes:
    """The row's fields in a fixed order, the same on every database."""
    fields = [
        row.id,
        _instant(row.at),
        str(row.agency_id or ""),
        row.actor,
        row.worker_id or 0,
        row.act,
        bool(row.is_read),
    ]
    fields += [row.object, row.subject, row.fields, row.reason]
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _fault(one: AuditSeal, previous: str, next_id: int | None) -> str:
    if one.previous != previous or (next_id is not None and one.first_id != next_id):
        return "a seal before it was deleted, changed or moved."
    rows = list(AuditEntry.objects.filter(id__gte=one.first_id, id__lte=one.last_id).order_by("id"))
    if _digest(one, rows) == one.sha256:
        return ""
    return _what_happened(one, {row.id for row in rows})


def _what_happened(one: AuditSeal, here: set[int]) -> str:
    sealed = set(_sealed_ids(one))
    if missing := sorted(sealed - here):
        return f"row {missing[0]} was deleted ({len(missing)} in all)."
    if added := sorted(here - sealed):
        return f"row {added[0]} was put in afterwards."
    return "a row or the seal itself was changed, or rows changed places."


def _sealed_ids(one: AuditSeal) -> Iterator[int]:
    """The ids that had a row when the batch was sealed: the range without its gaps."""
    number = one.first_id
    for first, last in [*one.gaps, [one.last_id + 1, one.last_id + 1]]:
        yield from range(number, min(first, number + BATCH))
        number = last + 1


def _named(one: AuditSeal) -> str:
    return f"Batch of rows {one.first_id} to {one.last_id}, sealed {one.sealed_at:%Y-%m-%d %H:%M} UTC"


def _unsealed() -> int:
    last = AuditSeal.objects.order_by("-last_id").first()
    return AuditEntry.objects.filter(id__gt=last.last_id if last else 0).count()


def _anchor() -> None:
    """Write the digests of new seals to the state folder, after they are in the database: a crash leaves some out,
    and the next sealing writes them."""
    path = _anchor_path()
    known = _anchors()
    seals = AuditSeal.objects.filter(last_id__gt=max(known, default=0)).order_by("last_id")
    lines = "".join(f"{one.last_id} {one.sha256}\n" for one in seals)
    if not lines:
        return
    # a line that a crash has torn must not swallow the next one
    torn = path.exists() and not path.read_bytes().endswith(b"\n")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        durable.write_all(descriptor, (("\n" if torn else "") + lines).encode())
    finally:
        os.close(descriptor)


def _anchors() -> dict[int, str]:
    """Last row of a batch -> its digest, as first written."""
    path = _anchor_path()
    found: dict[int, str] = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else ():
        last, _, digest = line.partition(" ")
        if last.isdecimal() and len(digest) == len(START):
            found.setdefault(int(last), digest)
    return found


def _anchor_path() -> Path:
    return Path(settings.UPWELL_HOME) / ANCHORS


def _anchor_fault(one: AuditSeal, anchors: dict[int, str]) -> str:
    written = anchors.get(one.last_id)
    if written is None and one.last_id < max(anchors, default=0):
        return "the state folder does not know this seal: the chain was written anew."
    if written is not None and written != one.sha256:
        return "the state folder holds another digest: the chain was written anew."
    return ""
