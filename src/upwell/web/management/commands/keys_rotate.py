"""`keys_rotate`: a new key for encrypted fields, every field written anew under it; `--retire` drops the older keys."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from upwell.practice.person import rotation
from upwell.practice.person.fields import UnreadableFieldError
from upwell.practice.person.ring import ring_now
from upwell.state import rings

SECONDS_TO_RETIRE = 600
"""Seconds after which nothing still running can have begun to write with an older key."""


class Command(BaseCommand):
    """Rotate the key ring."""

    help = "Add a key and write every encrypted field anew. Begin it again after a crash. --retire drops older keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--resume, --retire."""
        parser.add_argument("--resume", action="store_true", help="go on under the newest key; add none")
        parser.add_argument("--retire", action="store_true", help="drop the older keys, when no field needs them")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """Rotate, go on, or retire."""
        home = Path(settings.UPWELL_HOME)
        columns = rotation.columns_of(apps.get_models())
        try:
            if options["retire"]:
                self._retire(home, columns)
            else:
                self._rotate(home, columns, add=not options["resume"])
        except UnreadableFieldError as error:
            raise CommandError(f"{error} Nothing was lost; every field written so far is readable.") from None

    def _rotate(self, home: Path, columns: list[rotation.Column], *, add: bool) -> None:
        # a run that was killed has left older keys in use: finish it rather than pile up keys
        unfinished = len(ring_now().keys) > 1 and any(map(rotation.fields_under_older_keys, columns))
        if add and not unfinished:
            rings.rotate(home)
        with _progress() as progress:
            written = sum(_reseal(progress, column) for column in columns)
        self.stdout.write(f"{written} fields are now under the newest key. Back up the key ring: {home / rings.FILE}")
        if len(ring_now().keys) > 1:
            self.stdout.write("In ten minutes or later, drop the older keys with: keys_rotate --retire")

    def _retire(self, home: Path, columns: list[rotation.Column]) -> None:
        if len(ring_now().keys) == 1:
            self.stdout.write("There is one key only; nothing to drop.")
            return
        if rings.seconds_since_change(home, now=time.time()) < SECONDS_TO_RETIRE:
            raise CommandError(
                "The newest key is younger than ten minutes: something may still write with an older one."
            )
        left = sum(map(rotation.fields_under_older_keys, columns))
        if left:
            raise CommandError(f"{left} fields are still under an older key. Run keys_rotate --resume first.")
        rings.retire(home)
        self.stdout.write("The older keys are dropped. Backups made before need the ring that was backed up with them.")


def _progress() -> Progress:
    words, left = TextColumn("{task.description}"), TimeRemainingColumn()
    return Progress(words, BarColumn(), TextColumn("{task.completed}/{task.total}"), left, console=Console(stderr=True))


def _reseal(progress: Progress, column: rotation.Column) -> int:
    task = progress.add_task(column.place, total=rotation.rows_of(column))
    return rotation.reseal(column, lambda rows: progress.advance(task, rows))
