"""The only way to reach a worker: a notice that names a kind and nothing else, shown in the menu until it is read."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from upwell.practice.accounts.mail import is_set_up
from upwell.practice.accounts.models import Notice, Worker

Kind = Literal["reply", "answer", "call", "practice_note", "desk", "ask", "question", "glass", "measure"]

READ_ON: dict[str, str] = {
    "reply": "today",
    "answer": "today",
    "call": "today",
    "practice_note": "today",
    "desk": "desk",
    "ask": "asks",
    "question": "board",
    "glass": "glass_review",
    "measure": "projects",
}
"""Kind -> name of the page that says what is new."""

QUIET = timedelta(minutes=5)
"""Whoever is at work sees the menu: mail goes out for what nobody has opened after this long."""
TOO_OLD = timedelta(days=2)
"""No mail for what waited longer, as when mail is set up late."""


def tell(worker: Worker, kind: Kind) -> Notice:
    """Something new waits for the worker. One unseen notice a kind is enough."""
    notice, _ = Notice.objects.get_or_create(worker=worker, kind=kind, seen=None)
    return notice


def unseen_pages(worker: Worker) -> set[str]:
    """Names of the pages on which something new waits for a worker. One query."""
    kinds = Notice.objects.filter(worker=worker, seen=None).values_list("kind", flat=True)
    return {READ_ON[kind] for kind in kinds if kind in READ_ON}


def seen(worker: Worker, page: str) -> None:
    """The worker has opened the page of this name: what led there is seen. One query when nothing was new."""
    kinds = [kind for kind, name in READ_ON.items() if name == page]
    for notice in Notice.objects.filter(worker=worker, kind__in=kinds, seen=None):
        notice.seen = timezone.now()
        notice.save(update_fields=["seen"])


def mail_waiting(now: datetime) -> int:
    """Mail workers that something new waits for them: once a notice, one mail each, naming nothing. How many went out.

    A notice is marked before its mail goes out: a server that dies in between sends none rather than two.
    """
    if not is_set_up():
        return 0
    due = Notice.objects.filter(
        seen=None, mailed_at=None, created__gte=now - TOO_OLD, created__lte=now - QUIET, worker__is_active=True
    )
    held = groupby(due.select_related("worker").order_by("worker_id", "pk"), key=lambda notice: notice.worker)
    return sum(_mail(worker, list(notices), now) for worker, notices in held)


def _mail(worker: Worker, notices: list[Notice], now: datetime) -> int:
    with transaction.atomic():
        for notice in notices:
            notice.mailed_at = now
            notice.save(update_fields=["mailed_at"])
    with translation.override(worker.language):
        subject = _("Something new waits for you in Upwell")
        text = _("Something new waits for you in Upwell. Sign in to see it.\n\nThis message names nobody, on purpose.")
    return send_mail(subject, text, None, [worker.email], fail_silently=True)
