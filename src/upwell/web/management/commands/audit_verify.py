"""Check the audit: `manage audit_verify`. Exit code 1 when a row or a seal was changed, deleted or moved."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from upwell.practice.accounts import sealing


class Command(BaseCommand):
    """Check the hash chain over the audit."""

    help = "Check that no row of the audit was changed or deleted after it was sealed."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """Say what was checked, and name the first broken batch."""
        report = sealing.verify()
        self.stdout.write(
            f"{report.entries} rows in {report.seals} sealed batches are as they were written; "
            f"{report.unsealed} rows wait to be sealed. "
            f"{report.anchored} seals also stand in the state folder."
        )
        if report.broken:
            self.stderr.write(f"The chain is broken. {report.broken}")
            sys.exit(1)
