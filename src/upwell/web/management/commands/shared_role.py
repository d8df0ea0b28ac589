"""Rights of the shared side's own database role: `manage shared_role upwell_shared [--apply]`. PostgreSQL only."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from upwell.web.shared_role import RoleNameError, apply, statements

CANNOT = 2


class Command(BaseCommand):
    """Print the grants, or apply them."""

    help = "Print (or --apply) the SQL that lets a PostgreSQL role reach shared tables only."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which role."""
        parser.add_argument("role")
        parser.add_argument("--apply", action="store_true", help="Run the statements instead of printing them.")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """Print or run; all or nothing."""
        try:
            wanted = list(statements(options["role"]))
        except RoleNameError as error:
            self._refuse(str(error))
        if not options["apply"]:
            self.stdout.write("\n".join(wanted))
            return
        if connection.vendor != "postgresql":
            self._refuse("Roles are PostgreSQL's: let DATABASE_URL name one. SQLite has a single file and no roles.")
        apply(wanted)
        self.stdout.write(f"{options['role']} reaches the shared tables now, and no case.")

    def _refuse(self, words: str) -> NoReturn:
        self.stderr.write(words)
        sys.exit(CANNOT)
