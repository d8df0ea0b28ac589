"""People opt in by their own act, say whether an issue is as it was written, and leave when they want."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from upwell.practice.accounts import audit
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.once import once
from upwell.practice.bridge.models import Issue
from upwell.practice.errors import ChangedMeanwhileError, NotAllowedError
from upwell.practice.mezzo.organizing import queries, rules
from upwell.practice.mezzo.organizing.models import Confirmation, Door, Supporter
from upwell.practice.mezzo.organizing.queries import Entrance


@dataclass(frozen=True)
class Joined:
    """Somebody who opted in, and the code with which they can leave: it is kept nowhere."""

    supporter: Supporter
    code: str


@transaction.atomic
def door_open(*, issue: Issue, by: Worker) -> Door:
    """Make the public page on which people say whether an issue is as it was written. There is one an issue."""
    door, is_new = Door.objects.get_or_create(issue=issue, defaults={"agency": issue.agency})
    if is_new:
        audit.record(by, "door.open", door)
    return door


@once
@transaction.atomic
def join(
    *,
    at: Entrance,
    called: str,
    reach: str,
    language: str,
    lives_with_it: bool,
    says: str,
    words: str,
    form_key: UUID,
) -> Joined:
    """Opt in at a public page. The same form sent twice is one supporter, with the same code."""
    code = _code(form_key)
    supporter = Supporter.objects.filter(form_key=form_key).first()
    if supporter is not None:
        return Joined(supporter, code)
    if not at.is_open:
        raise ChangedMeanwhileError(_("This initiative has ended. Thank you for coming."))
    if queries.joined_today(at.agency) >= rules.MOST_JOIN_A_DAY:
        raise NotAllowedError(_("Very many people joined here today. Please come back tomorrow."))
    supporter = Supporter.objects.create(
        agency=at.agency,
        called=called,
        reach=reach,
        language=language,
        lives_with_it=lives_with_it,
        opted_in_at=timezone.now(),
        leave_sha256=_digest(code),
        form_key=form_key,
    )
    if at.initiative is not None:
        at.initiative.supporters.add(supporter)
    else:
        Door.objects.get(link=at.link).supporters.add(supporter)
    if says:
        Confirmation.objects.create(
            issue=at.issue, supporter=supporter, says=says, words=words, on=timezone.localdate()
        )
    audit.record(None, "supporter.join", supporter, actor="visitor", agency=at.agency)
    return Joined(supporter, code)


@transaction.atomic
def leave(*, code: str) -> Supporter:
    """Leave by the own code: the name, how to reach and the words are erased at once. Leaving twice is leaving once.

    Raises NotAllowedError for a code that nobody has.
    """
    supporter = Supporter.objects.select_for_update().filter(leave_sha256=_digest(code)).first()
    if supporter is None:
        raise NotAllowedError(_("Nobody joined with this code. Look at each letter again."))
    _erase(supporter)
    audit.record(None, "supporter.leave", supporter, actor="visitor", agency=supporter.agency)
    return supporter


@transaction.atomic
def supporter_erase(*, supporter: Supporter, by: Worker) -> Supporter:
    """Erase somebody who asked to leave and has lost the code."""
    _erase(supporter)
    audit.record(by, "supporter.erase", supporter)
    return supporter


def _erase(supporter: Supporter) -> None:
    if supporter.left_at is not None:
        return
    supporter.called, supporter.reach, supporter.left_at = "", "", timezone.now()
    supporter.save(update_fields=["called", "reach", "left_at"])
    supporter.initiatives.clear()
    supporter.doors.clear()
    supporter.confirmations.all().delete()


def _code(form_key: UUID) -> str:
    """60 bits from the form's own key and the server's secret: a form sent twice shows the same code again."""
    letters = b32encode(salted_hmac("upwell.organizing.leave", form_key.hex, algorithm="sha256").digest()).decode()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
