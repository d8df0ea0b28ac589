"""Questions, answers, calls for evidence and practice notes of the own agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise

from upwell.practice.accounts.models import Agency, Worker
from upwell.practice.bridge.models import Answer, Ask, CallForEvidence, PracticeNote
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Policy

Words = str | Promise


@dataclass(frozen=True)
class AskWaiting:
    """An open question and the days since it was asked. is_late: the day it was needed by is over."""

    ask: Ask
    days: int
    is_late: bool


def answers_for(
    worker: Worker, words: str = "", domain: str = "", barrier: str = "", policy: Policy | None = None
) -> QuerySet[Answer]:
    """Answers of the own agency that hold every word somewhere and have the coding asked for, newest first."""
    found = Answer.objects.filter(ask__agency=worker.agency).select_related("ask__policy", "ask__system")
    for word in words.replace("\0", " ").split()[:10]:
        found = found.filter(
            Q(words__icontains=word)
            | Q(source__icontains=word)
            | Q(ask__words__icontains=word)
            | Q(ask__policy__title__icontains=word)
            | Q(ask__system__name__icontains=word)
        )
    if domain:
        found = found.filter(ask__domain=domain)
    if barrier:
        found = found.filter(ask__barrier=barrier)
    if policy is not None:
        found = found.filter(ask__policy=policy)
    return found.order_by("-answered_at", "-pk")


def answer_for(worker: Worker, ask_id: UUID) -> Answer:
    """The answer to a question of the own agency. Raises Http404 for any other."""
    return get_object_or_404(answers_for(worker), ask_id=ask_id)


def asks_open_for(worker: Worker) -> QuerySet[Ask]:
    """Questions of the own agency without an answer, the oldest first."""
    return (
        Ask.objects.filter(agency=worker.agency)
        .exclude(state=Ask.State.ANSWERED)
        .select_related("policy", "system")
        .order_by("asked_on", "pk")
    )


def asks_waiting(worker: Worker, on: date) -> tuple[AskWaiting, ...]:
    """Open questions with their age; what is needed by a day comes first, the nearest day before the others."""
    waiting = [
        AskWaiting(ask, (on - ask.asked_on).days, ask.needed_by is not None and ask.needed_by < on)
        for ask in asks_open_for(worker)
    ]
    return tuple(sorted(waiting, key=lambda each: each.ask.needed_by or date.max))


def ask_for(worker: Worker, ask_id: UUID) -> Ask:
    """A question of the own agency, answered or not. Raises Http404 for any other."""
    return get_object_or_404(Ask.objects.select_related("policy", "system"), agency=worker.agency, pk=ask_id)


def calls_open_for(agency: Agency | None, on: date) -> QuerySet[CallForEvidence]:
    """The agency's calls that are open on a day."""
    return CallForEvidence.objects.filter(agency=agency, opens_on__lte=on, closes_on__gte=on).select_related(
        "policy", "system", "issue"
    )


def calls_not_open_for(agency: Agency | None, on: date) -> QuerySet[CallForEvidence]:
    """The agency's calls that are over or not open yet, the latest first."""
    calls = CallForEvidence.objects.filter(agency=agency).exclude(opens_on__lte=on, closes_on__gte=on)
    return calls.order_by("-closes_on", "pk")


def practice_notes_for(worker: Worker) -> QuerySet[PracticeNote]:
    """Practice notes of the own agency that were sent."""
    return PracticeNote.objects.filter(agency=worker.agency, state=PracticeNote.State.SENT).select_related(
        "policy", "system"
    )


def practice_note_for(worker: Worker, note_id: UUID) -> PracticeNote:
    """A practice note of the own agency, sent or drafted. Raises Http404 for any other."""
    notes = PracticeNote.objects.filter(agency=worker.agency).select_related("policy", "system", "issue")
    return get_object_or_404(notes, pk=note_id)


def finder_words(note: PracticeNote) -> tuple[Words, ...]:
    """What the case finder of a practice note looks for, in words."""
    domains, barriers = dict(Domain.choices), dict(Barrier.choices)
    return (
        *([note.policy.title] if note.policy else []),
        *([note.system.name] if note.system else []),
        *(domains[key] for key in note.finder_domains if key in domains),
        *(barriers[key] for key in note.finder_barriers if key in barriers),
    )
