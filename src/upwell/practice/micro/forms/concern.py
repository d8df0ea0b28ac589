"""Forms for a concern, and for what a team says to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.micro.forms.about import CodedForm
from upwell.practice.micro.forms.parts import text_box

BOX = 1000
"""Most characters of each of the two boxes."""


class Box(forms.CharField):
    """A bounded box for sentences; a line break is one character, whatever the browser sends."""

    def to_python(self, value: Any) -> str:  # Any: Django's own signature
        """The text with plain line breaks."""
        return super().to_python(str(value).replace("\r\n", "\n") if value else value) or ""


def _box(label: Any, *, help_text: Any = "", required: bool = True) -> Box:  # Any: words now or later translated
    widget = forms.Textarea(attrs={"rows": 4})
    return Box(label=label, help_text=help_text, required=required, max_length=BOX, widget=widget)


class ConcernForm(CodedForm):
    """A concern. note, call: where it came from. version, window: which draft the page goes on from."""

    note = forms.UUIDField(required=False, widget=forms.HiddenInput)
    call = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, initial=0)
    window = forms.UUIDField(required=False, widget=forms.HiddenInput)
    problem = _box(_("What is the problem?"))
    impact = _box(_("What does it do to people?"), required=False)


class AcknowledgeForm(forms.Form):
    """One sentence to whoever raised the concerns that are ticked."""

    words = text_box(_("One sentence to whoever raised them"), limit=300, rows=2)
    concerns = forms.TypedMultipleChoiceField(label=_("Concerns"), coerce=str)

    def __init__(self, *args: Any, concerns: list[str], **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["concerns"].choices = [(key, key) for key in concerns]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """How a concern could be answered in the case itself."""

    words = text_box(
        _("Your answer"),
        limit=300,
        rows=2,
        help_text=_("It goes to whoever raised it, and stays inside the agency."),
    )
