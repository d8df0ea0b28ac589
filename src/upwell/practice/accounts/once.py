"""Two clicks that come at the same moment are one act."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError

Given = ParamSpec("Given")
Made = TypeVar("Made")


def once(action: Callable[Given, Made]) -> Callable[Given, Made]:
    """The mark of an action that first looks whether its row is there: put it above `@transaction.atomic`.

    Two at the same moment both look before either has written; the second then meets the database's own constraint. It
    looks again, and finds what the first has made.
    """

    @wraps(action)
    def looking_again(*args: Given.args, **given: Given.kwargs) -> Made:
        try:
            return action(*args, **given)
        except IntegrityError:
            return action(*args, **given)

    return looking_again
