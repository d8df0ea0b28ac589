"""What fragments of the thread need on pages that do not fetch it themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils import timezone

from upwell.practice.accounts.models import Worker
from upwell.practice.bridge.models import CallForEvidence
from upwell.practice.bridge.queries import calls_open_for
from upwell.practice.micro.models import AskMade, Case
from upwell.practice.micro.queries.thread import asks_of

register = template.Library()
MOST_CALLS, MOST_ASKS = 5, 10


@register.simple_tag
def open_calls(worker: Worker) -> Sequence[CallForEvidence]:
    """The agency's open calls for evidence, the first to close first: `{% open_calls user as calls %}`."""
    if worker.agency is None:
        return ()
    return list(calls_open_for(worker.agency, timezone.localdate()).order_by("closes_on", "pk")[:MOST_CALLS])


@register.simple_tag
def asks_in(case: Case) -> Sequence[AskMade]:
    """Questions that were asked from a case, the newest first: `{% asks_in case as asked %}`."""
    return list(asks_of(case)[:MOST_ASKS])
