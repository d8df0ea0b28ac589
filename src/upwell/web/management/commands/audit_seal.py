"""Seal the audit: `manage audit_seal`. The job worker does it every few minutes by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from upwell.practice.accounts import sealing


class Command(BaseCommand):
    """Seal what has come to rest."""

    help = "Seal what was added to the audit since the last seal."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """Do it, and say how many rows."""
        self.stdout.write(f"{sealing.seal()} rows sealed.")
