"""The case finder: which open cases a practice note may touch. It runs on the case side and tells nobody else.

The shared side gets no number at all from it: a number outside a case team passes the gate, and this one does not.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from upwell.practice.accounts import audit, notify
from upwell.practice.accounts.models import Agency
from upwell.practice.bridge.models import PracticeNote
from upwell.practice.micro.models import Case, Concern, Entry, NoteMatch, Outbox, Referral
from upwell.practice.micro.queries.case import workers_of


def match(*, outbox: Outbox) -> None:
    """Mark the open cases a sent note may touch, and tell their workers that there is something to look at."""
    note = PracticeNote.objects.get(pk=outbox.target)
    if note.agency_id != outbox.agency_id or note.state != PracticeNote.State.SENT:
        return
    for case in cases_touched(note, outbox.agency):
        _mark(case, note)
    audit.record(None, "note.match", note, actor="system", agency=outbox.agency)


def cases_touched(note: PracticeNote, agency: Agency) -> QuerySet[Case]:
    """Open cases with an entry that holds, a concern or a referral that says what the note is about."""
    coded = _coded(note)
    if not coded:
        return Case.objects.none()
    entries = Entry.objects.filter(coded).exclude(state=Entry.State.SUPERSEDED).values("case_id")
    concerns = Concern.objects.filter(coded).values("case_id")
    found = Q(pk__in=entries) | Q(pk__in=concerns)
    if referred := _referred(note):
        found |= Q(pk__in=Referral.objects.filter(referred).values("case_id"))
    return Case.objects.filter(found, agency=agency).exclude(state=Case.State.CLOSED).order_by("pk")


def _coded(note: PracticeNote) -> Q:
    """The note's policy, or its institution, or its domains and barriers together."""
    found = Q()
    if note.policy_id:
        found |= Q(policy=note.policy_id)
    if note.system_id:
        found |= Q(system=note.system_id)
    if note.finder_domains or note.finder_barriers:
        both = Q(domain__in=note.finder_domains) if note.finder_domains else Q()
        found |= both & (Q(barrier__in=note.finder_barriers) if note.finder_barriers else Q())
    return found


def _referred(note: PracticeNote) -> Q:
    found = Q(service__system=note.system_id) if note.system_id else Q()
    if note.finder_domains:
        both = Q(service__domain__in=note.finder_domains)
        found |= both & (Q(barrier__in=note.finder_barriers) if note.finder_barriers else Q())
    return found


@transaction.atomic
def _mark(case: Case, note: PracticeNote) -> None:
    _, is_new = NoteMatch.objects.get_or_create(case=case, practice_note=note, defaults={"found_at": timezone.now()})
    if is_new:
        for worker in workers_of(case):
            notify.tell(worker, "practice_note")
