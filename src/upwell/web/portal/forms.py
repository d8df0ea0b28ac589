"""What a client can answer on their own page."""

from __future__ import annotations

from django import forms


class AnswerForm(forms.Form):
    """An answer to one consent."""

    ACTS = (("give", "give"), ("decline", "decline"), ("back", "back"))
    consent = forms.UUIDField()
    act = forms.ChoiceField(choices=ACTS)


class UsefulForm(forms.Form):
    """How useful a word was."""

    word = forms.IntegerField(min_value=1, max_value=2**62)
    useful = forms.IntegerField(min_value=1, max_value=5)
