"""Logs without personal data: for an exception its class and place, never its message or its values."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime


class BareFormatter(logging.Formatter):
    """One line an event. Arguments of foreign messages are left out: a path or a value may be somebody's."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, and words of our own loggers only."""
        words = record.getMessage() if record.name.startswith("upwell") else str(record.msg)
        if record.exc_info and record.exc_info[1]:
            words = _place(record.exc_info[1])
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        return f"{at} {record.levelname} {record.name}: {words}"


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "upwell" in frame.filename] or frames
    last = ours[-1] if ours else None
    where = f" at {'/'.join(last.filename.split('/')[-3:])}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{where}"
