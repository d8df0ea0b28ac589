"""The client's own door: a code opens it; guessing is slowed; wrong, shut and replaced codes get the same answer."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from upwell.practice.errors import NotAllowedError
from upwell.practice.person import codes
from upwell.practice.person.actions import portal_miss, portal_open
from upwell.practice.person.models import CodeMiss, PortalAccess

WINDOW = timedelta(minutes=15)
MISSES_A_SOURCE = 10
"""Wrong codes from one place in a window. A tired person with a phone needs three or four."""
MISSES_IN_ALL = 1000
"""Wrong codes from everywhere in a window. With 59 bits and 100,000 codes one guess in 5 * 10**12 would hit: at this
pace one hit in a hundred thousand years, and nobody is shut out by a neighbour's mistakes."""


class WrongCodeError(NotAllowedError):
    """The code opens nothing."""


class TooManyTriesError(NotAllowedError):
    """Too many wrong codes; the right one must wait as well, or the limit would be none."""


def enter(*, code: str, address: str, now: datetime) -> PortalAccess:
    """The access that a code opens. address: where the request came from.

    Raises TooManyTriesError or WrongCodeError. A right and a wrong code cost the same: one digest, one look.
    """
    source = codes.source(address)
    recent = CodeMiss.objects.filter(at__gt=now - WINDOW)
    if recent.filter(source=source).count() >= MISSES_A_SOURCE or recent.count() >= MISSES_IN_ALL:
        raise TooManyTriesError("There were too many wrong codes. Wait a quarter of an hour, then try again.")
    digest = codes.digest(code)
    access = PortalAccess.objects.select_related("person__agency").filter(code_sha256=digest).first()
    fits = hmac.compare_digest(access.code_sha256 if access else "", digest)
    if access is None or access.shut or not fits:
        portal_miss(source=source, at=now)
        raise WrongCodeError("This code opens nothing.")
    return portal_open(access=access, at=now)


def access_with(handle: UUID) -> PortalAccess | None:
    """The access a session holds the handle of, unless it was shut or replaced since."""
    return PortalAccess.objects.select_related("person__agency").filter(handle=handle, shut=False).first()
