"""What the job worker tidies of itself: consents whose last day is over."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from upwell.practice.person.actions import consent_expire
from upwell.practice.person.queries import consents_over


def consents_expire(*, now: datetime) -> int:
    """Mark every consent whose last day is over, each by itself; how many. Run it as often as you like."""
    over = list(consents_over(timezone.localdate(now)))
    for consent in over:
        consent_expire(consent=consent, at=now)
    return len(over)
