"""Processor seconds of this process and of its children that have ended."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Clock:
    """seconds: spent so far."""

    seconds: float = 0.0


@contextmanager
def running(clock: Clock | None = None) -> Iterator[Clock]:
    """Adds the seconds spent inside to a clock."""
    clock = Clock() if clock is None else clock
    begun = _spent()
    try:
        yield clock
    finally:
        clock.seconds += _spent() - begun


def _spent() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)
