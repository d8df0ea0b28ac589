"""What can be wrong with records: sentences about the world that say what to do next."""

from __future__ import annotations


class RecordsError(Exception):
    """Records cannot be read or asked. The message names file, line or column, never a person's value."""


class UnreadableError(RecordsError):
    """Nothing in the input can be read as case records; exit code 2."""


class VictimProviderError(RecordsError):
    """The input holds rows of a victim service provider, which may not be analysed with others."""
