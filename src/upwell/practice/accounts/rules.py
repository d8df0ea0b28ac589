"""Rules about workers that need no database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from upwell.practice.accounts.models import Role
from upwell.practice.errors import NotAllowedError

INVITATION_HOLDS = timedelta(days=7)


def invitation_is_open(*, accepted: datetime | None, expires: datetime, now: datetime) -> bool:
    """Whether the link still works: it was not used, and has not expired."""
    return accepted is None and now < expires


def check_somebody_administers(*, others: int, was: Collection[str], will_be: Collection[str], stays: bool) -> None:
    """An agency keeps at least one administrator.

    others: administrators beside this worker who can sign in. was, will_be: this worker's roles before and after.
    stays: whether this worker can still sign in afterwards. Raises NotAllowedError.
    """
    leaves = Role.ADMINISTRATOR in was and not (stays and Role.ADMINISTRATOR in will_be)
    if leaves and not others:
        raise NotAllowedError(_("Somebody must manage workers. Make another worker an administrator first."))
