"""The job of an import: reads, brings in or takes back, by the state that its row is in. Its argument is the row's id.

Each step commits with the state it leads to, so a job that was cut off is simply done again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from upwell.practice.accounts import audit
from upwell.practice.errors import PracticeError
from upwell.practice.micro.caseload import bring, files, look, undo
from upwell.practice.micro.models import CaseloadImport
from upwell.records.cases.hmis import people
from upwell.records.errors import RecordsError

State = CaseloadImport.State
_LONGEST_WHY = 300


@task()
def step(batch_id: str) -> None:
    """Do what the state of the import asks for; nothing when it asks for nothing (somebody else has done it)."""
    batch = CaseloadImport.objects.select_related("agency", "by").get(pk=UUID(batch_id))
    does = {State.READING: _read, State.APPLYING: _apply, State.UNDOING: _undo}.get(State(batch.state))
    if does is None:
        return
    with override(batch.by.language):
        try:
            does(batch)
        except (RecordsError, PracticeError) as error:
            _stop(batch, str(error))
        except Exception:
            _stop(batch, _("Something went wrong that should not. Nothing was changed; try again, or tell us."))
            raise


def _read(batch: CaseloadImport) -> None:
    key = files.agency_keys(batch.agency.slug).pseudonym
    told = _teller(batch)
    with files.read_once(batch.pk) as (export, work):
        arrivals = people.read(export, key=key, work=work, progress=lambda _file, done, of: told(done / max(of, 1)))
    files.keep(batch.pk, arrivals)
    batch.counts, batch.snapshot = look.counts(batch.agency, arrivals), arrivals.snapshot
    batch.state, batch.share_done = State.PREVIEWED, 0.0
    batch.save(update_fields=["counts", "snapshot", "state", "share_done"])


def _apply(batch: CaseloadImport) -> None:
    key = files.agency_keys(batch.agency.slug).pseudonym
    ready = bring.prepare(batch, files.kept(batch.pk), key, _teller(batch))
    choices = batch.counts.get("workers", {})
    with transaction.atomic():
        held = _held(batch, State.APPLYING)
        if held is None:
            return
        written = bring.write(held, ready, key, choices, timezone.localdate())
        held.counts = {**held.counts, **asdict(written)}
        held.state, held.applied_at, held.share_done = State.APPLIED, timezone.now(), 1.0
        held.save(update_fields=["counts", "state", "applied_at", "share_done"])
        audit.record(held.by, "caseload.apply", held, fields=["people", "cases"])
    files.forget(batch.pk)


def _undo(batch: CaseloadImport) -> None:
    key = files.agency_keys(batch.agency.slug).pseudonym
    with transaction.atomic():
        held = _held(batch, State.UNDOING)
        if held is None:
            return
        undone = undo.take_back(held, key)
        held.counts = {**held.counts, "undone": asdict(undone)}
        held.state, held.share_done = State.UNDONE, 1.0
        held.save(update_fields=["counts", "state", "share_done"])
        audit.record(held.by, "caseload.undo", held, fields=["people", "cases"])


def _held(batch: CaseloadImport, state: State) -> CaseloadImport | None:
    """The row for this job alone, None when another has done its step. One import of an agency is written at a time."""
    type(batch.agency).objects.select_for_update().get(pk=batch.agency_id)
    return CaseloadImport.objects.select_for_update(of=("self",)).filter(pk=batch.pk, state=state).first()


def _stop(batch: CaseloadImport, why: str) -> None:
    """Say why, and go back to where the worker can go on from."""
    back = {State.READING: State.REFUSED, State.APPLYING: State.PREVIEWED, State.UNDOING: State.APPLIED}
    batch.state, batch.why, batch.share_done = back[State(batch.state)], why[:_LONGEST_WHY], 0.0
    batch.save(update_fields=["state", "why", "share_done"])


def _teller(batch: CaseloadImport) -> Callable[[float], None]:
    def told(share: float) -> None:
        batch.share_done = share
        batch.save(update_fields=["share_done"])

    return told
