"""Django's own commands for this application: `python -m upwell.web.manage`. People use `upwell serve` instead."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from upwell.state.errors import StateError
from upwell.web.database import DatabaseUrlError

CANNOT, BUG = 2, 3


def main() -> None:
    """Run the command that was named. This is a door: an error ends as a sentence, without values of anybody."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upwell.web.settings")
    os.umask(0o077)  # whatever is made in the state folder is its owner's alone
    try:
        execute_from_command_line(["upwell", *sys.argv[1:]])
    except (StateError, DatabaseUrlError) as error:
        _leave(str(error), CANNOT)
    except KeyboardInterrupt:
        _leave("Stopped.", 130)
    except Exception as error:
        if os.environ.get("UPWELL_DEBUG"):
            raise
        from upwell.web.said import sentence  # noqa: PLC0415 - needs Django, which may be what went wrong

        _leave(*sentence(error))


def _leave(words: str, code: int) -> None:
    print(words, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
