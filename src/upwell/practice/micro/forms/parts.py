"""Parts that several forms share: chips, days, and the key that makes a double click one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from upwell.practice.errors import NotAllowedError
from upwell.practice.micro import rules

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise
EARLIEST = date(1900, 1, 1)


class KeyedForm(forms.Form):
    """A form that is sent once, however often somebody presses the button. today: the worker's own day."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # Any: Django's own signature
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_form_key(self) -> UUID:
        """The key sent with the form; a form that came without one gets its own."""
        return self.cleaned_data["form_key"] or uuid4()

    def past_day(self, name: str) -> date | None:
        """A day of the form that has come already."""
        day: date | None = self.cleaned_data[name]
        if day is None:
            return None
        if day < EARLIEST:
            raise ValidationError(_("This day is too long ago."))
        try:
            rules.check_day(day, self.today)
        except NotAllowedError as error:
            raise ValidationError(str(error)) from error
        return day


class Chips(forms.RadioSelect):
    """Radio buttons drawn as chips. The class belongs to the group, not to each button."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "chips"})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # Any: Django's own signature
        """As Django makes it, without the group's class."""
        option = super().create_option(*args, **kwargs)
        option["attrs"].pop("class", None)
        return option


def chips(label: Words, choices: Sequence[tuple[Any, Words]], *, help_text: Words = "", required: bool = True) -> Any:
    """A choice of one, drawn as chips."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        help_text=help_text,
        required=required,
        widget=Chips(),
    )


def scale(label: Words, choices: Sequence[tuple[int, Words]], *, help_text: Words = "") -> Any:
    """A number from 0 to 4, each with its word, drawn as chips."""
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        help_text=help_text,
        widget=Chips(),
    )


def day(label: Words, *, help_text: Words = "", required: bool = True) -> Any:
    """A day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def text_box(label: Words, *, limit: int, rows: int = 4, help_text: Words = "", required: bool = True) -> Any:
    """A box for sentences. limit: most characters."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
