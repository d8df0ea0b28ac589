"""What can be wrong with the agency's own folder: sentences that say what to do next."""

from __future__ import annotations


class StateError(Exception):
    """The state folder cannot be used as it is. The message names a file of ours, never a person's value."""


class SecondLedgerError(StateError):
    """A release would begin a second ledger for a source that has one already."""
