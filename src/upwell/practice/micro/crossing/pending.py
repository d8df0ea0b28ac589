"""What is due: a row in the outbox for every piece of work, once, and a job sent for each row that has none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from upwell.practice.accounts import notify
from upwell.practice.accounts.models import Agency
from upwell.practice.bridge.models import Ask, MeasureRequest, PracticeNote, Reply
from upwell.practice.micro.crossing import jobs
from upwell.practice.micro.models import AskMade, Case, Outbox

NIGHT_ENDS = 2
"""Local hour from which the night's gathering is due: whoever withdraws until then is not in it."""
LOST_AFTER = timedelta(hours=1)
"""A job that was sent for and never began is sent for again."""


def sweep(now: datetime) -> list[Outbox]:
    """Make the rows that are missing and send for every job that is due. Run it as often as you like."""
    _answers(now)
    made = [*_replies(now), *_notes(now), *_measures(now), *_nights(now)]
    for outbox in _unsent(now):
        send_for(outbox)
    return made


def due(*, kind: str, agency: Agency, target: str, on: date) -> Outbox | None:
    """The row for a piece of work, None when it was there already."""
    outbox, is_new = Outbox.objects.get_or_create(kind=kind, agency=agency, target=target, due_on=on)
    return outbox if is_new else None


def again(*, kind: str, agency: Agency, target: str, on: date) -> Outbox:
    """The row for a piece of work that somebody asks for now; one that was done today is opened again."""
    outbox, _ = Outbox.objects.get_or_create(kind=kind, agency=agency, target=target, due_on=on)
    fresh = {"done_at": None, "attempts": 0, "error": "", "said": "", "share_done": 0.0, "not_before": None}
    Outbox.objects.filter(pk=outbox.pk).exclude(done_at=None, attempts__lt=jobs.MOST_ATTEMPTS).update(**fresh)
    outbox.refresh_from_db()
    send_for(outbox)
    return outbox


def send_for(outbox: Outbox) -> None:
    """Send for a job once this transaction is in the database; a job never runs ahead of its row."""
    Outbox.objects.filter(pk=outbox.pk).update(queued_at=timezone.now())
    transaction.on_commit(partial(jobs.run.enqueue, outbox.pk))


def _unsent(now: datetime) -> Iterable[Outbox]:
    """Rows that are not done, whose hour has come, and for which no job is on its way or at work."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    lost = Q(queued_at=None) | Q(queued_at__lt=now - LOST_AFTER) | Q(claimed_until__lt=now)
    waited = Q(not_before=None) | Q(not_before__lte=now)
    open_rows = Outbox.objects.filter(done_at=None, attempts__lt=jobs.MOST_ATTEMPTS)
    return open_rows.filter(free, lost, waited).order_by("pk")


def _known(kind: str) -> set[str]:
    return set(Outbox.objects.filter(kind=kind).values_list("target", flat=True))


def _answers(now: datetime) -> None:
    """Tell whoever asked that macro has answered: once, unless they have read it already."""
    answered = Q(ask__state=Ask.State.ANSWERED, answer_told_at=None)
    for key in AskMade.objects.filter(answered).order_by("pk").values_list("pk", flat=True):
        _tell_answered(key, now)


@transaction.atomic
def _tell_answered(key: int, now: datetime) -> None:
    made = AskMade.objects.select_for_update(of=("self",)).select_related("by").get(pk=key)
    if made.answer_told_at is None:
        made.answer_told_at = now
        made.save(update_fields=["answer_told_at"])
        if made.answer_seen_at is None:
            notify.tell(made.by, "answer")


def _replies(now: datetime) -> list[Outbox]:
    known = _known("deliver")
    rows = Reply.objects.order_by("at", "pk").values_list("pk", "issue__agency")
    return _made("deliver", ((str(pk), agency) for pk, agency in rows if str(pk) not in known), now)


def _notes(now: datetime) -> list[Outbox]:
    known = _known("match")
    sent = PracticeNote.objects.filter(state=PracticeNote.State.SENT).order_by("sent_at", "pk")
    rows = sent.values_list("pk", "agency")
    return _made("match", ((str(pk), agency) for pk, agency in rows if str(pk) not in known), now)


def _measures(now: datetime) -> list[Outbox]:
    """Locked measures whose time after is over where the agency works."""
    known = _known("measure")
    locked = MeasureRequest.objects.filter(state=MeasureRequest.State.LOCKED).select_related("agency").order_by("pk")
    over = (each for each in locked if each.after_to < now.astimezone(ZoneInfo(each.agency.time_zone)).date())
    return _made("measure", ((str(each.pk), each.agency_id) for each in over if str(each.pk) not in known), now)


def _nights(now: datetime) -> list[Outbox]:
    """One gathering an agency and night, from the hour in which the night ends."""
    some = Agency.objects.filter(Exists(Case.objects.filter(agency=OuterRef("pk")))).order_by("pk")
    found = []
    for agency in some:
        local = now.astimezone(ZoneInfo(agency.time_zone))
        if local.hour >= NIGHT_ENDS:
            found.append(due(kind="gather", agency=agency, target="", on=local.date()))
    return [each for each in found if each is not None]


def _made(kind: str, targets: Iterable[tuple[str, UUID]], now: datetime) -> list[Outbox]:
    agencies: dict[UUID, Agency] = {}
    found = []
    for target, key in targets:
        agency = agencies.get(key) or agencies.setdefault(key, Agency.objects.get(pk=key))
        found.append(due(kind=kind, agency=agency, target=target, on=now.astimezone(ZoneInfo(agency.time_zone)).date()))
    return [each for each in found if each is not None]
