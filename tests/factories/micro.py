"""What is written in a case, made small for tests."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from factories.five import TODAY
from upwell.practice.accounts.models import Worker
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Service
from upwell.practice.micro.models import Assignment, BrokenGlass, Case, Entry, Goal, Note, Referral


def note(on: Case, by: Worker, /, **more: object) -> Note:
    """A signed note."""
    fields: dict[str, object] = {"on": TODAY, "text": "We met at the office.", "form_key": uuid4()}
    return Note.objects.create(case=on, by=by, **({"signed_at": timezone.now()} | fields | more))


def entry(on: Case, by: Worker, /, **more: object) -> Entry:
    """One entry of the Life Situation, as agreed with the person."""
    fields: dict[str, object] = {
        "domain": Domain.DOCUMENTS,
        "barrier": Barrier.TOO_SLOW,
        "own_words": "I wait and wait.",
        "strengths": "Her sister helps.",
        "on": TODAY,
    }
    return Entry.objects.create(case=on, by=by, **(fields | more))


def goal(on: Case, by: Worker, /, **more: object) -> Goal:
    """A goal under way."""
    fields: dict[str, object] = {"words": "A home of our own", "our_step": "Call the office", "set_on": TODAY}
    return Goal.objects.create(case=on, by=by, **(fields | more))


def referral(on: Case, by: Worker, service: Service, /, **more: object) -> Referral:
    """A referral that was sent eight days ago and whose outcome is not known."""
    fields: dict[str, object] = {
        "state": Referral.State.SENT,
        "made_on": timezone.localdate() - timedelta(days=8),
        "ask_outcome_on": timezone.localdate() - timedelta(days=1),
    }
    return Referral.objects.create(case=on, by=by, service=service, **(fields | more))


def assignment(on: Case, to: Worker, **more: object) -> Assignment:
    """Somebody works on a case, since a month ago."""
    fields: dict[str, object] = {"since": timezone.localdate() - timedelta(days=30)}
    return Assignment.objects.create(case=on, worker=to, **(fields | more))


def glass(on: Case, by: Worker, *, minutes_ago: int = 5, **more: object) -> BrokenGlass:
    """Glass broken some minutes ago, whole again an hour after."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    fields: dict[str, object] = {"reason": BrokenGlass.Reason.COVER, "words": "She is away.", "at": at}
    return BrokenGlass.objects.create(case=on, worker=by, **({"until": at + timedelta(hours=1)} | fields | more))
