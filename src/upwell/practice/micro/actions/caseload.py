"""Bringing a caseload in: begin with an upload, bring in what was previewed, take it back, or drop it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Team, Worker
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.micro.caseload import files, jobs
from upwell.practice.micro.models import CaseloadImport

State = CaseloadImport.State


@transaction.atomic
def caseload_begin(*, by: Worker, uploads: Sequence[files.Upload]) -> CaseloadImport:
    """Take an export and have it read by a job. Raises PracticeError for files that are no export."""
    if by.agency is None:
        raise NotAllowedError(_("Whoever brings a caseload in belongs to an agency."))
    batch = CaseloadImport.objects.create(agency=by.agency, by=by, state=State.READING)
    files.receive(batch.pk, uploads)
    audit.record(by, "caseload.begin", batch)
    _do(batch)
    return batch


@transaction.atomic
def caseload_apply(*, batch: CaseloadImport, by: Worker, team: Team, workers: Mapping[str, Worker]) -> CaseloadImport:
    """Have a job bring in what was previewed. workers: programme -> who takes its cases; others are nobody's yet."""
    held = _held(batch, State.PREVIEWED)
    held.team, held.by, held.why, held.state = team, by, "", State.APPLYING
    held.counts = {**held.counts, "workers": {programme: worker.pk for programme, worker in workers.items()}}
    held.save(update_fields=["team", "by", "why", "state", "counts"])
    audit.record(by, "caseload.ask", held, fields=["team"])
    _do(held)
    return held


@transaction.atomic
def caseload_undo(*, batch: CaseloadImport, by: Worker) -> CaseloadImport:
    """Have a job take back what came in, except what somebody has worked on."""
    held = _held(batch, State.APPLIED)
    held.by, held.why, held.state, held.share_done = by, "", State.UNDOING, 0.0
    held.save(update_fields=["by", "why", "state", "share_done"])
    audit.record(by, "caseload.undo_ask", held)
    _do(held)
    return held


@transaction.atomic
def caseload_drop(*, batch: CaseloadImport, by: Worker) -> CaseloadImport:
    """Forget what was read; nothing had come in."""
    held = _held(batch, State.PREVIEWED)
    held.state = State.DROPPED
    held.save(update_fields=["state"])
    audit.record(by, "caseload.drop", held)
    transaction.on_commit(partial(files.forget, held.pk))
    return held


def _held(batch: CaseloadImport, state: State) -> CaseloadImport:
    """The row for this action alone. Raises ChangedMeanwhileError when it has moved on."""
    held = CaseloadImport.objects.select_for_update(of=("self",)).filter(pk=batch.pk, state=state).first()
    if held is None:
        raise ChangedMeanwhileError(_("Somebody has gone on with this import meanwhile. This is how it stands now."))
    return held


def _do(batch: CaseloadImport) -> None:
    transaction.on_commit(partial(jobs.step.enqueue, str(batch.pk)))
