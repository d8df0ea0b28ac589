"""Make a backup: `manage backup_make FILE`, which `upwell backup` runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from upwell.web.backup.errors import BackupError
from upwell.web.backup.make import make
from upwell.web.backup.passphrase import asked

CANNOT = 2


class Command(BaseCommand):
    """Write everything into one sealed file."""

    help = "Write the database and the state folder into one file that only a passphrase opens."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """Make it, read it back, and say what it holds."""
        target = options["file"].expanduser().absolute()
        try:
            phrase = asked(os.environ, new=True)
            made = make(target, home=Path(settings.UPWELL_HOME), passphrase=phrase, now=timezone.now())
        except BackupError as error:
            self.stderr.write(str(error))
            sys.exit(CANNOT)
        self.stdout.write(
            f"{target}: {made.tables} tables and {made.files} files of the state folder, "
            f"{made.size / 1e6:.1f} MB, read back and whole. Keep it and its passphrase in two places."
        )
