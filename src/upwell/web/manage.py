"""Django's own commands for this application: `python -m upwell.web.manage`. People use `upwell serve` instead."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command that was named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upwell.web.settings")
    execute_from_command_line(["upwell", *sys.argv[1:]])


if __name__ == "__main__":
    main()
