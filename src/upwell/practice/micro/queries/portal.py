"""What a client may read on their own page: the plan, what became of what they told, what taking back has stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upwell.practice.accounts.models import Worker
from upwell.practice.bridge.models import Issue
from upwell.practice.bridge.stages import PLAIN
from upwell.practice.micro.models import Case, Concern, Goal, Referral, Word
from upwell.practice.micro.queries.case import workers_of
from upwell.practice.person.consent_words import WORDS
from upwell.practice.person.models import Consent, Person
from upwell.practice.person.queries import consents_that_hold, has_consent

AT_LEAST = (1000, 500, 200, 100, 50, 20)
"""The only numbers of people a client is told, each as "at least". Under the last there is none."""


@dataclass(frozen=True)
class Plan:
    """One case, as its person reads it."""

    case: Case
    workers: Sequence[Worker]
    goals: Sequence[Goal]
    reached: Sequence[Goal]


@dataclass(frozen=True)
class Told:
    """A word that came back. at_least: a round number of people, None where none may be said. is_one: counted among."""

    word: Word
    stage: str | Promise
    at_least: int | None
    is_one: bool


def plan_for(person: Person) -> list[Plan]:
    """A person's open cases with the goals, each side's next step and who works with them. Two queries a case."""
    plans = []
    for case in Case.objects.filter(person=person).exclude(state=Case.State.CLOSED):
        goals = list(case.goals.all())
        plans.append(
            Plan(
                case=case,
                workers=list(workers_of(case)),
                goals=[goal for goal in goals if goal.state == Goal.State.ACTIVE],
                reached=[goal for goal in goals if goal.state in {Goal.State.MET, Goal.State.PARTLY}],
            )
        )
    return plans


def concerns_of(person: Person) -> QuerySet[Concern]:
    """What a person told that may have a rule behind it, newest first."""
    return Concern.objects.filter(case__person=person).select_related("issue")


def words_of(person: Person, on: date) -> QuerySet[Word]:
    """The words for a person, newest first; none unless they agree, at this moment, to be told."""
    if not has_consent(person, Consent.Purpose.TELL, on):
        return Word.objects.none()
    return Word.objects.filter(concern__case__person=person, to=Word.To.PERSON).select_related(
        "reply__issue", "concern__case__agency"
    )


def words_for(person: Person, on: date) -> list[Told]:
    """The words for a person as they may be told, with "at least so many people" where that may be said."""
    words = list(words_of(person, on))
    numbers = _released({word.reply.issue_id for word in words})
    counted_since = _counted_since(person, on)
    told = []
    for word in words:
        at_least, released_on = numbers.get(word.reply.issue_id, (None, None))
        is_one = counted_since is not None and released_on is not None and counted_since <= released_on
        told.append(Told(word, PLAIN[word.reply.stage], at_least, is_one and word.concern.issue_id is not None))
    return told


def round_down(people: int) -> int | None:
    """The largest number of AT_LEAST that is not more than the people; None under the smallest."""
    return next((number for number in AT_LEAST if people >= number), None)


def stopped_by(consent: Consent) -> list[str]:
    """What taking a consent back has stopped, in sentences for the person and the worker alike."""
    stopped = [str(WORDS[consent.purpose].stops)]
    if consent.purpose == Consent.Purpose.SHARE:
        waiting = Referral.objects.filter(consent=consent, state=Referral.State.SENT).select_related("service")
        stopped += [
            _("Sent to %(service)s: we tell them nothing more.") % {"service": each.service} for each in waiting
        ]
    if consent.purpose == Consent.Purpose.COUNT:
        told = concerns_of(consent.person).count()
        if told:
            one_or_more = ngettext(
                "%(told)d thing you told is no longer counted.",
                "%(told)d things you told are no longer counted.",
                told,
            )
            stopped.append(one_or_more % {"told": told})
    return stopped


def _released(issues: set[UUID]) -> dict[UUID, tuple[int | None, date | None]]:
    """Issue -> (round number of people with the trouble, day it was released), from released figures. One query."""
    found = Issue.objects.filter(pk__in=issues).annotate(
        most=Max("figures__with_trouble"), newest=Max("figures__crossed__received_on")
    )
    return {issue.pk: (round_down(issue.most or 0), issue.newest) for issue in found}


def _counted_since(person: Person, on: date) -> date | None:
    """Since which day a person has agreed, without a break, to be counted."""
    held = consents_that_hold(Consent.Purpose.COUNT, on).filter(person=person).order_by("given_at").first()
    return timezone.localdate(held.given_at) if held and held.given_at else None
