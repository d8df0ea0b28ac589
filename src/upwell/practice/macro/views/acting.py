"""What every form page of macro shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from upwell.practice.errors import PracticeError


@contextmanager
def said_on(form: forms.Form) -> Iterator[None]:
    """What an action refuses is said on the form, and the page is shown again with everything that was written."""
    try:
        yield
    except PracticeError as error:
        form.add_error(None, str(error))
