"""Practice notes: drafted, then sent for good. The case finder runs a sent one on the case side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.bridge import rules
from upwell.practice.bridge.models import Issue, PracticeNote
from upwell.practice.environment.models import Policy, System


@dataclass(frozen=True)
class NoteFields:
    """What a practice note says, and what makes a case worth a look (see PracticeNote)."""

    title: str
    what_changed: str
    who_affected: str
    what_to_do: str
    effective_on: date
    policy: Policy | None = None
    system: System | None = None
    finder_domains: tuple[str, ...] = ()
    finder_barriers: tuple[str, ...] = ()


@transaction.atomic
def practice_note_draft(*, issue: Issue | None, by: Worker, note: NoteFields) -> PracticeNote:
    """Keep a draft that only the shared side reads. The same draft sent twice is one."""
    drafted, is_new = PracticeNote.objects.get_or_create(
        agency=by.agency,
        issue=issue,
        title=note.title,
        effective_on=note.effective_on,
        state=PracticeNote.State.DRAFTED,
        defaults=_plain(note),
    )
    if not is_new:
        return practice_note_change(note=drafted, by=by, to=note)
    audit.record(by, "practice_note.draft", drafted)
    return drafted


@transaction.atomic
def practice_note_change(*, note: PracticeNote, by: Worker, to: NoteFields) -> PracticeNote:
    """Change a draft. Refused once it was sent."""
    note.refresh_from_db(from_queryset=PracticeNote.objects.select_for_update())
    rules.check_drafted(note)
    for name, value in _plain(to).items():
        setattr(note, name, value)
    note.save()
    audit.record(by, "practice_note.change", note)
    return note


@transaction.atomic
def practice_note_send(*, note: PracticeNote, by: Worker) -> PracticeNote:
    """Send it: from now on it stays as it is, and the case side looks for cases it may touch. Twice is once."""
    note.refresh_from_db(from_queryset=PracticeNote.objects.select_for_update())
    if note.state == PracticeNote.State.SENT:
        return note
    note.state, note.sent_at = PracticeNote.State.SENT, timezone.now()
    note.save(update_fields=["state", "sent_at"])
    audit.record(by, "practice_note.send", note, fields=["state"])
    return note


def _plain(note: NoteFields) -> dict[str, object]:
    plain: dict[str, object] = {name: getattr(note, name) for name in note.__dataclass_fields__}
    return plain | {"finder_domains": list(note.finder_domains), "finder_barriers": list(note.finder_barriers)}
