"""Word back: a reply of the bridge reaches everyone whose concern belongs to its issue. The bridge never learns who."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from upwell.practice.accounts import notify
from upwell.practice.bridge.models import Issue, Reply, Stage
from upwell.practice.micro.actions.concern import concern_return
from upwell.practice.micro.crossing.gather import Progress, today_of
from upwell.practice.micro.crossing.join import join_matching
from upwell.practice.micro.models import Concern, Outbox, Word
from upwell.practice.person import contact
from upwell.practice.person.models import Consent, ContactSent, Person
from upwell.practice.person.queries import has_consent

LAST = frozenset({Stage.RETURN, Stage.FELT})


def deliver(*, outbox: Outbox) -> None:
    """Deliver one reply: to each worker, and to each person who agrees now to be told. Each of them once, ever.

    May be stopped between any two rows and run again: what is there stays, what is missing is added.
    """
    reply = Reply.objects.select_related("issue__statement", "issue__agency").get(pk=outbox.target)
    if reply.issue.agency_id != outbox.agency_id:
        return
    tell, today = Progress(outbox), today_of(outbox.agency)
    join_matching(reply.issue, outbox.agency)
    concerns = Concern.objects.filter(issue=reply.issue, case__agency=outbox.agency).order_by("pk")
    keys = list(concerns.values_list("pk", flat=True))
    for at, key in enumerate(keys):
        _deliver_one(Concern.objects.select_related("case__person", "by").get(pk=key), reply, today)
        tell("", at / len(keys))
    _reach_people(reply, outbox)


def ends(reply: Reply) -> bool:
    """Whether this is the last word of its issue for now: told to everyone, felt, closed or not won."""
    closed = reply.issue.state == Issue.State.CLOSED
    return closed or reply.stage in LAST or reply.kind == Reply.Kind.LOSS


@transaction.atomic
def _deliver_one(concern: Concern, reply: Reply, today: date) -> None:
    last = ends(reply)
    if concern.wants_reply or last:  # nothing ends in silence
        _, is_new = Word.objects.get_or_create(
            concern=concern, reply=reply, to=Word.To.WORKER, defaults={"delivered_at": timezone.now()}
        )
        if is_new:
            notify.tell(concern.by, "reply")
    if has_consent(concern.case.person, Consent.Purpose.TELL, today):
        Word.objects.get_or_create(
            concern=concern, reply=reply, to=Word.To.PERSON, defaults={"delivered_at": timezone.now()}
        )
    if last and concern.state in (Concern.State.JOINED, Concern.State.ANSWERED):
        concern_return(concern=concern)


def _reach_people(reply: Reply, outbox: Outbox) -> None:
    """Try to tell each person who has a word of this reply that something is new: one message, however many concerns.

    A message that was tried since the word came is not tried again; the sender writes its row before it sends.
    """
    words = Word.objects.filter(reply=reply, to=Word.To.PERSON, concern__case__agency=outbox.agency)
    first: dict[object, Word] = {}
    for word in words.order_by("delivered_at", "pk").select_related("concern__case"):
        first.setdefault(word.concern.case.person_id, word)
    for person in Person.objects.filter(pk__in=list(first)).select_related("agency").order_by("pk"):
        since = first[person.pk].delivered_at
        tried = ContactSent.objects.filter(person=person, about="word", at__gte=since).exists()
        if not tried and has_consent(person, Consent.Purpose.TELL, today_of(outbox.agency)):
            contact.send(person=person, about="word", now=timezone.now())
