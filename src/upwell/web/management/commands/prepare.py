"""All that must be there before the server starts: `manage prepare`, which `upwell serve` runs each time."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Tables, files for the browser, and somebody who can sign in."""

    help = "Bring the tables up to date, collect the files for browsers, make the first administrator."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        """One process for the three: each start of Python and Django costs a second."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("first_administrator")
