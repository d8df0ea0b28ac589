"""Writing notes: drafts that save themselves, signing, and corrections beside what was signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.once import once
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.micro import rules
from upwell.practice.micro.models import Case, Draft, Note, NoteAmendment


@once
@transaction.atomic
def draft_save(
    *,
    case: Case,
    by: Worker,
    kind: str,
    fields: Mapping[str, str],
    form_key: UUID,
    version: int,
    window: UUID | None,
) -> Draft:
    """Keep what is being written. Returns the draft that holds it now: its form_key and version go into the page.

    version: the one the page goes on from. Where another window saved meanwhile, what comes now is kept as a second
    draft (fork_of names the first). A draft of a note that was signed already, and adds nothing to it, is not kept:
    the row returned then has no pk.
    """
    now, text = timezone.now(), json.dumps(dict(fields))
    signed = Note.objects.filter(form_key=form_key, by=by, case=case).first() if kind == "note" else None
    if signed and rules.adds_nothing(fields.get("text", ""), signed.text):
        return Draft(case=case, by=by, kind=kind, form_key=form_key, version=version, saved_at=now)
    held = Draft.objects.select_for_update().filter(form_key=form_key, by=by, case=case, kind=kind).first()
    if held and (held.fields == text or _goes_on(held, version, window)):
        return _write(held, text, window)
    is_taken = bool(held or signed) or Draft.objects.filter(form_key=form_key).exists()
    begun = Draft.objects.create(
        case=case,
        by=by,
        kind=kind,
        form_key=uuid4() if is_taken else form_key,
        fork_of=form_key if is_taken else None,
        fields=text,
        version=1,
        window=window,
        saved_at=now,
    )
    audit.record(by, "draft.begin", begun, subject=case.person_id)
    return begun


@transaction.atomic
def draft_drop(*, draft: Draft, by: Worker) -> Draft:
    """Throw a draft away, because its writer said so."""
    audit.record(by, "draft.drop", draft, subject=draft.case.person_id)
    draft.delete()
    return draft


@transaction.atomic
def note_sign(
    *,
    case: Case,
    by: Worker,
    text: str,
    kind: str,
    on: date,
    today: date,
    form_key: UUID,
    version: int = 0,
    window: UUID | None = None,
) -> Note:
    """Sign a note; its draft goes in the same breath. The same form twice is the same note.

    Raises ChangedMeanwhileError when another window signed this note with other words: nothing is written.
    """
    rules.check_day(on, today)
    note, is_new = Note.objects.get_or_create(
        form_key=form_key,
        defaults={"case": case, "by": by, "kind": kind, "on": on, "text": text, "signed_at": timezone.now()},
    )
    if note.case_id != case.pk or note.by_id != by.pk or note.text != text:
        raise ChangedMeanwhileError(
            _("This note was saved from another window meanwhile, with other words. What you wrote is kept as a draft.")
        )
    if is_new:
        _spend_draft(case=case, by=by, form_key=form_key, version=version, window=window)
        audit.record(by, "note.sign", note, subject=case.person_id, fields=["text", "kind", "on"])
    return note


@transaction.atomic
def note_amend(*, note: Note, by: Worker, text: str, form_key: UUID) -> NoteAmendment:
    """Put something right beside a note; the note stays as it was signed. The same form twice is one correction."""
    amendment, is_new = NoteAmendment.objects.get_or_create(
        form_key=form_key, defaults={"note": note, "by": by, "text": text, "at": timezone.now()}
    )
    if amendment.note_id != note.pk or amendment.by_id != by.pk:
        raise NotAllowedError(_("This form was used already. Write the correction again on a new page."))
    if is_new:
        audit.record(by, "note.amend", note, subject=note.case.person_id, fields=["text"])
    return amendment


def _goes_on(held: Draft, version: int, window: UUID | None) -> bool:
    return rules.is_from_the_same_hand(
        stored_version=held.version, stored_window=held.window, version=version, window=window
    )


def _write(draft: Draft, text: str, window: UUID | None) -> Draft:
    if draft.fields != text:
        draft.version += 1
    draft.fields, draft.window, draft.saved_at = text, window, timezone.now()
    draft.save(update_fields=["fields", "version", "window", "saved_at"])
    return draft


def _spend_draft(*, case: Case, by: Worker, form_key: UUID, version: int, window: UUID | None) -> None:
    """Delete the draft that became the note. One that another window has written on stays, under a new key."""
    draft = Draft.objects.select_for_update().filter(form_key=form_key, by=by, case=case, kind="note").first()
    if draft is None:
        return
    if _goes_on(draft, version, window):
        draft.delete()
        return
    draft.form_key, draft.fork_of = uuid4(), form_key
    draft.save(update_fields=["form_key", "fork_of"])
