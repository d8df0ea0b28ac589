"""Forms of one tap: how useful a word was, whether a practice note fits a case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class UsefulForm(forms.Form):
    """1 (not) to 5 (very)."""

    useful = forms.IntegerField(label=_("Useful?"), min_value=1, max_value=5)


class LookForm(forms.Form):
    """What a worker says of a practice note for one case."""

    said = forms.ChoiceField(choices=[("looked", "looked"), ("used", "used"), ("not", "not")])

    def used(self) -> bool | None:
        """Whether it helped; None where the worker only looked."""
        return {"used": True, "not": False}.get(self.cleaned_data["said"])
