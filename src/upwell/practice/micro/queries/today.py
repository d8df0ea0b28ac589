"""A worker's day: who to be in touch with, what came of referrals, what was begun and not finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from upwell.practice.accounts.models import Worker
from upwell.practice.micro.models import Case, Draft, Referral
from upwell.practice.micro.queries.case import own_cases
from upwell.practice.micro.queries.left import drafts_left
from upwell.practice.micro.queries.written import drafts_for

DAYS_AHEAD = 7
MOST = 50
"""Rows a part of the page shows; the case list has the rest."""


@dataclass(frozen=True)
class Day:
    """overdue, due, coming: own open cases by next contact (before today, today, within a week).

    referrals: those whose outcome is asked. drafts: begun notes and concerns. left: those in cases that the worker can
    no longer open.
    """

    overdue: tuple[Case, ...]
    due: tuple[Case, ...]
    coming: tuple[Case, ...]
    referrals: tuple[Referral, ...]
    drafts: tuple[Draft, ...]
    left: tuple[Draft, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.overdue or self.due or self.coming or self.referrals or self.drafts or self.left)


def day_for(worker: Worker, today: date) -> Day:
    """What waits for a worker today. Four queries, and one where a case was left, however many cases."""
    contacts = list(_contacts(worker, today)[:MOST])
    return Day(
        overdue=tuple(case for case in contacts if case.next_contact_on and case.next_contact_on < today),
        due=tuple(case for case in contacts if case.next_contact_on == today),
        coming=tuple(case for case in contacts if case.next_contact_on and case.next_contact_on > today),
        referrals=tuple(_referrals(worker, today)[:MOST]),
        drafts=tuple(drafts_for(worker)[:MOST]),
        left=tuple(drafts_left(worker)[:MOST]),
    )


def _contacts(worker: Worker, today: date) -> QuerySet[Case]:
    until = today + timedelta(days=DAYS_AHEAD)
    waiting = own_cases(worker).exclude(state=Case.State.CLOSED).filter(next_contact_on__lte=until)
    return waiting.select_related("person").order_by("next_contact_on", "pk")


def _referrals(worker: Worker, today: date) -> QuerySet[Referral]:
    asked = Referral.objects.filter(case__in=own_cases(worker), ask_outcome_on__lte=today)
    return asked.select_related("case__person", "service").order_by("ask_outcome_on", "pk")
