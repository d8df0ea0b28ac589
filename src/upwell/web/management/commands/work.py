"""The job worker: `manage work`. `upwell serve` starts it beside the web server."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from threading import Event
from typing import Any
from uuid import uuid4

from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from upwell.practice.accounts import notify, sealing
from upwell.practice.micro.caseload import files
from upwell.practice.micro.crossing import pending
from upwell.practice.person.over import consents_expire
from upwell.web import jobs
from upwell.web.cache import SharedFiles

log = logging.getLogger("upwell.web.work")
PAUSE = 2.0
"""Seconds between two looks at what is due."""
Step = tuple[float, Callable[[], object]]


class Command(BaseCommand):
    """Do what is due, every two seconds, until asked to stop."""

    help = "Run jobs, gather what is due, seal the audit: until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Once, or until stopped."""
        parser.add_argument("--once", action="store_true", help="Do everything that is due, then end.")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """Work, as the only worker of this state folder."""
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        try:
            with jobs.alone():
                _work(stop, once=options["once"])
        except jobs.AlreadyAtWorkError:
            raise CommandError("Another job worker is at work for this state folder; one is enough.") from None


def _work(stop: Event, *, once: bool) -> None:
    if left := jobs.recover():
        log.info("Put back %d jobs that were cut off", left)
    runner = jobs.Runner(uuid4().hex)
    steps: list[Step] = [(0, jobs.beat), (0, _sweep), (0, runner.run), (60, _mail), (180, sealing.seal), (3600, _tidy)]
    due = [0.0] * len(steps)
    while not stop.is_set():
        for number, (every, step) in enumerate(steps):
            if not stop.is_set() and time.monotonic() >= due[number]:
                _safely(step)
                due[number] = time.monotonic() + every
        if once:
            return
        stop.wait(PAUSE)


def _safely(step: Callable[[], object]) -> None:
    """One step that fails must not end the others: it is tried again at the next turn."""
    try:
        step()
    except Exception:  # the door of the worker: whatever it was, the next turn tries again
        log.exception("A step of the job worker failed")
        close_old_connections()


def _sweep() -> None:
    pending.sweep(timezone.now())


def _mail() -> None:
    notify.mail_waiting(timezone.now())


def _tidy() -> None:
    jobs.forget_finished()
    files.tidy()
    SessionStore.clear_expired()
    consents_expire(now=timezone.now())
    if isinstance(shared := caches["default"], SharedFiles):
        shared.drop_expired()
