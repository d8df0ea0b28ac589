"""Gathering: the straight line over the agency's own caseload, inside. What comes of it waits at the desk.

Nobody outside has seen a candidate, so it is not in the ledger: that is for whoever approves it.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from upwell.evidence import line
from upwell.evidence.disclosure import protection
from upwell.evidence.disclosure.history import ledger
from upwell.evidence.disclosure.history.ledger import LedgerEntry
from upwell.evidence.disclosure.protect import Signed
from upwell.evidence.disclosure.release import Release
from upwell.evidence.errors import EvidenceError, LedgerError
from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.accounts.permissions import RIGHTS
from upwell.practice.bridge.models import MeasureRequest
from upwell.practice.micro.crossing import vault
from upwell.practice.micro.crossing.apart import gives_away
from upwell.practice.micro.crossing.finish import finish_left
from upwell.practice.micro.crossing.table import case_table, source_id
from upwell.practice.micro.models import Candidate, Outbox
from upwell.records.cases.table import CaseTable
from upwell.state.errors import StateError

SEED = 1
FEWEST = 11
TOO_FEW = "Too few people have agreed to be counted for anything to be told of them safely."
TOO_CLOSE = "Together with a measure that was answered before, the counts would give a small group away. It waits."
LEASE = timedelta(minutes=5)
"""How long a job may be silent before another one takes its work over."""


def gather(*, outbox: Outbox) -> Candidate | None:
    """A new candidate at the desk, or None with the reason in `outbox.said`.

    The same people and the same ledger as the last candidate: nothing new. Older ones that wait are overtaken.
    """
    agency, began = outbox.agency, timezone.now()
    table = case_table(agency, today=today_of(agency))
    try:
        lines = vault.lines_of(agency)
    except (StateError, LedgerError) as error:  # nothing may be made beside a broken ledger
        say(outbox, str(error))
        return None
    finish_left(agency)
    if _is_known(outbox, table.snapshot, lines):
        return None
    if table.persons < FEWEST:
        say(outbox, TOO_FEW)
        return None
    try:
        signed, entry = make(agency, table, lines, progress=Progress(outbox))
    except EvidenceError as error:
        say(outbox, str(error))
        return None
    if gives_away(agency, entry, ledger.read(lines), today_of(agency)):
        say(outbox, TOO_CLOSE)
        return None
    return store(agency, signed, entry, kind=Candidate.Kind.GATHER, counted_at=began)


def today_of(agency: Agency) -> date:
    """The day it is where the agency works."""
    return timezone.now().astimezone(ZoneInfo(agency.time_zone)).date()


def make(
    agency: Agency,
    table: CaseTable,
    lines: bytes,
    *,
    progress: Callable[[str, float], None] = lambda doing, share: None,
    notes: Sequence[str] = (),
) -> tuple[Signed, LedgerEntry]:
    """A signed release of a table by the agency's own rules, and the ledger entry it needs before anybody sees it."""
    on = today_of(agency)
    request = line.Request(protection=protection.load(agency.protection, on), made_on=on, seed=SEED, notes=tuple(notes))
    return line.release(
        table,
        request,
        ledger.read(lines),
        key=vault.keys_of(agency).signing,
        ledger_head=ledger.head(lines),
        progress=progress,
    )


@transaction.atomic
def store(
    agency: Agency,
    signed: Signed,
    entry: LedgerEntry,
    *,
    kind: str,
    counted_at: datetime,
    measure: MeasureRequest | None = None,
) -> Candidate:
    """Put a candidate on the desk. What waited there for the same reason is overtaken; the same release stays one.

    counted_at: before anybody was counted. Whoever withdraws from then on stops it, also while it is being made.
    """
    same = Candidate.objects.filter(agency=agency, kind=kind, measure=measure, state=Candidate.State.WAITING)
    if there := same.filter(release_id=signed.release.id).first():
        return there
    same.update(state=Candidate.State.STALE)
    candidate = Candidate.objects.create(
        agency=agency,
        kind=kind,
        measure=measure,
        made_at=counted_at,
        snapshot=entry.snapshot,
        release_id=signed.release.id,
        ledger_head=entry.previous,
        signed=base64.b64encode(signed.data).decode(),
        entry=json.dumps(asdict(entry)),
        withheld=withheld(signed.release),
    )
    audit.record(None, "candidate.make", candidate, actor="system", agency=agency)
    for worker in desk_workers(agency):
        notify.tell(worker, "desk")
    return candidate


def desk_workers(agency: Agency) -> list[Worker]:
    """Who decides at the agency's desk."""
    roles = RIGHTS["desk.decide"].roles
    return list(agency.workers.filter(is_active=True, roles_held__role__in=roles).distinct().order_by("pk"))


def withheld(release: Release) -> list[list[object]]:
    """(table, row, part) of every count that is not shown: places alone, no count."""
    return [
        [table.id, at, part]
        for table in release.tables
        for at, row in enumerate(table.rows)
        for part in (("persons", "yes", "no") if table.split else ("persons",))
        if getattr(row, part) is None
    ]


def say(outbox: Outbox, words: str) -> None:
    """Keep why nothing came of it, for the desk to read."""
    outbox.said = words[:300]
    outbox.save(update_fields=["said"])


class Progress:
    """Writes how far a job is, at most once a second, and shows that it is alive."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.last = 0.0

    def __call__(self, doing: str, share: float) -> None:
        """doing: what is being done, not kept. share: 0..1."""
        if time.monotonic() - self.last < 1:
            return
        self.last = time.monotonic()
        Outbox.objects.filter(pk=self.outbox.pk).update(
            share_done=min(max(share, 0.0), 1.0), claimed_until=timezone.now() + LEASE
        )


def _is_known(outbox: Outbox, snapshot: str, lines: bytes) -> bool:
    """Whether these very people were released before, or were gathered for this very ledger and not overtaken.

    Who asks for it by hand gets it again after it was returned.
    """
    if any(entry.snapshot == snapshot and entry.source_id == source_id(outbox.agency) for entry in ledger.read(lines)):
        return True
    states = [Candidate.State.WAITING] if outbox.target else [Candidate.State.WAITING, Candidate.State.RETURNED]
    there = Candidate.objects.filter(agency=outbox.agency, kind=Candidate.Kind.GATHER, state__in=states)
    return there.filter(snapshot=snapshot, ledger_head=ledger.head(lines)).exists()
