"""What can go wrong in practice: sentences that say what to do next, and never hold a person's value."""

from __future__ import annotations


class PracticeError(Exception):
    """The act cannot be done as asked. The message is fit for the person who asked; it is shown on the page."""


class NotAllowedError(PracticeError):
    """Who asked may not do this, or not now."""


class ChangedMeanwhileError(PracticeError):
    """Somebody else changed the same thing first. Nothing was written."""
