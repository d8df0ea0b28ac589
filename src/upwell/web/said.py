"""What a command of the application says of an error: what happened and what to do, and nothing of anybody."""

from __future__ import annotations

from django.db import DatabaseError, OperationalError

from upwell.web.logs import place

CANNOT, BUG = 2, 3


def sentence(error: Exception) -> tuple[str, int]:
    """The words, and the exit code that goes with them."""
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror or 'The system refused'}{where}. Free some space or name another place.", CANNOT
    if isinstance(error, OperationalError):
        return (
            f"The database cannot be used now ({place(error)}). Check that its server runs, that DATABASE_URL names "
            "it, and that its disk has room.",
            CANNOT,
        )
    kind = "in the database" if isinstance(error, DatabaseError) else "that should not"
    return f"Something went wrong {kind} ({place(error)}). Please report this line; it holds nothing of anybody.", BUG
