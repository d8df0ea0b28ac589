"""What a view does when an action refuses: the reason is said where whoever asked will read it, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from upwell.practice.errors import PracticeError


@contextmanager
def said_on(form: forms.BaseForm) -> Iterator[None]:
    """What an action refuses is said on the form, and the page is shown again with everything that was written."""
    try:
        yield
    except PracticeError as error:
        form.add_error(None, str(error))


@contextmanager
def said_next(request: HttpRequest, tell: Callable[[HttpRequest, str], None] = messages.error) -> Iterator[None]:
    """What an action refuses is said on the next page; the view goes on behind it. tell: how loud."""
    try:
        yield
    except PracticeError as error:
        tell(request, str(error))
