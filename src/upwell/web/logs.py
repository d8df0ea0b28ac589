"""Logs without personal data: for an exception its class and place, never its message or its values."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime


class BareFormatter(logging.Formatter):
    """One line an event. Arguments of foreign messages are left out: a path or a value may be somebody's."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger; words of our own loggers, of foreign ones only where the event was."""
        ours = record.name.split(".")[0] == "upwell"
        words = record.getMessage() if ours else f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1]:
            words = f"{words}: {place(record.exc_info[1])}" if ours else place(record.exc_info[1])
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        return f"{at} {record.levelname} {record.name}: {one_line(words)}"


def place(error: BaseException) -> str:
    """An exception as its class and the last place of ours that it passed, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "upwell" in frame.filename] or frames
    last = ours[-1] if ours else None
    where = f" at {'/'.join(last.filename.split('/')[-3:])}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{where}"


def one_line(words: str) -> str:
    """Without line breaks and other control characters, which could make one event look like two."""
    return "".join(sign if sign.isprintable() else " " for sign in words)
