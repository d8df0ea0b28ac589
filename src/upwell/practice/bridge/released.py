"""The signed Release behind a number, verified whenever it is read."""

from __future__ import annotations

from functools import lru_cache

from upwell.evidence.disclosure.release import Release, SignatureError, Table, read
from upwell.practice.bridge import rules
from upwell.practice.bridge.models import Crossed, Figure
from upwell.practice.errors import PracticeError


def release_of(crossed: Crossed) -> Release:
    """The release in a row, its signature checked against the very bytes that lie there now.

    Raises PracticeError when the bytes were changed. Bytes that were checked once are not checked again.
    """
    try:
        return _verified(bytes(crossed.data), crossed.public_key)
    except SignatureError as error:
        raise PracticeError(str(error)) from error


def figure_table(figure: Figure) -> Table:
    """The released table in which a figure stands. Raises PracticeError when its release was changed."""
    return rules.table_of(release_of(figure.crossed), figure.table)


@lru_cache(maxsize=64)
def _verified(data: bytes, public_key: str) -> Release:
    return read(data, bytes.fromhex(public_key))
