"""Words that come back: delivered once each, seen, and said to be of use or not; and practice notes looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.bridge.models import Reply
from upwell.practice.errors import NotAllowedError
from upwell.practice.micro.actions.concern import concern_return
from upwell.practice.micro.models import Concern, NoteMatch, TeamWord, Word


@transaction.atomic
def word_deliver(*, concern: Concern, reply: Reply, to: str, at: datetime) -> Word:
    """A reply reaches the worker or the person of a concern. Delivered again, it is the word that is there."""
    word, is_new = Word.objects.get_or_create(concern=concern, reply=reply, to=to, defaults={"delivered_at": at})
    if is_new:
        audit.record(None, "word.deliver", word, subject=concern.case.person_id, agency=concern.case.agency)
    return word


@transaction.atomic
def word_seen(*, word: Word, at: datetime, by: Worker | None = None) -> Word:
    """Whoever it is for has read it. by: None where it is the person, on their own page."""
    if word.seen_at is None:
        word.seen_at = at
        word.save(update_fields=["seen_at"])
        case = word.concern.case
        actor = "worker" if by else "client"
        audit.record(by, "word.seen", word, subject=case.person_id, agency=case.agency, actor=actor, fields=["seen_at"])
    return word


@transaction.atomic
def word_rate(*, word: Word, useful: int, by: Worker | None = None) -> Word:
    """How useful the word was, 1 (not) to 5 (very). Said again, the newer holds."""
    if useful not in range(1, 6):
        raise NotAllowedError(_("Say how useful it was with a number from 1 to 5."))
    word.useful = useful
    word.save(update_fields=["useful"])
    case = word.concern.case
    actor = "worker" if by else "client"
    audit.record(by, "word.rate", word, subject=case.person_id, agency=case.agency, actor=actor, fields=["useful"])
    return word


@transaction.atomic
def team_words_seen(*, words: Iterable[TeamWord], at: datetime, by: Worker) -> None:
    """Whoever raised the concerns has read what the team said. An answer that was read ends its concern."""
    for word in words:
        if word.seen_at is not None:
            continue
        word.seen_at = at
        word.save(update_fields=["seen_at"])
        audit.record(by, "team_word.seen", word, subject=word.concern.case.person_id, fields=["seen_at"])
        if word.kind == TeamWord.Kind.ANSWER and word.concern.state == Concern.State.ANSWERED:
            concern_return(concern=word.concern, by=by)


@transaction.atomic
def match_look(*, match: NoteMatch, by: Worker, at: datetime, used: bool | None = None) -> NoteMatch:
    """A worker looked at a practice note for a case. used: True it helped, False not for this case, None looked."""
    match.looked_at = match.looked_at or at
    if used is not None:
        match.used = used
    match.save(update_fields=["looked_at", "used"])
    audit.record(by, "match.look", match, subject=match.case.person_id, fields=["looked_at", "used"])
    return match
