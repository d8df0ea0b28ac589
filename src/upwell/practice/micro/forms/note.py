"""Forms for notes: one big box, a day, how we met."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upwell.practice.micro.forms.parts import KeyedForm, chips, day, text_box
from upwell.practice.micro.models import Draft, Note

LONGEST_NOTE = 100_000
LONGEST_DRAFT = 200_000
OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "form_key", "version", "window", "draft_kind", "do"})
"""Fields that steer a draft and are no part of what was written."""


class DraftForm(forms.Form):
    """What comes with every saving of a draft, beside what was written."""

    form_key = forms.UUIDField()
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    window = forms.UUIDField(required=False)
    draft_kind = forms.ChoiceField(choices=[("note", "note"), ("concern", "concern")])

    def clean(self) -> dict[str, Any]:
        """Refuse what no note can be as long as."""
        if len(json.dumps(self.written())) > LONGEST_DRAFT:
            raise forms.ValidationError(_("This is longer than a note can be. Keep the end of it somewhere else."))
        return self.cleaned_data

    def written(self) -> dict[str, str]:
        """Every other field of the page, as text."""
        return {name: str(value) for name, value in self.data.items() if name not in OWN_FIELDS}

    def told(self) -> dict[str, Any]:  # Any: each goes to the argument of its name
        """What `draft_save` is to keep, and where."""
        placed = {name: self.cleaned_data[name] for name in ("form_key", "version", "window")}
        return {"kind": self.cleaned_data["draft_kind"], "fields": self.written(), **placed}


class NoteForm(KeyedForm):
    """A note. version, window: which draft the page goes on from, so that two windows never write over each other."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1, initial=0)
    window = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = text_box(_("What happened"), limit=LONGEST_NOTE, rows=12)
    kind = chips(_("How we met"), Note.Kind.choices)
    on = day(_("Day"), help_text=_("The day it happened. If that was earlier, both days are shown."))

    def clean_version(self) -> int:
        """0 where nothing was saved before."""
        return self.cleaned_data["version"] or 0

    def clean_on(self) -> date | None:
        """It has happened."""
        return self.past_day("on")


class AmendForm(KeyedForm):
    """A correction, kept beside the note."""

    text = text_box(
        _("What should be put right"),
        limit=10_000,
        help_text=_("The note stays as it was written. Your words stand beside it, with your name and today's date."),
    )


def initial_of(draft: Draft) -> dict[str, Any]:
    """A draft as the beginning of a form: what was written, and where its saving goes on from."""
    written: dict[str, Any] = json.loads(draft.fields or "{}")
    return written | {"form_key": draft.form_key, "version": draft.version}
